package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.server.ScriptText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Environments that nobody uses: which are stopped, and how a request starts them again. */
@EveryShell
class SleepScriptTest extends InEveryShell {
    private static final String IDLE = ".host/.idle";

    /** Traefik's counters, and what it answers to a request: 503 where the environment does not run. */
    private static final String CURL = """
            #!/bin/sh
            case $* in
            *9180/metrics) [ ! -f "$STUB/no-metrics" ] || exit 7; cat "$STUB/metrics" ;;
            *)
              host=${*#*://} host=${host%%.test*}
              grep -q "^$host web running" "$STUB/containers" && [ ! -f "$STUB/no-route" ] && printf 200 || printf 503
              ;;
            esac
            """;

    @BeforeEach
    void installPages() throws IOException {
        write(".host/pages.sh", new String(ScriptText.of("pages"), StandardCharsets.UTF_8));
        var curl = Files.writeString(home.resolve("bin/curl"), CURL);
        Files.setPosixFilePermissions(curl, PosixFilePermissions.fromString("rwx------"));
        requests("one", 5);
    }

    @Test
    void anUnusedEnvironmentSleepsUntilTheNextRequest() {
        deploySleeper("one");
        idle("one", 200);
        assertThat(sleeps("one")).isFalse();
        idle("one", 300);
        assertThat(sleeps("one")).isTrue();
        assertThat(containers()).isEqualTo("one web stopped");
        assertThat(run("list", List.of(), "")).contains("\"asleep\":true");
        assertThat(read(".host/list.html")).contains(">asleep</span>");

        assertThat(get("one.test:8080", "/a/b?c=d&e"))
                .startsWith("HTTP/1.1 307 Temporary Redirect\r\n")
                .contains("\r\nLocation: http://one.test:8080/a/b?c=d&e\r\n");
        assertThat(containers()).isEqualTo("one web running");
        assertThat(run("list", List.of(), "")).contains("\"asleep\":false");
        assertThat(read(".host/list.html")).contains(">deployed</span>");
        sweep();
        assertThat(sleeps("one")).as("it has its time again").isFalse();
    }

    @Test
    void whatIsUsedStaysAwake() throws IOException {
        deploySleeper("one");
        idle("one", 300, () -> requests("one", 6));
        assertThat(sleeps("one")).as("a request").isFalse();
        idle("one", 300, () -> put("no-metrics", ""));
        assertThat(sleeps("one")).as("Traefik does not answer").isFalse();
        Files.delete(stub.resolve("no-metrics"));
        idle("one", 300, () -> put("daemon-down", ""));
        assertThat(sleeps("one")).as("Docker does not answer").isFalse();
        Files.delete(stub.resolve("daemon-down"));
        idle("one", 300, () -> deploySleeper("one"));
        assertThat(sleeps("one")).as("a deploy").isFalse();
        idle("one", 300, () -> run("exec", List.of("project=one", "service=web", "budget=5"), "true\n"));
        assertThat(sleeps("one")).as("a command").isFalse();
        idle("one", 300, () -> run("pin", List.of("project=one"), "ann\n"));
        assertThat(sleeps("one")).as("pinned").isFalse();
    }

    @Test
    void whatHasNoUrlOrIsPersistentOrDidNotAskNeverSleeps() {
        requests("none", 1);
        run("deploy", words("none", WEB, "hosts=", "routed=", "sleep=300"), bundle(WEB));
        run("deploy", words("stays", WEB, "lifetime=forever", "sleep=300"), bundle(WEB));
        run("deploy", words("never", WEB, "sleep=0"), bundle(WEB));
        deploy("plain", WEB);
        deploySleeper("one");
        write(
                "one/manifest.json",
                read("one/manifest.json").replace("\"state\": \"live\"", "\"state\": \"deploying\""));
        write(
                IDLE,
                "was none n:1 -9999\nwas stays n:0 -9999\nwas never n:0 -9999\nwas plain n:0 -9999\nwas one n:5 -9999\n");
        sweep();
        assertThat(containers()).doesNotContain("stopped");
    }

