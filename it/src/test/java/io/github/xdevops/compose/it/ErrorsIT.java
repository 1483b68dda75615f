package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one line that people see when something is wrong. */
class ErrorsIT {
    @TempDir
    Path directory;

    private TestServer server;
    private Maven maven;

    @BeforeEach
    void writeComposeFile() throws IOException {
        server = TestServer.required();
        maven = new Maven(directory, server);
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: x, ports: [\"80\"]}}\n");
    }

    @Test
    @Tag("N1")
    void aHostThatDoesNotExist() {
        assertThat(with("-Dcompose.host=deploy@nosuch.invalid").error())
                .contains("NOHOST: Cannot reach nosuch.invalid port 22", "check the address");
    }

    @Test
    @Tag("N1")
    void aPortWhereNobodyListens() {
        assertThat(with("-Dcompose.host=deploy@127.0.0.1:1").error()).contains("NOHOST", "127.0.0.1 port 1", "refused");
    }

    @Test
    void aKeyThatTheServerDoesNotKnow() throws Exception {
        var key = directory.resolve("key");
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
                .start()
                .waitFor();
        assertThat(maven.run("list", options("-Dcompose.privateKey=" + key, knownHosts()), Map.of())
                        .error())
                .contains("NOPERM", "does not let deploy in", "authorized_keys");
    }

    @Test
    @Tag("K1")
    void aHostKeyThatIsUnknown() throws IOException {
        var empty = Files.createFile(directory.resolve("known_hosts"));
        assertThat(maven.run("list", options(key(), "-Dcompose.knownHosts=" + empty), Map.of())
                        .error())
                .contains("NOPERM", "unknown", "SHA256:", "ssh-keyscan -p");
    }

    @Test
    @Tag("K2")
    void aHostKeyThatHasChanged() throws Exception {
        var other = directory.resolve("other");
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other.toString())
                .start()
                .waitFor();
        var publicKey = Files.readString(directory.resolve("other.pub")).split(" ");
        var host = server.address().replaceAll(".*@", "").split(":");
        var file = Files.writeString(
                directory.resolve("known_hosts"),
                "[%s]:%s %s %s\n".formatted(host[0], host[1], publicKey[0], publicKey[1]));
        assertThat(maven.run("list", options(key(), "-Dcompose.knownHosts=" + file), Map.of())
                        .error())
                .contains("NOPERM", "CHANGED", "SHA256:");
    }

    @Test
    void aTypoInTheComposeFile() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), "services:\n  web:\n    imag: x\n    ports: [\"80\"]\n");
        assertThat(with().error()).contains("DATA: compose.yaml:3:", "services.web", "imag", "image");
    }

    @Test
    void aComposeFileThatIsNotThere() throws IOException {
        Files.delete(directory.resolve("compose.yaml"));
        assertThat(with().error()).contains("DATA", "compose.yaml");
    }

    @Test
    void aLifetimeOfSoon() {
        assertThat(with("-Dcompose.lifetime=soon").error()).contains("USAGE: A lifetime of `soon`", "7d, 12h");
    }

    @Test
    void aWaitThatIsNoTime() {
        assertThat(with("-Dcompose.readyTimeout=never").error()).contains("USAGE: compose.readyTimeout", "90s");
    }

    @Test
    void aParameterThatIsMisspeltAndABooleanThatIsNone() {
        assertThat(with("-Dcompose.overlay=basicauth").error())
                .contains("USAGE: unknown parameter compose.overlay; did you mean `compose.overlays`?");
        assertThat(with("-Dcompose.dryRun=yes").error()).contains("USAGE: compose.dryRun = `yes` is neither true nor");
    }

    /** The connection is made while the stack is rendered, and its threads outlived the plugin's classes. */
    @Test
    @Tag("R26")
    void noStackTraceStandsBesideAnError() throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: x, ports: [\"80\"]}, mail: {image: x, ports: [\"1080\"]}}\n");
        for (var attempt = 0; attempt < 2; attempt++) {
            assertThat(with().out()).contains("USAGE: Which service").doesNotContain("Exception in thread", "\tat ");
        }
    }

    @Test
    void noServerAtAll() {
        assertThat(maven.run("list", List.of(), Map.of()).error()).contains("USAGE: No server given", "compose.host");
    }

    @Test
    void noBranchAnywhere() {
        assertThat(maven.run("down").error())
                .contains("USAGE: Which environment?", "compose.branch", "compose.project");
    }

    @Test
    void aRouteThatIsNotObvious() throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: x, ports: [\"80\"]}, mail: {image: x, ports: [\"1080\"]}}\n");
        assertThat(with().error()).contains("USAGE: Which service has the URL?", "web:80, mail:1080");
    }

    @Test
    void aProjectsNameThatComposeRefuses() {
        assertThat(with("-Dcompose.project=a__b").error()).contains("USAGE", "a__b", "a-z or 0-9");
    }

    @Test
    void anImageThatIsNotThere() {
        var outcome = with("-Dcompose.project=errors-it");
        server.remove("errors-it", Stacks.STATE_DIRECTORY);
        assertThat(outcome.error()).contains("UNAVAIL", "the image of service web could not be pulled");
    }

    @Test
    @Tag("N23")
    void dockerThatIsMissing() throws IOException {
        var bin = Files.createDirectory(directory.resolve("bin"));
        assertThat(local(bin).error()).contains("UNAVAIL: docker is not installed on the server");
    }

    @Test
    @Tag("N23")
    void composeThatIsTooOld() throws IOException {
        var bin = Files.createDirectory(directory.resolve("bin"));
        var docker = Files.writeString(bin.resolve("docker"), "#!/bin/sh\necho 2.10.0\n");
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
        assertThat(local(bin).error()).contains("UNAVAIL: Docker Compose on the server is 2.10.0, and at least 2.23.1");
    }

    /** Deploys to this machine, where the PATH has no docker but what is in a directory. */
    private Maven.Outcome local(Path bin) throws IOException {
        for (var tool :
                "sh bash mvn java cat head tail tr sed grep cut date sync mv rm rmdir mkdir chmod dirname basename flock stat sha256sum timeout setsid sleep xargs find sort cp id uname ls expr"
                        .split(" ")) {
            for (var place : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(place, tool)) && !Files.exists(bin.resolve(tool))) {
                    Files.createSymbolicLink(bin.resolve(tool), Path.of(place, tool));
                }
            }
        }
        return maven.run(
                "deploy",
                List.of(
                        "-Dcompose.host=local",
                        "-Dcompose.stateDirectory=" + directory.resolve("state"),
                        "-Dcompose.branch=feature/errors"),
                Map.of("PATH", bin.toString()));
    }

    private Maven.Outcome with(String... options) {
        var all = new ArrayList<>(List.of(options));
        all.add("-Dcompose.branch=feature/errors");
        return maven.run("deploy", all.toArray(String[]::new));
    }

    private List<String> options(String... more) {
        var all = new ArrayList<>(List.of("-Dcompose.host=" + server.address()));
        all.addAll(List.of(more));
        return all;
    }

    private String key() {
        return "-Dcompose.privateKey=" + server.key();
    }

    private String knownHosts() {
        return "-Dcompose.knownHosts=" + server.knownHosts();
    }
}
