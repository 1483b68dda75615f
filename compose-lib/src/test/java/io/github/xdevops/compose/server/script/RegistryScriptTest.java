package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The password of a registry is on the server only during the deploy (P24). */
@EveryShell
class RegistryScriptTest extends InEveryShell {
    private static final String PASSWORD = "canary pa$$ \\n 'word\"`id`";
    private static final String LOGIN = "registry.test:5000\nann\n" + PASSWORD + "\n";

    @Test
    void aDeployLogsInBeforeItPullsAndLeavesNothing() throws IOException {
        Files.writeString(
                stub.resolve("hook"),
                "case $1:$* in compose:*' up '*) echo \"$DOCKER_CONFIG\" >\"$STUB/config\"; cp \"$DOCKER_CONFIG/config.json\" \"$STUB/seen\"; stat -c %a \"$DOCKER_CONFIG\" >\"$STUB/mode\" ;; esac\n");
        assertThat(deployAs(LOGIN, 1)).contains("\"word\":\"OK\"").doesNotContain("canary");
        assertThat(stubbed("password")).isEqualTo(PASSWORD + "\n");
        assertThat(stubbed("config")).contains("/.staging/one.n/docker");
        assertThat(stubbed("seen")).contains("registry.test:5000");
        assertThat(stubbed("mode")).isEqualTo("700\n");
        assertThat(stubbed("calls"))
                .contains("login --username ann --password-stdin registry.test:5000\n")
                .doesNotContain("canary");
        assertThat(filesWith("canary")).isEmpty();
        assertThat(home.resolve(".docker")).doesNotExist();
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
    }

    @Test
    void severalRegistriesAreLoggedInToOneAfterTheOther() {
        assertThat(deployAs(LOGIN + "other.test\nbob\nsecond-canary\n", 2)).contains("\"word\":\"OK\"");
        assertThat(stubbed("calls")).contains("registry.test:5000\nlogin --username bob --password-stdin other.test\n");
    }

    @Test
    void whatTheUserHasConfiguredGoesOnToWorkAndIsNotWrittenTo() throws IOException {
        var docker = home.resolve(".docker");
        Files.createDirectories(docker.resolve("cli-plugins"));
        Files.writeString(docker.resolve("cli-plugins/docker-compose"), "");
        var config = "{\n\t\"auths\": {\"own.test\": {}},\n\t\"credsStore\": \"shared\"\n}\n";
        Files.writeString(docker.resolve("config.json"), config);
        Files.writeString(
                stub.resolve("hook"),
                "case $1:$* in compose:*' up '*) cat \"$DOCKER_CONFIG/config.json\" >\"$STUB/seen\"; ls \"$DOCKER_CONFIG/cli-plugins/\" >\"$STUB/plugins\" ;; esac\n"
                        .replace("ls ", "find "));
        assertThat(deployAs(LOGIN, 1)).contains("\"word\":\"OK\"");
        assertThat(stubbed("seen")).contains("own.test", "\"credsStore\": \"\"", "registry.test:5000");
        assertThat(stubbed("plugins")).contains("docker-compose");
        assertThat(docker.resolve("config.json")).hasContent(config);
    }

    @Test
    void aRefusedPasswordEndsBeforeAnythingIsThereAndIsNotRepeated() throws IOException {
        Files.createFile(stub.resolve("unauthorized"));
        assertThat(deployAs(LOGIN, 1))
                .contains("\"word\":\"NOPERM\"", "registry.test:5000 does not let ann in", "***")
                .doesNotContain("canary");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(filesWith("canary")).isEmpty();
    }

    @Test
    void aFailedDeployLeavesNothingEither() {
        var words = words("one", "services: {web: {image: crash}}\n", "logins=1");
        assertThat(run("deploy", words, LOGIN + bundle("services: {web: {image: crash}}\n")))
                .contains("UNHEALTHY");
        assertThat(filesWith("canary")).isEmpty();
    }

    @Test
    void anUploadThatIsCutWithinTheLoginChangesNothing() {
        assertThat(run("deploy", words("one", WEB, "logins=1"), "registry.test:5000\nann\ncanary-ha"))
                .contains("PROTO");
        assertThat(filesWith("canary")).isEmpty();
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    void namesThatAreOptionsAreRefused() {
        for (var login : List.of("--help\nann\ncanary\n", "registry.test\n-v\ncanary\n", "a;b\nann\ncanary\n")) {
            assertThat(deployAs(login, 1)).contains("\"word\":\"USAGE\"", "not acceptable");
        }
        assertThat(stubbed("calls")).doesNotContain("login");
    }

    @Test
    void theNextSweepRemovesWhatAKilledWorkerLeft() {
        leftByAKilledWorker();
        assertThat(run("sweep", List.of(), "")).contains("\"word\":\"OK\"");
        assertThat(filesWith("canary")).isEmpty();
        assertThat(read(".staging/one.dead/out")).isEqualTo("kept");
    }

    /** Where everything stays for ever there is no timer. */
    @Test
    void theNextDeployDoesSoToo() throws IOException {
        leftByAKilledWorker();
        write(".trash/two.1/docker-compose.yml", "canary");
        Files.setLastModifiedTime(
                home.resolve(".yourlabs.compose/.trash/two.1"),
                FileTime.from(Instant.now().minusSeconds(3 * 3600)));
        assertThat(run("deploy", words("two", WEB, "lifetime=forever"), bundle(WEB)))
                .contains("\"word\":\"OK\"");
        assertThat(filesWith("canary")).isEmpty();
        assertThat(read(".staging/one.dead/out")).isEqualTo("kept");
    }

    @Test
    void anUploadThatGoesOnIsNobodysLeftover() throws Exception {
        var words = new ArrayList<>(List.of("deploy", "nonce=n"));
        words.addAll(words("one", WEB, "logins=1"));
        var deploy = begin(words, Map.of());
        try (var in = deploy.getOutputStream()) {
            in.write((LOGIN + bundle(WEB).substring(0, 5)).getBytes(StandardCharsets.UTF_8));
            in.flush();
            var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            var arriving = home.resolve(".yourlabs.compose/.staging/one.n/bundle");
            while (!Files.exists(arriving) || Files.size(arriving) == 0) {
                assertThat(System.nanoTime()).isLessThan(until);
                Thread.sleep(20);
            }
            assertThat(run("sweep", List.of("force=yes"), "")).contains("\"word\":\"OK\"");
            in.write(bundle(WEB).substring(5).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new String(deploy.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("\"word\":\"OK\"");
    }

    private void leftByAKilledWorker() {
        for (var file : List.of("login", "docker/config.json", "secrets", "bundle", "docker-compose.yml")) {
            write(".staging/one.dead/" + file, "canary\n");
        }
        write(".staging/one.dead/alive", "");
        write(".staging/one.dead/out", "kept");
    }

    @Test
    void aDeployWithoutALoginKnowsNothingOfRegistries() {
        deploy("one", WEB);
        assertThat(stubbed("calls")).doesNotContain("login");
    }

    private String deployAs(String login, int logins) {
        return run("deploy", words("one", WEB, "logins=" + logins), login + bundle(WEB));
    }

    private String stubbed(String file) {
        try {
            return Files.readString(stub.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> filesWith(String text) {
        try (var files = Files.walk(home.resolve(".yourlabs.compose"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        try {
                            return Files.readString(file).contains(text);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