    @Test
    void theOwnersDefaultIsForDeploysThatDoNotSayIt() {
        write(".limits", "sleep_minutes=45\n");
        deploy("one", WEB);
        assertThat(read("one/manifest.json")).contains("\"sleep\": 2700,");
        run("deploy", words("one", WEB, "sleep=0"), bundle(WEB));
        assertThat(read("one/manifest.json")).contains("\"sleep\": 0,");
        run("deploy", words("one", WEB, "sleep=1800"), bundle(WEB));
        assertThat(read("one/manifest.json")).contains("\"sleep\": 1800,");
        assertThat(run("deploy", words("one", WEB, "sleep=299"), bundle(WEB))).contains("\"word\":\"USAGE\"");
        write(".host/pages.sh", "an older program\n");
        assertThat(run("deploy", words("one", WEB, "sleep=300"), bundle(WEB)))
                .contains("\"word\":\"UNAVAIL\"", "compose:provision");
        assertThat(deploy("one", WEB)).contains("\"word\":\"OK\"");
    }

    @Test
    void whateverWasKilledTheNextTickOrRequestCompletes() {
        asleep("one");
        put("containers", containers().replace("stopped", "running") + "\n");
        sweep();
        assertThat(containers()).as("killed before the stop").isEqualTo("one web stopped");

        rename("one/asleep", "one/waking");
        sweep();
        assertThat(containers()).as("killed before the start").isEqualTo("one web running");
        assertThat(marks("one")).containsExactly("awake");

        put("containers", containers().replace("running", "stopped") + "\n");
        sweep();
        assertThat(marks("one")).as("stopped by a reboot").containsExactly("asleep");
        rename("one/asleep", "one/waking");
        assertThat(get("one.test", "/")).as("killed before the start").startsWith("HTTP/1.1 307 ");
        assertThat(containers()).isEqualTo("one web running");
    }

    @Test
    void whatHadEndedIsNotRunAgain() {
        deploySleeper("one");
        put("containers", "one web running\none migrate exited\none db running\n");
        idle("one", 300);
        assertThat(sleeps("one")).isTrue();
        put("calls", "");
        assertThat(get("one.test", "/")).startsWith("HTTP/1.1 307 ");
        assertThat(calls()).contains(" up --detach --no-deps --no-recreate --no-build --pull never db web\n");
    }

