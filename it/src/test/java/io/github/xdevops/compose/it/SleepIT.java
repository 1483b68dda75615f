package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An environment of a web service and a real PostgreSQL that falls asleep on a provisioned server, and is woken. */
@Tag("provision")
@Tag("exhaustive")
class SleepIT {
    static final String STATE = "/home/deploy/.yourlabs.compose";

    private static final String COMPOSE = """
            services:
              db:
                image: compose-it/postgres:1
                environment: {POSTGRES_PASSWORD: of-the-shop}
                healthcheck: {test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U postgres"], interval: 1s, retries: 60}
              migrate:
                image: compose-it/java:1
                command: ["busybox", "true"]
                depends_on: {db: {condition: service_healthy}}
              web:
                image: compose-it/java:1
                init: true
                expose: ["8080"]
                volumes: ["./app:/app:ro"]
                command: ["/jdk/bin/java", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", "/app",
                  "io.github.xdevops.compose.it.Answers", "1", "8080", "abrupt"]
                depends_on: {migrate: {condition: service_completed_successfully}}
                healthcheck: {test: ["CMD", "busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/"], interval: 1s, retries: 60}
            """;

    private static final byte[] BODY = new byte[300_000];

    @TempDir
    static Path directory;

    private static BareServer server;
    private static Maven maven;

    @BeforeAll
    static void setUp() throws Exception {
        DebianImages.providePostgres();
        JavaImage.provide(TestServer.required());
        server = new BareServer("sleep");
        BareImages.provideTraefik(server);
        try (var host = server.connect("root")) {
            Provisioning.on(host, () -> server.connect("root")).run(KilledProvision.FIRST, step -> {});
        }
        maven = new Maven(directory, TestServer.required());
        Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
        Files.write(directory.resolve("body"), BODY);
        var program = Answers.class.getName().replace('.', '/') + ".class";
        var copy = directory.resolve("app").resolve(program);
        Files.createDirectories(copy.getParent());
        try (var in = SleepIT.class.getResourceAsStream("/" + program)) {
            Files.copy(in, copy);
        }
    }

