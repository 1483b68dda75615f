package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of docs/set-up-a-server.md, as they stand there, lead from a bare server to the first URL. There is no DNS and no
 * registry here, so two things change: the server's address replaces its name, and the image is sent.
 */
@Tag("provision")
@Tag("exhaustive")
class SetUpServerIT {
    private static final Path DOCUMENT = Path.of("../docs/set-up-a-server.md");

    @TempDir
    Path directory;

    @Test
    void theCommandsOfTheDocumentLeadToTheFirstUrl() throws IOException {
        try (var server = new BareServer("setup")) {
            BareImages.provideTraefik(server);
            atHome(server);
            var shell = new JobShell(directory, directory);
            var project = shell.directory(false);
            var variables =
                    Map.of("MAVEN_OPTS", "-Duser.home=" + directory, "DOCKER_HOST", System.getenv("DOCKER_HOST"));
            var before = received(server);
            var began = System.nanoTime();
            var provisioned = shell.run(project, told("```sh\n(.*?)```", server), variables);
            assertThat(provisioned).contains("changed: ", "COMPOSE_KNOWN_HOSTS", "*.ci.example.com");
            assertThat(project.resolve("pipeline.pub")).exists();

            Files.writeString(project.resolve("pom.xml"), Maven.pom("", ""));
            Files.writeString(
                    project.resolve("compose.yaml"),
                    "services: {web: {image: \"compose-it/httpd:1\", ports: [\"80\"]}}\n");
            var deployed = shell.run(
                    project,
                    told("`(mvn compose:deploy -Dcompose.host[^`]*)`", server)
                            + " -Dcompose.domain=ci.example.com -Dcompose.images=transfer -Dcompose.branch=feature/first",
                    variables);
            var url = Pattern.compile("http://(\\S+\\.ci\\.example\\.com)").matcher(deployed);
            assertThat(url.find()).as(deployed).isTrue();
            assertThat(page(server, url.group(1))).contains("compose-it/httpd");
            Proof.claim(
                    "from a bare Debian to the first URL by the two commands of docs/set-up-a-server.md: %d s, %d MB"
                            .formatted(
                                    Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                                    (received(server) - before) / 1_000_000));
        }
    }

    /** Finds a command in the document, and puts the server's address into it. */
    private static String told(String pattern, BareServer server) throws IOException {
        var found = Pattern.compile(pattern, Pattern.DOTALL).matcher(Files.readString(DOCUMENT));
        assertThat(found.find()).as(pattern).isTrue();
        assertThat(found.group(1)).contains("@ci.example.com");
        return found.group(1).strip().replace("@ci.example.com", "@" + server.ip());
    }

    /** Makes the directory a home whose owner may log in as root. */
    private void atHome(BareServer server) throws IOException {
        var ssh = Files.createDirectory(directory.resolve(".ssh"));
        var key = Files.copy(Path.of(server.key()), ssh.resolve("id_ed25519"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.copy(Path.of(server.knownHosts()), ssh.resolve("known_hosts"));
    }

    private static long received(BareServer server) {
        return Long.parseLong(
                server.run("cat /sys/class/net/eth0/statistics/rx_bytes").strip());
    }

    /** Asks until Traefik knows the host, and returns the page. */
    private static String page(BareServer server, String host) throws IOException {
        for (var tries = 0; ; tries++) {
            var curl = new ProcessBuilder("curl", "-s", "-H", "Host: " + host, "http://" + server.ip() + "/").start();
            var page = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (page.contains("compose-it/httpd") || tries == 50) {
                return page;
            }
            TestServer.pause(200);
        }
    }
}