    @Test
    void manyRequestsStartItOnce() {
        asleep("one");
        put("calls", "");
        var answers = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < 20; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> get("one.test", "/")));
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).startsWith("HTTP/1.1 307 "));
        assertThat(calls()).containsOnlyOnce(" --pull never web\n");
    }

    @Test
    void aBrowserSeesThatItIsStarting() throws Exception {
        asleep("one");
        put("no-route", "");
        assertThat(ask("GET / HTTP/1.1\r\nHost: one.test\r\nAccept: text/html,*/*;q=0.8\r\n\r\n"))
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("\r\nRetry-After: 2\r\n", "http-equiv=\"refresh\" content=\"2\"", "It is starting");
        Files.delete(stub.resolve("no-route"));
        assertThat(ask("GET / HTTP/1.1\r\nHost: one.test\r\nAccept: text/html\r\n\r\n"))
                .startsWith("HTTP/1.1 307 ");
        assertThat(containers()).isEqualTo("one web running");
    }

    @Test
    void theAnswerLeadsNowhereElse() {
        asleep("one");
        assertThat(ask("GET / HTTP/1.1\r\nHost: one.test\r\nX-Pages-Probe: 1\r\n\r\n"))
                .startsWith("HTTP/1.1 503 ");
        assertThat(marks("one")).as("the probe itself wakes nothing").containsExactly("asleep");
        for (var path : List.of("x", "http://evil.test/", "/a\u0001", "/é", "@evil.test/")) {
            assertThat(get("one.test", path)).as(path).startsWith("HTTP/1.1 400 ");
        }
        assertThat(marks("one")).containsExactly("asleep");
        assertThat(ask("GET //evil.test/ HTTP/1.1\r\nHost: one.test\r\nX-Forwarded-Proto: https\r\n\r\n"))
                .contains("\r\nLocation: https://one.test//evil.test/\r\n");
        assertThat(get("xone.test", "/")).isEqualTo(get("never.test", "/"));
    }

    @Test
    void aDeployAndACommandWakeIt() {
        asleep("one");
        put("hook", "case $* in 'ps '*' {{.State}} '*'.service\"}}') echo id running web; exit ;; esac\n");
        assertThat(run("exec", List.of("project=one", "service=web", "budget=5"), "true\n"))
                .contains("\"exit\":0");
        assertThat(containers()).isEqualTo("one web running");
        assertThat(marks("one")).containsExactly("awake");

        rename("one/.used", "one/.used-before");
        asleep("one");
        deploySleeper("one");
        assertThat(marks("one")).isEmpty();
        assertThat(containers()).contains("one web running");
    }

    @Test
    void aLeaseThatEndsInSleepEndsIt() {
        asleep("one");
        write("one/removeat", "1000000000\n");
        sweep();
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(get("one.test", "/")).contains("expired on 2");
    }

    @Test
    void aSleepingEnvironmentThatBecomesPersistentIsWoken() {
        asleep("one");
        run("pin", List.of("project=one"), "ann\n");
        sweep();
        assertThat(containers()).isEqualTo("one web running");
    }

    @Test
    void onlyWhatIsAwakeCounts() {
        write(".limits", "environments=1\n");
        asleep("one");
        assertThat(deploy("two", WEB)).contains("\"word\":\"OK\"");
        assertThat(deploy("three", WEB)).contains("\"word\":\"POLICY\"");
    }

    private void deploySleeper(String project) {
        assertThat(run("deploy", words(project, WEB, "sleep=300"), bundle(WEB))).contains("\"word\":\"OK\"");
    }

    private void asleep(String project) {
        deploySleeper(project);
        idle(project, 300);
        assertThat(sleeps(project)).isTrue();
    }

    private void idle(String project, int seconds) {
        idle(project, seconds, () -> {});
    }

    /** Two ticks with so many seconds between them, in which something happens. */
    private void idle(String project, int seconds, Runnable meanwhile) {
        sweep();
        meanwhile.run();
        var fields = read(IDLE)
                .lines()
                .filter(line -> line.startsWith("was " + project + " "))
                .findFirst()
                .orElseThrow()
                .split(" ");
        write(
                IDLE,
                String.join(" ", fields[0], fields[1], fields[2], "" + (Long.parseLong(fields[3]) - seconds)) + "\n");
        sweep();
    }

    private boolean sleeps(String project) {
        return marks(project).equals(List.of("asleep"));
    }

    private List<String> marks(String project) {
        return List.of("asleep", "waking", "awake").stream()
                .filter(mark -> Files.exists(home.resolve(".yourlabs.compose/" + project + "/" + mark)))
                .toList();
    }

    private void rename(String from, String to) {
        var state = home.resolve(".yourlabs.compose");
        try {
            Files.move(state.resolve(from), state.resolve(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sweep() {
        assertThat(run("sweep", List.of(), "")).contains("\"word\":\"OK\"");
    }

    private void requests(String project, int count) {
        put(
                "metrics",
                "traefik_config_reloads_total 3\n"
                        + "traefik_service_requests_total{code=\"200\",method=\"GET\",protocol=\"http\",service=\""
                        + project
                        + "-1@docker\"} " + count + "\n");
    }

    /** PROJECT SERVICE STATE of each container. */
    private String containers() {
        return file("containers").strip().replaceAll("(?m) [0-9]+ [0-9]+$", "");
    }

    private String calls() {
        return file("calls");
    }

    private String file(String name) {
        try {
            return Files.readString(stub.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String get(String host, String path) {
        return ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: */*\r\n\r\n");
    }

    private String ask(String request) {
        var state = home.resolve(".yourlabs.compose");
        try {
            Path pages = state.resolve(".host/pages.sh");
            var process = begin(pages, List.of("answer", state.toString(), "ci.test"), Map.of());
            try (var out = process.getOutputStream()) {
                out.write(request.getBytes(StandardCharsets.UTF_8));
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
