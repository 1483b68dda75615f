package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Permission;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.Stacks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a real server without room refuses, and what makes room on it. */
@Tag("alone")
class AdmissionIT {
    private static final String STATE = "admission";
    private static final int PLACES = 3;
    private static final int DEPLOYS = 6;
    private static final Timeouts AT_ONCE = new Timeouts(Duration.ofMinutes(10), Duration.ZERO, Duration.ofMinutes(5));

    @RegisterExtension
    private final Deployments here = Deployments.recordedIn(STATE);

    private final List<String> log = new ArrayList<>();
    private final TestServer server = here.server();
    private final Stacks stacks = here.stacks();

    @Test
    void theExpiredMakeRoomFirstAndThenWhatMayBeEvicted() throws Exception {
        limits("environments=2");
        var sooner = stack("sooner", "1h");
        var later = stack("later", "7d");
        deploy(sooner, false);
        deploy(later, false);
        var third = stack("third", "7d");
        assertThat(refusal(third, false))
                .hasMessageContainingAll("the server has 2 review environments, and may have 2", "compose.evict=true")
                .extracting(ComposeException::word)
                .isEqualTo(Outcome.POLICY);
        assertNothingOf(third);

        stacks.extend(later.project(), Lifetime.parse("1s"));
        await("expired", later);
        deploy(third, true);
        assertThat(log).contains("swept " + later.project()).noneMatch(line -> line.startsWith("evicted"));
        assertThat(server.remains(later.project())).isEmpty();

        var fourth = stack("fourth", "7d");
        deploy(fourth, true);
        assertThat(log)
                .anyMatch(line -> line.startsWith("evicted " + sooner.project() + ", which would have expired at 2"));
        assertThat(server.remains(sooner.project())).isEmpty();
        assertThat(stacks.list())
                .extracting(StackStatus::project)
                .containsExactlyInAnyOrder(third.project(), fourth.project());
    }

    @Test
    void whatIsShortOfDiskOrMemoryIsRefusedBeforeALargeUpload() throws Exception {
        var stack = stack("large", "7d", 1, "x".repeat(250_000));
        limits("disk_mib=99999999999");
        assertThat(refusal(stack, true))
                .hasMessageContainingAll("the disk at /", "MiB free, and a deploy wants 99999999999")
                .extracting(ComposeException::word)
                .isEqualTo(Outcome.IOERR);
        limits("inodes=999999999999");
        assertThat(refusal(stack, true))
                .hasMessageContainingAll("inodes free, and a deploy wants 999999999999")
                .extracting(ComposeException::word)
                .isEqualTo(Outcome.IOERR);
        limits("memory_mib=99999999999");
        assertThat(refusal(stack, true))
                .hasMessageContainingAll("MiB of memory left, and a deploy wants 99999999999 MiB")
                .extracting(ComposeException::word)
                .isEqualTo(Outcome.UNAVAIL);
        assertNothingOf(stack);
        limits("disc_mib=1", "memory_mib=many");
        deploy(stack, false);
        assertThat(log)
                .anyMatch(line -> line.contains("`disc_mib=1` does nothing"))
                .anyMatch(line -> line.contains("`memory_mib=many` does nothing"));
    }

    @Test
    void addressPoolsAreCountedAsDockerCountsThem() throws Exception {
        var pool = server.docker("info", "--format", "{{range .DefaultAddressPools}}{{.Base}}/{{.Size}}{{end}}")
                .strip();
        assumeTrue(
                pool.matches("10\\.[0-9]+\\.0\\.0/16/[0-9]+"),
                "not checked: address pools that run out, because Docker here has other pools than one 10.X.0.0/16");
        var blocks = leaveTwo(pool);

        var three = stack("three", "7d", 3, "");
        assertThat(refusal(three, false))
                .hasMessageContainingAll("room for 2 more networks, and 3 are wanted", "default-address-pools")
                .extracting(ComposeException::word)
                .isEqualTo(Outcome.UNAVAIL);
        assertNothingOf(three);

        var two = stack("two", "7d", 2, "");
        deploy(two, false);
        var made = server.docker("network", "ls", "-q", "--filter", "label=com.docker.compose.project=" + two.project())
                .lines()
                .count();
        assertThat(made).isEqualTo(2);
        deploy(two, false);

        var one = stack("one", "7d", 1, "");
        assertThat(refusal(one, false)).hasMessageContaining("room for 0 more networks, and 1 are wanted");
        limits("networks=0");
        assertThat(refusal(one, false))
                .as("Docker itself refuses")
                .hasMessageContainingAll("address pool", "default-address-pools")
                .extracting(ComposeException::word)
                .isEqualTo(Outcome.UNAVAIL);
        stacks.down(one.project(), Progress.NONE);
        assertThat(server.remains(one.project())).isEmpty();

        limits();
        deploy(one, true);
        assertThat(log).anyMatch(line -> line.startsWith("evicted " + two.project() + ", "));
        assertThat(server.remains(two.project())).isEmpty();
        Proof.claim(
                "address pools: " + blocks + " blocks taken, " + made + " networks left by our count and by Docker's, "
                        + three.networks() + " refused, " + two.networks() + " deployed");
    }

