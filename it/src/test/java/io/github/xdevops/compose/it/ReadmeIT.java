package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows, and the example of the library, work as they stand there. */
class ReadmeIT {
    private static final Path TOP = Path.of("..");
    private static final Path EXAMPLE = TOP.resolve("examples/library");
    private static final String CLASS = "src/main/java/com/example/Review.java";
    private static final String PROJECT = "feature-login-iwo35d6e5z5vwilw";

    @TempDir
    Path directory;

    @Test
    void theLinesOfJavaCompileDeployListAndTakeDown() throws Exception {
        var server = TestServer.required();
        var program = Files.writeString(directory.resolve("Program.java"), """
                import io.github.xdevops.compose.*;
                import io.github.xdevops.compose.host.ssh.*;
                import io.github.xdevops.compose.render.*;
                import io.github.xdevops.compose.server.*;
                import java.nio.file.Path;
                class Program {
                    public static void main(String[] args) {
                %s
                    }
                }
                """.formatted(block("java", "")));
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: \"compose-it/httpd:1\", ports: [\"80\"]}}\n");
        atHome(server);
        var process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-Duser.home=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.toString(),
                        server.address(),
                        server.domain()))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        deployedListedAndGone(server, out);
    }

    @Test
    void theExampleOfTheLibraryHasTheseLinesAndIsBuiltAndRun() throws IOException {
        var server = TestServer.required();
        assertThat(Files.readString(EXAMPLE.resolve(CLASS)))
                .contains(block("java", "").indent(8));
        assertThat(Files.readString(EXAMPLE.resolve("pom.xml")))
                .contains("<version>" + System.getProperty("it.version") + "</version>");
        Files.createDirectories(directory.resolve(CLASS).getParent());
        for (var file : List.of("pom.xml", CLASS)) {
            Files.copy(EXAMPLE.resolve(file), directory.resolve(file));
        }
        var compose = Files.readString(EXAMPLE.resolve("compose.yaml"));
        assertThat(compose).contains("nginx:alpine");
        Files.writeString(directory.resolve("compose.yaml"), compose.replace("nginx:alpine", "compose-it/httpd:1"));
        atHome(server);
        var settings = Files.createDirectory(directory.resolve(".m2")).resolve("settings.xml");
        Files.writeString(settings, "<settings>" + Maven.whatTheBuildHas() + "</settings>");
        var outcome = new Maven(directory, server)
                .call(
                        "compile",
                        List.of(
                                "exec:java",
                                "-Daether.offline.protocols=file",
                                "-Dexec.args=" + server.address() + " " + server.domain()),
                        Map.of("MAVEN_OPTS", "-Duser.home=" + directory));
        assertThat(outcome.exit()).as(outcome.out()).isZero();
        deployedListedAndGone(server, outcome.out());
    }

    @Test
    void theTwoMinutesWithoutAServerWorkInAnEmptyDirectory() throws IOException {
        var script = block("sh", "cat >compose.yaml");
        var shell = new JobShell(directory, directory);
        var place = shell.directory(false);
        var out = shell.run(place, script, Map.of());
        assertThat(out)
                .contains("project         feature-login-", "\"traefik.enable\": \"true\"")
                .contains("url             http://feature-login-");
        assertThat(place.resolve(".gitlab-ci.yml")).content().contains("review-deploy:");
        try (var files = Files.list(place)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("compose.yaml", ".gitlab-ci.yml");
        }
    }

    private static void deployedListedAndGone(TestServer server, String out) {
        assertThat(out)
                .containsPattern("http://" + PROJECT + "\\.\\S+ until 20")
                .contains(PROJECT + " is running");
        assertThat(server.remains(PROJECT)).isEmpty();
    }

    /** The directory is a home with a key and known hosts. */
    private void atHome(TestServer server) throws IOException {
        var ssh = Files.createDirectory(directory.resolve(".ssh"));
        var key = Files.copy(Path.of(server.key()), ssh.resolve("id_ed25519"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.copy(Path.of(server.knownHosts()), ssh.resolve("known_hosts"));
    }

    /** The first block of this language that begins so, in the README or in Getting started. */
    static String block(String language, String beginning) throws IOException {
        var block = Pattern.compile("```" + language + "\n(" + Pattern.quote(beginning) + ".*?)```", Pattern.DOTALL)
                .matcher(Files.readString(TOP.resolve("README.md"))
                        + Files.readString(TOP.resolve("docs/getting-started.md")));
        assertThat(block.find()).as(language + " in the README").isTrue();
        return block.group(1);
    }
}
