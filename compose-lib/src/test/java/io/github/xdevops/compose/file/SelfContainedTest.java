package io.github.xdevops.compose.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.file.load.ComposeSource;
import io.github.xdevops.compose.file.mount.MountedEntry;
import io.github.xdevops.compose.file.mount.MountedFiles;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfContainedTest {

    @TempDir
    Path root;

    private Path project = Path.of("");
    private Projects files = new Projects(project);

    @BeforeEach
    void makeProject() throws Exception {
        project = Files.createDirectory(root.resolve("project"));
        files = new Projects(project);
    }

    private ComposeFile carried(String compose) {
        return files.with("compose.yaml", compose).load().selfContained(project);
    }

    private void refused(String compose, String message) {
        assertThatThrownBy(() -> carried(compose))
                .isInstanceOf(ComposeFileException.class)
                .hasMessage(message);
    }

    @Test
    void aMountedFileLiesBesideTheComposeFileUnderAHash() throws Exception {
        files.with("conf/nginx.conf", "listen $port;\n");
        Files.setPosixFilePermissions(project.resolve("conf/nginx.conf"), PosixFilePermissions.fromString("rwxr-x---"));
        ComposeFile file = carried("services: {web: {image: a, volumes: ['./conf/nginx.conf:/etc/nginx.conf:ro']}}");
        MountedFiles mounted = file.files().get(0);
        assertThat(mounted.name()).matches("file-conf-nginx-conf-[0-9a-f]{16}");
        assertThat(file.text()).isEqualTo("""
                        services:
                          web:
                            image: "a"
                            volumes:
                              - source: "./files/%s/content"
                                type: "bind"
                                target: "/etc/nginx.conf"
                                read_only: true
                            networks:
                              default: null
                        networks:
                          default: {}
                        """.formatted(mounted.name()));
        assertThat(mounted.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.text()).contains("listen $port;\n");
            assertThat(entry.attributes().mode()).isEqualTo(0750);
        });
    }

    @Test
    void aMountBelowAnotherIsAsItWasWritten() {
        files.with("site/index.html", "hi").with("page.html", "mine");
        ComposeFile file = carried(
                "services: {web: {image: a, tmpfs: [/www/tmp], volumes: ['./page.html:/www/index.html', './site:/www/', 'more:/www/data']}}\n"
                        + "volumes: {more: }");
        assertThat(file.text())
                .contains("target: \"/www/index.html\"", "target: \"/www\"", "target: \"/www/data\"", "- \"/www/tmp\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "volumes: ['./page.html:/x'], configs: [{source: c, target: /x/}] | services.web.configs[0]: /x is the target of services.web.volumes[0] as well",
                "secrets: [s, {source: s, target: /run/secrets/./s}] | services.web.secrets[1]: /run/secrets/s is the target of services.web.secrets[0] as well",
                "volumes: ['data:/x/y', './page.html:/x'] | services.web.volumes[0]: /x/y is below /x, where services.web.volumes[1] mounts a file",
            })
    void mountsThatDockerCannotMakeTogetherAreNamed(String mounts, String message) {
        files.with("page.html", "mine");
        assertThatThrownBy(() -> carried("services: {web: {image: a, " + mounts + "}}\n"
                        + "configs: {c: {content: x}}\nsecrets: {s: {file: page.html}}\nvolumes: {data: }\n"))
                .isInstanceOf(ComposeFileException.class)
                .hasMessageContaining(message + "; change one of them");
    }

    @Test
    void aMountedDirectoryIsAVolumeWithAllThatIsInIt() throws Exception {
        files.with("html/index.html", "hi").with("html/css/a.css", "").with("html/.gitkeep", "");
        Files.write(project.resolve("html/logo"), new byte[] {1, 0, (byte) 0xff});
        Files.createSymbolicLink(project.resolve("html/link"), Path.of("../../outside"));
        ComposeFile file =
                carried("services: {web: {image: a, volumes: ['./html:/srv', 'data:/data']}}\nvolumes: {data: }");
        MountedFiles mounted = file.files().get(0);
        assertThat(Trees.map(file.tree(), "volumes").keySet()).isEqualTo(Set.of("data", mounted.name()));
        assertThat(file.text()).contains("""
                              - source: "%s"
                                type: "volume"
                                target: "/srv"
                                volume:
                                  nocopy: true
                        """.formatted(mounted.name()).indent(0));
        assertThat(mounted.entries())
                .extracting(MountedEntry::toString)
                .containsExactly(
                        "DIRECTORY ",
                        "FILE .gitkeep",
                        "DIRECTORY css",
                        "FILE css/a.css",
                        "FILE index.html",
                        "LINK link",
                        "FILE logo");
    }

    @Test
    void theNameChangesWithContentModeAndNamesAndWithNothingElse() throws Exception {
        files.with("d/a.txt", "1");
        var compose = "services: {web: {image: a, volumes: ['./d:/d']}}";
        var first = carried(compose).files().get(0).name();
        Files.setLastModifiedTime(project.resolve("d/a.txt"), java.nio.file.attribute.FileTime.fromMillis(1000));
        assertThat(carried(compose).files().get(0).name()).isEqualTo(first);
        files.with("d/a.txt", "2");
        var second = carried(compose).files().get(0).name();
        Files.setPosixFilePermissions(project.resolve("d/a.txt"), PosixFilePermissions.fromString("rwxr-x---"));
        var third = carried(compose).files().get(0).name();
        Files.move(project.resolve("d/a.txt"), project.resolve("d/b.txt"));
        assertThat(Set.of(first, second, third, carried(compose).files().get(0).name()))
                .hasSize(4);
    }

    @Test
    void twoServicesShareWhatTheyBothMountAndNothingThatOnlyLooksLikeIt() {
        files.with("a.txt", "a").with("b.txt", "a").with("a b/x", "1").with("a-b/x", "1");
        ComposeFile file = carried("services: {x: {image: a, volumes: ['./a.txt:/1', './b.txt:/3', './a b:/4']},"
                + " y: {image: a, volumes: ['./a.txt:/2', './a-b:/5']}}");
        assertThat(file.files()).hasSize(4);
    }

    @Test
    void aDirectoryThatTheProjectLacksIsEmptyAsForDockerCompose() {
        ComposeFile file = carried("services: {web: {image: a, volumes: ['./data:/data']}}");
        assertThat(file.files()).singleElement().satisfies(mounted -> {
            assertThat(mounted.isDirectory()).isTrue();
            assertThat(mounted.entries()).extracting(MountedEntry::path).containsExactly("");
        });
        assertThat(file.warnings())
                .containsExactly("compose.yaml:1:38: services.web.volumes[0]: data is not in the project, so an empty"
                        + " directory is mounted, as Docker Compose does");
        refused(
                "services: {web: {image: a, volumes: [{type: bind, source: ./data, target: /x, bind: {create_host_path: false}}]}}",
                "compose.yaml:1:38: services.web.volumes[0]: there is no file data");
    }

    @Test
    void variablesOfFilesAreInTheEnvironment() {
        files.with("a.env", "A=1\nB=\"$x\"\n");
        assertThat(Trees.map(
                        carried("services: {web: {image: a, env_file: a.env, environment: {A: 2}}}")
                                .tree(),
                        "services",
                        "web",
                        "environment"))
                .isEqualTo(Map.of("A", "2", "B", ""));
    }

    @Test
    void aSecretIsAMountWithTheModeAndOwnerThatItsServiceAsksFor() throws Exception {
        files.with("s.txt", "hush");
        Files.setPosixFilePermissions(project.resolve("s.txt"), PosixFilePermissions.fromString("rw-------"));
        ComposeFile file = carried(
                "services: {web: {image: a, secrets: [s, {source: s, target: other, mode: 0400, uid: '70'}]}}\nsecrets: {s: {file: s.txt}}");
        assertThat(file.tree()).doesNotContainKeys("secrets", "configs");
        assertThat(file.text())
                .contains("target: \"/run/secrets/s\"", "target: \"/run/secrets/other\"", "read_only: true")
                .doesNotContain("hush");
        assertThat(file.files())
                .allMatch(MountedFiles::isSecret)
                .extracting(mounted -> mounted.entries().get(0).attributes())
                .extracting(attributes -> Integer.toOctalString(attributes.mode()) + " " + attributes.user())
                .containsExactly("644 0", "400 70");
    }

    @Test
    void aSecretFromAVariableTakesItsValueNow() {
        files.with("compose.yaml", "services: {web: {image: a, secrets: [s]}}\nsecrets: {s: {environment: TOKEN}}");
        ComposeSource source = ComposeSource.in(project);
        assertThat(text(ComposeFile.load(source.variables(Map.of("TOKEN", "t$1")))
                        .selfContained(project)))
                .isEqualTo("t$1");
        assertThatThrownBy(() -> ComposeFile.load(source).selfContained(project))
                .hasMessage(
                        "compose.yaml:2:28: secrets.s.environment: the variable TOKEN is not set; -Dcompose.env.TOKEN=… sets it");
    }

    @Test
    void aConfigIsAMountLikeAnyOther() {
        files.with("c.txt", "c");
        assertThat(text(carried("services: {web: {image: a, configs: [c]}}\nconfigs: {c: {file: c.txt}}")))
                .isEqualTo("c");
        ComposeFile inline = carried("services: {web: {image: a, configs: [c]}}\nconfigs: {c: {content: ''}}");
        assertThat(text(inline)).isEmpty();
        assertThat(inline.text()).contains("target: \"/c\"", "read_only: true");
    }

    @Test
    void aConfigThatAnOverlayBringsIsAMountToo() {
        ComposeFile file = carried("services: {web: {image: a}}")
                .merge("services: {web: {configs: [c]}}\nconfigs: {c: {content: x}}", "o")
                .withoutConfigs(project);
        assertThat(text(file)).isEqualTo("x");
        assertThat(file.text()).doesNotContain("content: ");
    }

    private static String text(ComposeFile file) {
        assertThat(file.files()).hasSize(1);
        return file.files().get(0).entries().get(0).text().orElseThrow();
    }

    @Test
    void aBuildBesideAnImageIsLeftBehind() {
        assertThat(carried(
                                "services: {web: {image: a, build: ., pull_policy: build, develop: {watch: [{path: ., action: rebuild}]}}}")
                        .text())
                .doesNotContain("build", "develop", "pull_policy");
    }

    @Test
    void aBuildWithoutAnImageIsRefusedWithWaysOut() {
        refused(
                "services: {web: {build: .}}",
                "compose.yaml:1:18: services.web.build: the server builds no images: without compose.images=pull, compose:deploy builds"
                        + " them here, or add an `image` beside `build` and push it first");
    }

    @ParameterizedTest
    @CsvSource({"/etc", "/var/run/docker.sock", "/", "../outside", "~/x", "/dev/null"})
    void aPathOfTheHostIsRefused(String path) {
        assertThatThrownBy(() -> carried("services:\n  web:\n    image: a\n    volumes: ['" + path + ":/x']"))
                .isInstanceOf(ComposeFileException.class)
                .hasMessageStartingWith("compose.yaml:4:15: services.web.volumes[0]: ")
                .hasMessageContaining("is a path of the host, which is not uploaded");
    }

    @Test
    void aLinkOutOfTheProjectIsRefused() throws Exception {
        Files.writeString(root.resolve("secret"), "x");
        Files.createSymbolicLink(project.resolve("link"), root.resolve("secret"));
        Files.createDirectories(project.resolve("dir"));
        Files.createSymbolicLink(project.resolve("dir/up"), root);
        refused(
                "services: {web: {image: a, volumes: ['./link:/x']}}",
                "compose.yaml:1:38: services.web.volumes[0]: link lies outside the project, so it cannot be mounted on a server");
        refused(
                "services: {web: {image: a, secrets: [s]}}\nsecrets: {s: {file: link}}",
                "compose.yaml:2:21: secrets.s.file: link lies outside the project, so it cannot be mounted on a server");
        assertThat(carried("services: {web: {image: a, volumes: ['./dir:/x']}}")
                        .files()
                        .get(0)
                        .entries())
                .extracting(MountedEntry::toString)
                .containsExactly("DIRECTORY ", "LINK up");
    }

    @Test
    void whatGitKeepsIsNotCarriedInAnyWay() throws Exception {
        files.with(".git/config", "url = https://token@git.test")
                .with(".git/modules/sub/config", "token")
                .with("sub/.git", "gitdir: ../.git/modules/sub")
                .with("other.yaml", "services: {db: {image: a}}");
        Files.createSymbolicLink(project.resolve("link"), project.resolve(".git/config"));
        Files.createSymbolicLink(project.resolve("links"), project.resolve(".git"));
        for (String name : java.util.List.of(
                ".git/config",
                ".git",
                "sub/.git",
                ".git/modules/sub/config",
                "link",
                "links",
                "links/config",
                "./x/../.git/config")) {
            assertThatThrownBy(() -> carried("services: {web: {image: a, volumes: ['./" + name + ":/x']}}"))
                    .as(name)
                    .isInstanceOf(ComposeFileException.class)
                    .hasMessageContaining("belongs to git");
        }
        for (String name : java.util.List.of(".git/config", "sub/.git", "link", "links/config")) {
            for (String way : java.util.List.of(
                    "services: {web: {image: a, env_file: %s}}",
                    "services: {web: {image: a, label_file: %s}}",
                    "services: {web: {image: a, secrets: [s]}}\nsecrets: {s: {file: %s}}",
                    "services: {web: {image: a, configs: [s]}}\nconfigs: {s: {file: %s}}",
                    "services: {web: {extends: {file: %s, service: x}}}",
                    "include: [%s]",
                    "include: [{path: other.yaml, env_file: %s}]")) {
                assertThatThrownBy(() -> carried(way.formatted(name)))
                        .as(way.formatted(name))
                        .isInstanceOf(ComposeFileException.class)
                        .hasMessageContaining("belongs to git");
            }
        }
        Files.createSymbolicLink(project.resolve(".env"), project.resolve(".git/config"));
        assertThatThrownBy(() -> carried("services: {web: {image: a}}")).hasMessageContaining("belongs to git");
    }

    @Test
    void aMountedDirectoryComesWithoutWhatGitKeepsInIt() throws Exception {
        files.with(".git/config", "token")
                .with("sub/.git", "gitdir: x")
                .with("sub/a.txt", "a")
                .with(".gitignore", "x");
        assertThat(carried("services: {web: {image: a, volumes: ['.:/app']}}")
                        .files()
                        .get(0)
                        .entries())
                .extracting(MountedEntry::path)
                .containsExactly("", ".gitignore", "compose.yaml", "sub", "sub/a.txt");
    }

    @Test
    void aProjectThatLiesInWhatGitKeepsIsReadAllTheSame() throws Exception {
        project = Files.createDirectories(root.resolve(".git/worktrees/x"));
        files = new Projects(project);
        files.with("a.txt", "a");
        assertThat(text(carried("services: {web: {image: a, volumes: ['./a.txt:/a']}}")))
                .isEqualTo("a");
    }

    @Test
    void tooMuchIsRefused() throws Exception {
        files.with("big", "x".repeat(32 * 1024 * 1024 + 1));
        assertThatThrownBy(() -> carried("services: {web: {image: a, volumes: ['./big:/x']}}"))
                .hasMessageContaining("more than 32 MiB, from big on; put them into the image");
    }

    @Test
    void whatIsExternalAndWhatBindsInDisguiseIsRefused() {
        refused(
                "services: {web: {image: a, configs: [c]}}\nconfigs: {c: {external: true}}",
                "compose.yaml:2:11: configs.c: external configs and secrets need a swarm; set `file` or `environment`");
        refused(
                "services: {web: {image: a, volumes: ['v:/x']}}\nvolumes: {v: {driver_opts: {type: none, o: 'rw,bind', device: /etc}}}",
                "compose.yaml:2:11: volumes.v: this volume is a path of the host, /etc, which is not uploaded");
    }

    @Test
    void servicesThatAreSwitchedOffNeedNothing() {
        assertThat(carried("services: {web: {image: a}, x: {build: ., profiles: [p], volumes: ['/etc:/etc']}}")
                        .text())
                .doesNotContain("x:");
    }

    @Test
    void aStackWithAHomeKeepsItsDirectoriesThere() {
        files.with("conf/a.txt", "a")
                .with(
                        "compose.yaml",
                        "services: {web: {image: a, volumes: ['./data:/data', '/home/prod/up:/up', './conf:/conf']}}");
        String text = files.load().selfContained(project, "/home/prod").text();
        assertThat(text)
                .contains("source: \"/home/prod/data\"", "source: \"/home/prod/up\"", "source: \"dir-conf-")
                .doesNotContain("source: \"" + project);
        files.with("compose.yaml", "services: {web: {image: a, volumes: ['/home/production:/up']}}");
        assertThatThrownBy(() -> files.load().selfContained(project, "/home/prod"))
                .hasMessageContaining("/home/production is a path of the host");
    }

    @Test
    void whatIsSelfContainedReadsAsItselfAndCanBeOverlaid() {
        files.with("a.txt", "a");
        ComposeFile file = carried("services: {web: {image: a, volumes: ['./a.txt:/a']}}");
        assertThat(ComposeFile.parse(file.text(), "again").text()).isEqualTo(file.text());
        ComposeFile over = file.merge("services: {web: {restart: !reset null, labels: {a: b}}}", "o");
        assertThat(over.text()).contains("source: \"" + file.files().get(0).source() + "\"");
        assertThat(over.files()).isEqualTo(file.files());
        assertThat(file.merge("services: {web: {volumes: !reset []}}", "o").files())
                .isEmpty();
    }
}