    @Test
    void deploysAtTheSameMomentNeverPassTheLimit() throws Exception {
        limits("environments_per_repository=" + PLACES);
        var all = new ArrayList<Stack>();
        for (int i = 0; i < DEPLOYS; i++) {
            all.add(stack("race-" + i, "7d"));
        }
        var words = new ArrayList<Outcome>();
        var outcomes = new ArrayList<Future<Outcome>>();
        var pool = Executors.newFixedThreadPool(DEPLOYS);
        try {
            for (var stack : all) {
                outcomes.add(pool.submit((Callable<Outcome>) () -> outcome(stack)));
            }
            for (var outcome : outcomes) {
                words.add(outcome.get());
            }
            assertThat(words).filteredOn(word -> word == Outcome.OK).hasSize(PLACES);
            assertThat(words).filteredOn(word -> word == Outcome.POLICY).hasSize(DEPLOYS - PLACES);
        } finally {
            pool.shutdownNow();
        }
        assertThat(stacks.list()).hasSize(PLACES);
        assertThat(server.login("ls -A " + STATE + "/.staging")).isEmpty();
        Proof.claim("admission: " + DEPLOYS + " first deploys at once for " + PLACES + " places, came up: "
                + stacks.list().size() + ", refused: "
                + words.stream().filter(word -> word == Outcome.POLICY).count());
    }

    private Outcome outcome(Stack stack) {
        try (var own = server.stacks(STATE)) {
            own.deploy(stack, DeployOptions.within(AT_ONCE), Progress.NONE);
            return Outcome.OK;
        } catch (ComposeException e) {
            return e.word();
        }
    }

    /** Takes all of a pool but its last two networks, in blocks as large as what is in use allows. */
    private long leaveTwo(String pool) {
        var size = Integer.parseInt(pool.substring(pool.lastIndexOf('/') + 1));
        var second = Integer.parseInt(pool.split("\\.")[1]);
        take((10 << 24) + (second << 16), 16, size);
        return server.docker("network", "ls", "-q", "--filter", "name=admission-")
                .lines()
                .count();
    }

    private void take(int start, int bits, int size) {
        var kept = (start & 0xffff0000) + 0x10000 - (2 << (32 - size));
        var last = start + (1 << (32 - bits)) - 1;
        if (start >= kept || (last < kept && created(start, bits)) || bits == size) {
            return;
        }
        take(start, bits + 1, size);
        take(start + (1 << (31 - bits)), bits + 1, size);
    }

    private boolean created(int start, int bits) {
        var subnet = "10." + (start >> 16 & 255) + "." + (start >> 8 & 255) + "." + (start & 255) + "/" + bits;
        try {
            server.docker("network", "create", "--subnet", subnet, "admission-" + subnet.replace('/', '-'));
            return true;
        } catch (AssertionError e) {
            assertThat(e).hasMessageContaining("overlap");
            return false;
        }
    }

    private void deploy(Stack stack, boolean evict) {
        log.clear();
        var options = DeployOptions.within(AT_ONCE).withPermissions(evict ? Set.of(Permission.EVICT) : Set.of());
        stacks.deploy(stack, options, new Lines(log));
    }

    private ComposeException refusal(Stack stack, boolean evict) {
        return catchThrowableOfType(ComposeException.class, () -> deploy(stack, evict));
    }

    private void assertNothingOf(Stack stack) {
        assertThat(log).doesNotContain("phase upload");
        assertThat(server.remains(stack.project())).isEmpty();
        assertThat(server.login("ls -A " + STATE + "/.staging")).isEmpty();
        assertThat(stacks.list()).extracting(StackStatus::project).doesNotContain(stack.project());
    }

    private void await(String state, Stack stack) {
        for (int i = 0; i < 100; i++) {
            if (stacks.list().stream()
                    .anyMatch(status -> status.project().equals(stack.project())
                            && status.state().toString().equals(state))) {
                return;
            }
            TestServer.pause(100);
        }
        throw new AssertionError(stack.project() + " is not " + state);
    }

    private void limits(String... lines) {
        server.login("mkdir -p -m 700 " + STATE + " && printf \"%s\\n\" " + String.join(" ", lines) + " >" + STATE
                + "/.limits");
    }

    @BeforeEach
    @AfterEach
    void cleanUp() {
        for (var status : stacks.list()) {
            stacks.down(status.project(), Progress.NONE);
        }
        server.docker("network", "ls", "--filter", "name=admission-", "--format", "{{.Name}}")
                .lines()
                .forEach(name -> server.docker("network", "rm", name));
        server.login("rm -rf " + STATE);
    }

    private Stack stack(String branch, String lifetime) {
        return stack(branch, lifetime, 1, "");
    }

    private Stack stack(String branch, String lifetime, int networks, String filler) {
        var names = IntStream.range(0, networks).mapToObj(i -> "n" + i).collect(Collectors.joining(", "));
        var file = """
                services:
                  worker:
                    image: compose-it/busybox:1
                    command: ["sleep", "1000"]
                    networks: [%s]
                networks: {%s}
                x-filler: "%s"
                """.formatted(names, names, filler);
        return here.compose(Environment.of("acme/admission", branch), file)
                .lifetime(Lifetime.parse(lifetime))
                .unrouted()
                .render();
    }

    private record Lines(List<String> lines) implements Progress {
        @Override
        public void phase(String name) {
            lines.add("phase " + name);
        }

        @Override
        public void line(String text) {
            lines.add(text);
        }
    }
}
