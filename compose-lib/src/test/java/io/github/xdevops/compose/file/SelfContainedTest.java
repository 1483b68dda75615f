package io.github.xdevops.compose.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.file.load.ComposeSource;
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
    void a_mounted_file_becomes_a_config_with_its_mode() throws Exception {
        files.with("conf/nginx.conf", "listen $port;\n");
        Files.setPosixFilePermissions(project.resolve("conf/nginx.conf"), PosixFilePermissions.fromString("rwxr-x---"));
        ComposeFile file = carried("services: {web: {image: a, volumes: ['./conf/nginx.conf:/etc/nginx.conf:ro']}}");
        assertThat(file.text()).isEqualTo("""
                        services:
                          web:
                            image: "a"
                            configs:
                              - source: "file-conf-nginx.conf"
                                target: "/etc/nginx.conf"
                                mode: 488
                            networks:
                              default: null
                        configs:
                          "file-conf-nginx.conf":
                            content: "listen $$port;\\n"
                        networks:
                          default: {}
                        """);
    }

    @Test
    void an_empty_file_is_refused_because_compose_would_mount_a_directory() {
        files.with("empty", "");
        assertThatThrownBy(() -> carried("services: {web: {image: a, volumes: ['./empty:/e']}}"))
                .isInstanceOf(ComposeFileException.class)
                .hasMessageContainingAll("compose.yaml:1:", "configs.", "it is empty");
        assertThatThrownBy(() -> carried("services: {web: {image: a, configs: [c]}}\nconfigs: {c: {content: ''}}"))
                .hasMessageContainingAll("compose.yaml:2:", "configs.c", "it is empty");
    }

    @Test
    void a_mounted_directory_is_carried_file_by_file() {
        files.with("html/index.html", "hi").with("html/css/a.css", "b{}").with("html/.gitkeep", "");
        ComposeFile file =
                carried("services: {web: {image: a, volumes: ['./html:/srv', 'data:/data']}}\nvolumes: {data: }");
        assertThat(file.text())
                .contains("target: \"/srv/index.html\"", "target: \"/srv/css/a.css\"", "source: \"data\"")
                .doesNotContain("gitkeep", "bind");
    }

    @Test
    void two_services_share_what_they_both_mount() {
        files.with("a.txt", "a");
        ComposeFile file =
                carried("services: {x: {image: a, volumes: ['./a.txt:/1']}, y: {image: a, volumes: ['./a.txt:/2']}}");
        assertThat(Trees.map(file.tree(), "configs").keySet()).isEqualTo(Set.of("file-a.txt"));
    }

    @Test
    void files_whose_names_look_alike_stay_apart() {
        files.with("a b", "one").with("a-b", "two");
        ComposeFile file = carried("services: {x: {image: a, volumes: ['./a b:/1', './a-b:/2']}}");
        assertThat(Trees.map(file.tree(), "configs"))
                .isEqualTo(Map.of("file-a-b", Map.of("content", "one"), "file-a-b-2", Map.of("content", "two")));
    }

    @Test
    void variables_of_files_are_in_the_environment() {
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
    void a_secret_becomes_a_config_in_its_place() {
        files.with("s.txt", "hush");
        ComposeFile file = carried(
                "services: {web: {image: a, secrets: [s, {source: s, target: other, mode: 0400}]}}\nsecrets: {s: {file: s.txt}}");
        assertThat(file.tree().containsKey("secrets")).isFalse();
        assertThat(file.text())
                .contains("target: \"/run/secrets/s\"", "target: \"/run/secrets/other\"", "mode: 292", "mode: 256")
                .contains("x-secret: true", "content: \"hush\"");
    }

    @Test
    void a_secret_from_a_variable_takes_its_value_now() {
        files.with("compose.yaml", "services: {web: {image: a, secrets: [s]}}\nsecrets: {s: {environment: TOKEN}}");
        ComposeSource source = ComposeSource.in(project);
        assertThat(ComposeFile.load(source.variables(Map.of("TOKEN", "t$1")))
                        .selfContained(project)
                        .text())
                .contains("content: \"t$$1\"");
        assertThatThrownBy(() -> ComposeFile.load(source).selfContained(project))
                .hasMessage("compose.yaml:2:28: secrets.s.environment: the variable TOKEN is not set");
    }

    @Test
    void the_file_of_a_config_becomes_its_content() {
        files.with("c.txt", "c");
        assertThat(carried("services: {web: {image: a, configs: [c]}}\nconfigs: {c: {file: c.txt}}")
                        .text())
                .contains("content: \"c\"")
                .doesNotContain("c.txt");
    }

    @Test
    void a_build_beside_an_image_is_left_behind() {
        assertThat(carried(
                                "services: {web: {image: a, build: ., pull_policy: build, develop: {watch: [{path: ., action: rebuild}]}}}")
                        .text())
                .doesNotContain("build", "develop", "pull_policy");
    }

    @Test
    void a_build_without_an_image_is_refused_with_ways_out() {
        refused(
                "services: {web: {build: .}}",
                "compose.yaml:1:18: services.web.build: an image that is built here cannot be carried; name an `image` next to `build`"
                        + " and push it before, or set `image` and reset `build` in an override file");
    }

    @ParameterizedTest
    @CsvSource({"/etc", "/var/run/docker.sock", "/", "../outside", "~/x", "/dev/null"})
    void a_path_of_the_host_is_refused(String path) {
        assertThatThrownBy(() -> carried("services:\n  web:\n    image: a\n    volumes: ['" + path + ":/x']"))
                .isInstanceOf(ComposeFileException.class)
                .hasMessageStartingWith("compose.yaml:4:15: services.web.volumes[0]: ")
                .hasMessageContaining("is a path of the host and cannot be carried");
    }

    @Test
    void a_link_out_of_the_project_is_refused() throws Exception {
        Files.writeString(root.resolve("secret"), "x");
        Files.createSymbolicLink(project.resolve("link"), root.resolve("secret"));
        Files.createDirectories(project.resolve("dir"));
        Files.createSymbolicLink(project.resolve("dir/up"), root);
        refused(
                "services: {web: {image: a, volumes: ['./link:/x']}}",
                "compose.yaml:1:38: services.web.volumes[0]: link lies outside the project and cannot be carried");
        refused(
                "services: {web: {image: a, secrets: [s]}}\nsecrets: {s: {file: link}}",
                "compose.yaml:2:21: secrets.s.file: link lies outside the project and cannot be carried");
        refused(
                "services: {web: {image: a, volumes: ['./dir:/x']}}",
                "compose.yaml:1:38: services.web.volumes[0]: dir/up lies outside the project and cannot be carried");
    }

    @Test
    void what_git_keeps_is_not_carried_in_any_way() throws Exception {
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
    void a_mounted_directory_comes_without_what_git_keeps_in_it() throws Exception {
        files.with(".git/config", "token")
                .with("sub/.git", "gitdir: x")
                .with("sub/a.txt", "a")
                .with(".gitignore", "x");
        for (int i = 0; i < 2100; i++) {
            files.with(".git/objects/" + i, "x");
        }
        assertThat(carried("services: {web: {image: a, volumes: ['.:/app']}}").text())
                .contains("/app/sub/a.txt", "/app/.gitignore", "/app/compose.yaml")
                .doesNotContain("token", "gitdir", "/app/.git/");
    }

    @Test
    void a_project_that_lies_in_what_git_keeps_is_read_all_the_same() throws Exception {
        project = Files.createDirectories(root.resolve(".git/worktrees/x"));
        files = new Projects(project);
        files.with("a.txt", "a");
        assertThat(carried("services: {web: {image: a, volumes: ['./a.txt:/a']}}")
                        .text())
                .contains("content: \"a\"");
    }

    @Test
    void what_is_not_there_or_not_text_or_too_much_is_refused() throws Exception {
        refused(
                "services: {web: {image: a, volumes: ['./data:/x']}}",
                "compose.yaml:1:38: services.web.volumes[0]: there is nothing to carry in data; use a named volume for what the service"
                        + " writes");
        Files.write(project.resolve("b.bin"), new byte[] {1, 0, 2});
        refused(
                "services: {web: {image: a, volumes: ['./b.bin:/x']}}",
                "compose.yaml:1:38: services.web.volumes[0]: b.bin is not text, and only text can be carried; put it into the image");
        files.with("big", "x".repeat(1024 * 1024 + 1));
        assertThatThrownBy(() -> carried("services: {web: {image: a, volumes: ['./big:/x']}}"))
                .hasMessageContaining("1 MiB");
        for (int i = 0; i < 201; i++) {
            files.with("many/" + i, "x");
        }
        assertThatThrownBy(() -> carried("services: {web: {image: a, volumes: ['./many:/x']}}"))
                .hasMessageContaining("more than 200 files");
    }

    @Test
    void what_is_external_and_what_binds_in_disguise_is_refused() {
        refused(
                "services: {web: {image: a, configs: [c]}}\nconfigs: {c: {external: true}}",
                "compose.yaml:2:11: configs.c: what is external needs a swarm; give it a `file` or `environment`");
        refused(
                "services: {web: {image: a, volumes: ['v:/x']}}\nvolumes: {v: {driver_opts: {type: none, o: 'rw,bind', device: /etc}}}",
                "compose.yaml:2:11: volumes.v: this volume is a path of the host, /etc, and cannot be carried");
    }

    @Test
    void services_that_are_switched_off_need_nothing() {
        assertThat(carried("services: {web: {image: a}, x: {build: ., profiles: [p], volumes: ['/etc:/etc']}}")
                        .text())
                .doesNotContain("x:");
    }

    @Test
    void a_stack_with_a_home_keeps_its_directories_there() {
        files.with("conf/a.txt", "a")
                .with(
                        "compose.yaml",
                        "services: {web: {image: a, volumes: ['./data:/data', '/home/prod/up:/up', './conf:/conf']}}");
        String text = files.load().selfContained(project, "/home/prod").text();
        assertThat(text)
                .contains("source: \"/home/prod/data\"", "source: \"/home/prod/up\"", "target: \"/conf/a.txt\"")
                .doesNotContain("source: \"" + project);
        files.with("compose.yaml", "services: {web: {image: a, volumes: ['/home/production:/up']}}");
        assertThatThrownBy(() -> files.load().selfContained(project, "/home/prod"))
                .hasMessageContaining("/home/production is a path of the host");
    }

    @Test
    void what_is_self_contained_reads_as_itself_and_can_be_overlaid() {
        files.with("a.txt", "a");
        ComposeFile file = carried("services: {web: {image: a, volumes: ['./a.txt:/a']}}");
        assertThat(ComposeFile.parse(file.text(), "again").text()).isEqualTo(file.text());
        assertThat(file.merge("services: {web: {restart: !reset null, labels: {a: b}}}", "o")
                        .text())
                .contains("\"a\"");
    }
}