    @AfterAll
    static void remove() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void deployAwake() {
        assertThat(deploy("7d")).contains("shop.bare.test");
        assertThat(state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aRequestAtASleepingEnvironmentComesThroughUnharmed() throws Exception {
        fallAsleep();
        assertThat(server.run("docker ps -q --filter label=com.docker.compose.project=shop"))
                .isEmpty();
        var began = System.nanoTime();
        assertThat(curl("/index.html?a=b")).isEqualTo("version 1\n200 1");
        var get = (System.nanoTime() - began) / 1_000_000;
        assertThat(state()).isEqualTo(State.RUNNING);

        fallAsleep();
        began = System.nanoTime();
        var awake = curl("/hash", "--data-binary", "@" + directory.resolve("body"));
        var post = (System.nanoTime() - began) / 1_000_000;
        assertThat(awake).isEqualTo(Answers.hash(BODY) + "200 1");

        fallAsleep();
        began = System.nanoTime();
        server.run(
                "cd " + STATE + "/shop; docker compose -p shop -f docker-compose.yml start;"
                        + " until [ \"$(docker inspect -f {{.State.Health.Status}} shop-web-1)\" = healthy ]; do sleep 0.05; done");
        var byHand = (System.nanoTime() - began) / 1_000_000;
        Proof.claim("sleep: first answer of web + PostgreSQL after " + get + " ms (GET) and " + post
                + " ms (POST); docker compose start until healthy by hand: " + byHand + " ms");
    }

    @Test
    void sixteenClientsLoseNothing() throws Exception {
        fallAsleep();
        assertThat(lostOf(320)).isEmpty();
        Proof.claim("sleep: 16 clients on a sleeping environment lost 0 of 320 requests");
    }

    /** Sends requests from sixteen clients, and returns the wrong answers. */
    private static List<String> lostOf(int requests) {
        var threads = Executors.newFixedThreadPool(16);
        var answers = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < requests; i++) {
            var post = i % 4 == 0;
            answers.add(CompletableFuture.supplyAsync(
                    () -> post ? curl("/hash", "--data-binary", "of the client") : curl("/"), threads));
        }
        var hash = Answers.hash("of the client".getBytes(StandardCharsets.UTF_8));
        var lost = answers.stream()
                .map(CompletableFuture::join)
                .filter(answer -> !answer.matches("(version 1\n|" + hash + ")200 [01]"))
                .toList();
        threads.shutdown();
        return lost;
    }

    /** The pages serve fewer at once, so some requests are refused. */
    @Test
    void twoHundredAtOnceStartItOnce() throws Exception {
        fallAsleep();
        var began = server.run("date +%s").strip();
        var threads = Executors.newFixedThreadPool(200);
        var answers = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < 200; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> curl("/"), threads));
        }
        var right = answers.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.startsWith("version 1"))
                .count();
        threads.shutdown();
        assertThat(right).isPositive();
        assertThat(server.run(
                        "docker events --since $1 --until $(($(date +%s) + 1)) --filter event=start"
                                + " --filter label=com.docker.compose.project=shop --format \"{{.Actor.Attributes.name}}\" | sort",
                        began))
                .isEqualTo("shop-db-1\nshop-web-1\n");
        Proof.claim("sleep: 200 requests at once started the environment once; " + right + " were answered by it");
    }

    @Test
    void aBrowserWaitsOnAPageThatReloadsItself() throws Exception {
        fallAsleep();
        // What starts within two seconds shows no page.
        server.run("setsid flock $1/.locks/shop sleep 4 >/dev/null 2>&1 </dev/null &", STATE);
        var first = curl("/", "-H", "Accept: text/html", "--max-redirs", "0");
        assertThat(first).contains("http-equiv=\"refresh\"", "It is starting").endsWith("503 0");
        var answer = "";
        for (int tries = 0; !answer.startsWith("version 1") && tries < 30; tries++) {
            answer = curl("/", "-H", "Accept: text/html");
        }
        assertThat(answer).startsWith("version 1");
    }

    @Test
    void whateverIsKilledTheNextTickOrRequestMakesTrue() throws Exception {
        var random = new Random(Ring.seed());
        var kills = 0;
        for (int i = 0; i < 12; i++) {
            var sleeps = i % 2 == 0;
            if (sleeps) {
                assertThat(curl("/")).startsWith("version 1");
                idle();
            } else {
                fallAsleep();
            }
            server.run(
                    "systemd-run -q --unit=killed$1 --uid=deploy sh " + STATE + "/.host/pages.sh $2 " + STATE + " $3;"
                            + " sleep $4; systemctl kill -s KILL killed$1 2>/dev/null && echo || :; systemctl reset-failed killed$1 2>/dev/null || :",
                    "" + i,
                    sleeps ? "tick" : "wake",
                    sleeps ? "" : "shop",
                    "" + random.nextInt(sleeps ? 900 : 3000) / 1000.0);
            kills++;
            if (random.nextBoolean()) {
                var answer = curl("/");
                // Until Traefik knows that it is stopped.
                for (int tries = 0; answer.matches("(?s).*50[24] 0") && tries < 20; tries++) {
                    Thread.sleep(250);
                    answer = curl("/");
                }
                assertThat(answer).as("a request after kill " + i).isIn("version 1\n200 0", "version 1\n200 1");
            }
            tick(server);
            tick(server);
            var running = server.run("docker ps -q --filter label=com.docker.compose.project=shop | wc -l")
                    .strip();
            var asleep = state() == State.ASLEEP;
            assertThat(running).as("after kill " + i + ", " + state()).isEqualTo(asleep ? "0" : "2");
        }
        Proof.claim("sleep: after " + kills + " of " + kills
                + " kills no stack slept that ran, and none was awake that was stopped");
    }

    @Test
    void aDeployAndACommandWakeAndALeaseEndsInSleep() throws Exception {
        fallAsleep();
        var exec = goal("exec", "-Dcompose.service=db", "-Dcompose.command=echo from inside");
        assertThat(exec.exit()).as(exec.out()).isZero();
        assertThat(exec.out()).contains("from inside");
        assertThat(state()).isEqualTo(State.RUNNING);
        idle();
        tick(server);
        assertThat(state()).as("the command was its last use").isEqualTo(State.RUNNING);
        server.run("rm " + STATE + "/shop/.used");

        fallAsleep();
        assertThat(goal("list").out()).contains(" asleep ");
        assertThat(goal("status").out()).contains("asleep, last deploy ok");
        assertThat(deploy("7d")).contains("shop.bare.test");
        assertThat(state()).isEqualTo(State.RUNNING);
        assertThat(curl("/")).isEqualTo("version 1\n200 0");

        idle();
        server.run(
                "runuser -u deploy -- env XDG_RUNTIME_DIR=/run/user/$(id -u deploy) systemctl --user start xdevops-sweeper");
        assertThat(state()).as("after a tick of the server's own timer").isEqualTo(State.ASLEEP);
        server.run("echo 1000000000 >" + STATE + "/shop/removeat");
        assertThat(goal("sweep").exit()).isZero();
        assertThat(server.run("docker ps -aq --filter label=com.docker.compose.project=shop"))
                .isEmpty();
        assertThat(curl("/")).contains("expired on ").endsWith("404 0");
    }

    @Test
    void whatSleepsCostsASweepNothing() throws Exception {
        try {
            records(0, "");
            var plain = sweepTime();
            records(1800, "echo ,many$i.bare.test, >$1/many$i/asleep;");
            var sleeping = sweepTime();
            Proof.claim("sleep: a sweep over 200 sleeping environments takes " + sleeping + " ms, over 200 others "
                    + plain + " ms");
            assertThat(sleeping).isLessThan(plain * 2);
        } finally {
            server.run("rm -rf $1/many*", STATE);
        }
    }

    /** Copies the first record 200 times. */
    private static void records(int sleep, String more) {
        server.run(
                "rm -rf $1/many*; for i in $(seq 200); do mkdir $1/many$i; echo 9999999999 >$1/many$i/removeat;"
                        + " sed \"s/shop/many$i/g; s/\\\"sleep\\\": [0-9]*/\\\"sleep\\\": $2/\" $1/shop/manifest.json >$1/many$i/manifest.json; "
                        + more + " done; chown -R deploy $1/many*",
                STATE,
                "" + sleep);
    }

    /** The best of five. */
    private static long sweepTime() {
        return Long.parseLong(server.run(
                        "for i in 1 2 3 4 5; do a=$(date +%s%N); runuser -u deploy -- sh -c \"cd; sh $1/.host/stacks-*.sh sweep nonce=x\" >/dev/null;"
                                + " echo $((($(date +%s%N) - a) / 1000000)); done | sort -n | head -n 1",
                        STATE)
                .strip());
    }

    private static void fallAsleep() {
        putToSleep(server, "shop", 1800);
        assertThat(state()).isEqualTo(State.ASLEEP);
    }

    /** Lets the seconds pass for a project without a request, and then calls the tick that looks at it. */
    static void putToSleep(BareServer server, String project, int seconds) {
        idle(server, project, seconds);
        tick(server);
    }

    private static void idle() {
        idle(server, "shop", 1800);
    }

    private static void idle(BareServer server, String project, int seconds) {
        tick(server);
        server.run("sed -i \"s/^\\(was $2 [^ ]* \\).*/\\1-$3/\" $1/.host/.idle", STATE, project, "" + seconds);
    }

    private static void tick(BareServer server) {
        server.run("runuser -u deploy -- sh $1/.host/pages.sh tick $1", STATE);
    }

    private static State state() {
        try (var stacks = Stacks.on(server.connect("deploy"))) {
            return stacks.inspect("shop").status().state();
        }
    }

    private static String deploy(String lifetime) {
        var deployed = goal(
                "deploy",
                "-Dcompose.images=transfer",
                "-Dcompose.branch=shop",
                "-Dcompose.domain=bare.test",
                "-Dcompose.urlCheck=none",
                "-Dcompose.lifetime=" + lifetime,
                "-Dcompose.sleep=30m");
        assertThat(deployed.exit()).as(deployed.out()).isZero();
        return deployed.out();
    }

    private static Maven.Outcome goal(String name, String... options) {
        var all = new ArrayList<>(List.of(
                "-Dcompose.host=deploy@" + server.ip(),
                "-Dcompose.privateKey=" + server.key(),
                "-Dcompose.knownHosts=" + server.knownHosts(),
                "-Dcompose.project=shop"));
        all.addAll(List.of(options));
        return maven.run(name, all, Map.of());
    }

    /** Follows redirects, and returns the page, the status and the number of redirects. */
    private static String curl(String path, String... options) {
        var command = new ArrayList<>(List.of(
                "curl",
                "-sL",
                "-m",
                "70",
                "-w",
                "%{http_code} %{num_redirects}",
                "--resolve",
                "shop.bare.test:80:" + server.ip()));
        command.addAll(List.of(options));
        command.add("http://shop.bare.test" + path);
        try {
            var curl = new ProcessBuilder(command).start();
            return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
