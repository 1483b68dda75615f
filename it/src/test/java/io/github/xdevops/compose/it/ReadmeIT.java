package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows works as it stands there. */
class ReadmeIT {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    @Test
    void theLinesOfJavaCompileDeployListAndTakeDown() throws Exception {
        var server = TestServer.required();
        var lines = JAVA.matcher(Files.readString(Path.of("../README.md")));
        assertThat(lines.find()).isTrue();
        var program = Files.writeString(directory.resolve("Program.java"), """
                import io.github.xdevops.compose.*;
                import io.github.xdevops.compose.host.*;
                import java.nio.file.Path;
                class Program {
                    public static void main(String[] args) {
                %s
                    }
                }
                """.formatted(lines.group(1)));
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: \"compose-it/httpd:1\", ports: [\"80\"]}}\n");
        var ssh = Files.createDirectory(directory.resolve(".ssh"));
        var key = Files.copy(Path.of(server.key()), ssh.resolve("id_ed25519"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.copy(Path.of(server.knownHosts()), ssh.resolve("known_hosts"));

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
        assertThat(out)
                .containsPattern("http://feature-login-[a-z2-7]{16}\\.\\S+ until 20")
                .contains(" is running");
        assertThat(server.remains("feature-login-iwo35d6e5z5vwilw")).isEmpty();
    }
}
