package io.github.xdevops.compose.it;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.it.soak.Interruption;
import io.github.xdevops.compose.it.soak.Snapshot;
import io.github.xdevops.compose.it.soak.Step;
import io.github.xdevops.compose.it.soak.StepResult;
import io.github.xdevops.compose.it.soak.Target;
import io.github.xdevops.compose.it.soak.Version;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The real server as a target: a connection for each lane, one for the sweeper, and as many for accidents. */
final class SoakHost implements Target, AutoCloseable {
    private static final boolean TRACE = Boolean.getBoolean("soak.trace");
    /** Nobody else's, so that accidents happen to our own processes only. */
    static final String STATE = "soak-state-" + ProcessHandle.current().pid();

    static final String PREFIX = "soak-";

    private static final String EMPTY = """
            docker ps -aq --filter name=soak- | xargs -r docker rm -f -v >/dev/null
            docker network ls -q --filter name=soak- | xargs -r docker network rm >/dev/null
            docker volume ls -q --filter name=soak- | xargs -r docker volume rm >/dev/null
            rm -rf soak-state-*
            """;
    /** What somebody else has on the host: a stack by hand, and a record of the tool that was there before. */
    private static final String BYSTANDERS = """
            docker volume create --label com.docker.compose.project=soak-byhand soak-byhand >/dev/null &&
            docker run -d --init --network none --label com.docker.compose.project=soak-byhand -v soak-byhand:/data \\
              --restart always --name soak-byhand compose-it/busybox:1 sleep 1000000 >/dev/null &&
            mkdir -p "$STATE/reference" && cd "$STATE/reference" && echo 2000000000 >removeat && echo "services: {}" >docker-compose.yml
            """;

    private static final String LAPSE = """
            cd "$STATE/soak-$1" 2>/dev/null && echo "$2" >.removeat.lapse && mv .removeat.lapse removeat || true
            """;
    /** Kills VERB of PROJECT so many seconds after it has begun: alone, with all it started, or its connection. Says what. */
    private static final String INTERRUPT = """
            find_roots() { pgrep -f "[s]tacks-[0-9a-f]*[.]sh ($1) state=$STATE .*$2"; }
            case $2 in -1) of='' ;; *) of="project=soak-$2( |\\$)" ;; esac
            turns=0
            until roots=$(find_roots "$1" "$of"); do
              turns=$((turns + 1))
              [ $turns -lt 40 ] || exit 0
              sleep 0.02
            done
            sleep "$3"
            roots=$(find_roots "$1" "$of" | tr '\\n' ' ')
            case $4 in
            KILL) pids=$roots ;;
            KILL_ALL)
              pids=$(ps -eo pid=,ppid= | awk -v roots="$roots" '
                BEGIN { split(roots, r, " "); for (i in r) hit[r[i]] = 1 }
                { parent[$1] = $2 }
                END { for (p in parent) { for (q = p; q in parent && !(q in hit); q = parent[q]); if (q in hit) print p } }')
              ;;
            CUT)
              pids=''
              for pid in $roots; do
                while [ "$pid" -gt 1 ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != sshd ]; do
                  pid=$(ps -o ppid= -p "$pid" | tr -d ' ')
                  pid=${pid:-0}
                done
                [ "$pid" -le 1 ] || pids="$pids $pid"
              done
              ;;
            CLOSE) pids='' && [ -z "$roots" ] || echo hit ;;
            esac
            [ -z "$pids" ] || { kill -KILL $pids 2>/dev/null; echo hit; }
            """;

    private final TestServer server;
    private final SoakEyes eyes;
    private final Path directory;
    private final List<Lane> lanes = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** @param directory where compose files can be written */
    SoakHost(TestServer server, Path directory) {
        this.server = server;
        this.directory = directory;
        this.eyes = new SoakEyes(server);
        for (var version : Version.values()) {
            write(version);
        }
        for (int i = 0; i <= LANES; i++) {
            lanes.add(new Lane());
        }
    }

    @Override
    public void reset() {
        eyes.run(EMPTY);
        eyes.run(BYSTANDERS);
    }

    @Override
    public List<StepResult> play(List<Step> round) {
        var outcomes = new StepResult[round.size()];
        var work = new ArrayList<Callable<Object>>();
        for (int i = 0; i < lanes.size(); i++) {
            int number = i;
            work.add(() -> {
                for (int at = 0; at < outcomes.length; at++) {
                    var step = round.get(at);
                    if (number == (step.project() < 0 ? LANES : step.project() % LANES)) {
                        var began = System.nanoTime();
                        outcomes[at] = lanes.get(number).play(step);
                        trace(began, step + ": " + outcomes[at]);
                    }
                }
                return null;
            });
        }
        try {
            // All of them have ended before the first failure is told.
            threads.invokeAll(work).forEach(SoakHost::join);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (Arrays.stream(outcomes).anyMatch(StepResult::hit)) {
            // What a client asked the engine for before it was killed reaches it in this time, and then SoakEyes waits
            // for it.
            TestServer.pause(500);
        }
        return Arrays.asList(outcomes);
    }

    @Override
    public Snapshot look() {
        var began = System.nanoTime();
        var snapshot = eyes.look();
        trace(began, "quiet");
        return snapshot;
    }

    @Override
    public void close() {
        reset();
        eyes.run(EMPTY);
        threads.shutdownNow();
        lanes.forEach(Lane::close);
        eyes.close();
    }

    private static void trace(long began, String what) {
        if (TRACE) {
            System.out.printf(
                    Locale.ROOT,
                    "%6d ms  %s%n",
                    Duration.ofNanos(System.nanoTime() - began).toMillis(),
                    what);
        }
    }

    private Stack stack(Step step) {
        var revision = new Revision("soak", null, null, null, step.sequence());
        var repository = step.other() ? SoakEyes.ELSEWHERE : "acme/soak";
        var file = step.version() == Version.REFUSED ? Version.A : step.version();
        var stack = Stack.in(directory)
                .files(List.of(Path.of(file + ".yaml")))
                .environment(new Environment(repository, "branch/" + step.project(), revision))
                .project(PREFIX + step.project())
                .url("http://" + PREFIX + step.url() + "." + server.domain())
                .lifetime(Lifetime.parse(step.lifetime() + "s"))
                .render();
        if (step.version() == Version.REFUSED) {
            return new Stack(
                    stack.project(),
                    stack.environment(),
                    stack.lifetime(),
                    null,
                    stack.endpoints(),
                    stack.networks(),
                    stack.proxyNetwork(),
                    stack.text().replaceFirst("(?m)^    image: .*$", "$0\n    healthcheck:\n      retries: \"many\""),
                    stack.files(),
                    stack.warnings(),
                    stack.secrets());
        }
        eyes.learn(stack.text(), step.content());
        return stack;
    }

    private void write(Version version) {
        var text = new StringBuilder("services:\n");
        for (var container : version.containers()) {
            var service = container.substring(0, container.indexOf(':'));
            text.append("  ").append(service).append(":\n");
            text.append("    image: compose-it/busybox:1\n");
            text.append("    labels: {soak.version: ").append(version).append("}\n");
            text.append("    environment: {SOAK_VERSION: ").append(version).append("}\n");
            text.append(
                    version == Version.CRASH
                            ? "    command: [sh, -c, \"echo no database >&2; exit 3\"]\n"
                            : "    command: [sleep, \"1000000\"]\n");
            text.append("    volumes: [\"data:/data\"]\n");
        }
        // One of them, and only one, has the URL.
        text.append("    ports: [\"80\"]\nvolumes: {data: {}}\n");
        try {
            Files.writeString(directory.resolve(version + ".yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** A client, and somebody who makes accidents happen to it. */
    private final class Lane implements AutoCloseable {
        private final Host accidents = server.connect();
        private volatile Stacks stacks = server.stacks(STATE);

        StepResult play(Step step) {
            if (step.interruption() == Interruption.NONE) {
                return told(step);
            }
            var accident = threads.submit(() -> happen(step));
            var outcome = told(step);
            return outcome.withHit(join(accident));
        }

        private boolean happen(Step step) {
            var verb = switch (step.verb()) {
                case DEPLOY -> step.interruption() == Interruption.CUT ? "deploy" : "work";
                case SWEEP -> "sweep";
                default -> "down";
            };
            var words = List.of(
                    verb,
                    Integer.toString(step.project()),
                    step.millis() / 1000 + "." + "%03d".formatted(step.millis() % 1000),
                    step.interruption().name());
            var hit = SoakEyes.run(accidents, INTERRUPT, words).strip().equals("hit");
            if (hit && step.interruption() == Interruption.CLOSE) {
                stacks.close();
            }
            return hit;
        }

        private StepResult told(Step step) {
            try {
                return done(step);
            } catch (ComposeException e) {
                return StepResult.failed(e.word(), String.valueOf(e.getMessage()));
            } finally {
                if (step.interruption() == Interruption.CLOSE) {
                    stacks.close();
                    stacks = server.stacks(STATE);
                }
            }
        }

        private StepResult done(Step step) {
            return switch (step.verb()) {
                case DEPLOY -> {
                    var timeouts = new Timeouts(
                            Duration.ofSeconds(Step.BUDGET), Duration.ofSeconds(step.ready()), Duration.ofSeconds(60));
                    var deployed = stacks.deploy(stack(step), DeployOptions.within(timeouts), Progress.NONE);
                    yield StepResult.deployed(deployed.generation(), seconds(deployed.expires()), deployed.changed());
                }
                case EXTEND ->
                    StepResult.extended(
                            seconds(stacks.extend(PREFIX + step.project(), Lifetime.parse(step.lifetime() + "s"))));
                case DOWN -> StepResult.down(stacks.down(PREFIX + step.project(), Progress.NONE));
                case LAPSE -> {
                    var words = List.of(Integer.toString(step.project()), Long.toString(LONG_AGO));
                    SoakEyes.run(accidents, LAPSE, words);
                    yield StepResult.ok();
                }
                case SWEEP -> {
                    var removed = new HashSet<Integer>();
                    stacks.sweep(Progress.NONE)
                            .removed()
                            .forEach(project -> removed.add(Integer.parseInt(project.substring(PREFIX.length()))));
                    yield StepResult.swept(removed);
                }
                case RESTART -> {
                    TestServer.pause(step.millis());
                    restart();
                    yield StepResult.ok();
                }
            };
        }

        @Override
        public void close() {
            stacks.close();
            accidents.close();
        }
    }

    private static long seconds(Instant instant) {
        return instant == null ? 0 : instant.getEpochSecond();
    }

    private static void restart() {
        try {
            var script = new ProcessBuilder("./server", "restart")
                    .redirectErrorStream(true)
                    .start();
            var said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (script.waitFor() != 0) {
                throw new AssertionError("it/server restart: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
