package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.proof.Ring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server without room refuses deploys, sweeps and evicts, under real shells with a stand-in for docker and df (P8). */
@EveryShell
class AdmissionScriptTest extends InEveryShell {
    private static final String OK = "\"word\":\"OK\"";
    private static final String SHOP = "a1";
    private static final int DAY = 86400;
    private static final long SEED = 20;
    private static final int CASES = Ring.count(40, 100);

    @BeforeEach
    void aServerWithRoom() throws IOException {
        // busybox prefers its own df to one in the PATH.
        Files.writeString(
                script,
                Files.readString(script)
                        .replace("$(df ", "$(sh \"$STUB/df\" ")
                        .replace("/proc/meminfo", home.resolve("meminfo").toString())
                        .replace("/proc/net/route", home.resolve("route").toString()));
        df("9000000", "900000");
        Files.writeString(home.resolve("meminfo"), "MemTotal: 9000000 kB\nMemAvailable:    8000000 kB\n");
        Files.writeString(home.resolve("route"), "");
    }

    @Test
    void aFullDiskRefusesBeforeAnythingIsStaged() throws IOException {
        df("500000", "900000");
        assertThat(deploy("one", WEB))
                .contains(
                        "\"word\":\"IOERR\"",
                        "the disk at /srv/some where has 488 MiB free, and a deploy wants 1024",
                        "compose:down",
                        ".limits")
                .doesNotContain("phase upload", "inodes");
        assertNothingOf("one");
        df("-20", "900000");
        assertThat(deploy("one", WEB)).contains("\"word\":\"IOERR\"", "has 0 MiB free");
        limits("disk_mib=0");
        assertThat(deploy("one", WEB)).contains(OK);
    }

    @Test
    void aDiskWithoutInodesRefuses() throws IOException {
        df("9000000", "9999");
        assertThat(deploy("one", WEB))
                .contains("\"word\":\"IOERR\"", "/srv/some where has 9999 inodes free, and a deploy wants 10000");
        assertNothingOf("one");
        limits("inodes=9999");
        assertThat(deploy("one", WEB)).contains(OK);
    }

    @Test
    void aFileSystemThatDoesNotCountInodesIsNoFault() throws IOException {
        for (var none : List.of("btrfs 0 0 0 - /srv", "btrfs 0 0 0 0% /srv", "btrfs - - - - /srv", "")) {
            Files.writeString(
                    stub.resolve("df"),
                    "case $1 in -Pi) printf 'Filesystem\\n%s\\n' '" + none + "' ;; *) exit 1 ;; esac\n");
            assertThat(deploy("one", WEB)).as(none).contains(OK);
        }
    }

    @Test
    void theRealDfIsUnderstood() throws IOException {
        Files.writeString(stub.resolve("df"), "exec df \"$@\"\n");
        limits("disk_mib=99999999999", "inodes=999999999999");
        assertThat(deploy("one", WEB))
                .containsPattern("the disk at /[^ ]* has [0-9]+ MiB free, and a deploy wants 99999999999")
                .contains("\"word\":\"IOERR\"");
    }

    @Test
    void aServerWithoutMemoryRefuses() throws IOException {
        Files.writeString(home.resolve("meminfo"), "MemTotal: 9000000 kB\nMemAvailable:     102400 kB\n");
        assertThat(deploy("one", WEB))
                .contains("\"word\":\"UNAVAIL\"", "the server has 100 MiB of memory left, and a deploy wants 256 MiB");
        assertNothingOf("one");
        Files.writeString(home.resolve("meminfo"), "MemTotal: 9000000 kB\n");
        assertThat(deploy("one", WEB)).as("an old kernel does not say").contains(OK);
    }

    @Test
    void addressPoolsThatAreUsedUpRefuseAFirstDeployOnly() throws IOException {
        info("10.9.0.0/24/26 fd00::/48/64");
        // 10.9.0.64/26 is a network's, 10.9.0.128/25 goes through a gateway, and there is a default route.
        Files.writeString(home.resolve("route"), """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
                br-1\t4000090A\t00000000\t0001\t0\t0\t0\tC0FFFFFF\t0\t0\t0
                eth0\t8000090A\t010200C0\t0003\t0\t0\t0\t80FFFFFF\t0\t0\t0
                """);
        assertThat(first("one", SHOP, "networks=4"))
                .contains(
                        "\"word\":\"UNAVAIL\"", "room for 3 more networks, and 4 are wanted", "default-address-pools");
        assertNothingOf("one");
        assertThat(first("one", SHOP, "networks=3")).contains(OK);
        assertThat(first("one", SHOP, "networks=4"))
                .as("a redeploy has its networks")
                .contains(OK);
        limits("networks=5");
        assertThat(first("two", SHOP, "networks=1")).contains("room for 3 more networks, and 5 are wanted");
        assertThat(first("two", SHOP, "networks=0")).as("needs none").contains(OK);
        limits("networks=0");
        assertThat(first("three", SHOP, "networks=4")).contains(OK);
    }

    /** Each answer against one that looks at every subnet of every pool. */
    @Test
    void freeNetworksAreThoseThatNoRouteTouches() throws IOException {
        var random = new Random(SEED);
        var awk = Files.writeString(home.resolve("networks.awk"), part("deploy/networks.awk"));
        var driver = new StringBuilder();
        var expected = new ArrayList<String>();
        for (int i = 0; i < CASES; i++) {
            var network = new RandomNetwork(random);
            var routes = Files.writeString(home.resolve("route" + i), network.routes());
            driver.append("awk -v pools='%s' -f %s %s\n".formatted(network.pools(), awk, routes));
            expected.add(Long.toString(network.free()));
        }
        Files.writeString(script, driver);
        assertThat(run("", List.of(), "").lines()).as("seed " + SEED).containsExactlyElementsOf(expected);
        assertThat(expected.stream().distinct()).as("not all alike").hasSizeGreaterThan(CASES / 4);
    }

    @Test
    void dockersOwnPoolsHoldAboutThirty() throws IOException {
        info("");
        assertThat(first("one", SHOP, "networks=32")).contains("room for 31 more networks, and 32 are wanted");
        Files.writeString(stub.resolve("info"), home + "\n[name=rootless]\n\n");
        assertThat(first("one", SHOP, "networks=32"))
                .as("its networks cannot be seen from here")
                .contains(OK);
        Files.writeString(stub.resolve("info"), home + "/elsewhere\n[]\n10.9.0.0/24/26\n");
        assertThat(first("two", SHOP, "networks=32")).as("on another machine").contains(OK);
    }

    @Test
    void environmentsAreCountedInAllAndByRepository() {
        limits("environments=3", "environments_per_repository=2");
        assertThat(first("one", SHOP)).contains(OK);
        assertThat(first("two", SHOP)).contains(OK);
        assertThat(first("three", SHOP))
                .contains(
                        "\"word\":\"POLICY\"",
                        "this repository has 2 review environments on the server, and may have 2")
                .doesNotContain("the server has");
        assertNothingOf("three");
        assertThat(first("two", SHOP)).as("a redeploy").contains(OK);
        assertThat(first("other", "b2")).contains(OK);
        assertThat(first("another", "b2"))
                .contains("\"word\":\"POLICY\"", "the server has 3 review environments, and may have 3")
                .doesNotContain("this repository has");
    }

    @Test
    void aServerWithoutReviewsTakesPersistentEnvironmentsAndKeepsReviewsThatItHas() {
        assertThat(first("one", SHOP)).contains(OK);
        limits("environments=none");
        assertThat(first("two", SHOP, "evict=yes"))
                .contains("\"word\":\"POLICY\"", "two would be a review environment", "compose.lifetime=forever");
        assertNothingOf("two");
        assertThat(first("one", SHOP)).as("a redeploy").contains(OK);
        assertThat(first("shop", SHOP, "lifetime=forever")).contains(OK).doesNotContain("does nothing");
    }

    @Test
    void persistentStacksDoNotCountAndAreNotRefused() {
        limits("environments=1", "environments_per_repository=1");
        assertThat(first("staging", SHOP, "lifetime=forever")).contains(OK);
        assertThat(first("one", SHOP)).contains(OK);
        assertThat(first("production", SHOP, "lifetime=forever")).contains(OK);
        assertThat(first("two", SHOP)).contains("has 1 review environments on the server, and may have 1");
    }

    @Test
    void whatHasExpiredMakesRoomFirst() {
        limits("environments=2");
        first("old", "b2");
        first("young", SHOP);
        endIn("old", -60);
        assertThat(first("one", SHOP, "evict=yes"))
                .contains("@n note swept old", OK)
                .doesNotContain("evicted");
        assertThat(record("old")).doesNotExist();
        assertThat(record("young")).exists();
    }

    @Test
    void diskIsMeasuredAgainAfterTheSweep() throws IOException {
        first("old", "b2");
        endIn("old", -60);
        Files.writeString(stub.resolve("hook"), "case $* in *' down '*) : >\"$STUB/freed\" ;; esac\n");
        Files.writeString(stub.resolve("df"), """
                free=1
                [ ! -f "$STUB/freed" ] || free=9000000
                printf 'Filesystem\\n/dev/a b 90000000 1 %s 99%% /srv\\n' $free
                """);
        assertThat(first("one", SHOP)).contains("@n note the disk at /srv has 0 MiB free", "@n note swept old", OK);
    }

    @Test
    void anotherSweepIsWaitedFor() throws IOException {
        limits("environments=1");
        first("old", SHOP);
        endIn("old", -60);
        var lock = home.resolve(".yourlabs.compose/.locks/.sweep").toString();
        var holder = new ProcessBuilder("flock", lock, "sh", "-c", "echo held; exec sleep 1").start();
        try {
            assertThat(holder.getInputStream().read()).isEqualTo('h');
            assertThat(first("one", SHOP)).contains("@n note swept old", OK);
        } finally {
            holder.descendants().forEach(ProcessHandle::destroy);
            holder.destroy();
        }
    }

    @Test
    void aDeployMayEvictTheEnvironmentOfItsRepositoryThatExpiresFirst() {
        limits("environments=5");
        first("later", SHOP);
        endIn("later", 2 * DAY);
        first("sooner", SHOP);
        var ends = endIn("sooner", DAY);
        first("pinned", SHOP);
        endIn("pinned", 100);
        assertThat(run("pin", List.of("project=pinned"), "")).contains("\"word\":\"OK\"");
        first("foreign", "b2");
        endIn("foreign", 100);
        first("staging", SHOP, "lifetime=forever");
        first("five", SHOP);
        first("six", SHOP);
        assertThat(first("one", SHOP)).contains("\"word\":\"POLICY\"", "compose.evict=true");
        assertThat(record("sooner")).as("not without being asked").exists();
        assertThat(first("one", SHOP, "evict=yes"))
                .contains("@n note evicted sooner, which would have expired at " + Instant.ofEpochSecond(ends), OK);
        assertThat(record("sooner")).doesNotExist();
        for (var stays : List.of("later", "pinned", "foreign", "staging", "five", "six")) {
            assertThat(record(stays)).exists();
        }
        assertThat(first("two", SHOP, "evict=yes")).contains("@n note evicted later, which", OK);
    }

    @Test
    void neitherARedeployNorAnotherRepositoryEvicts() {
        first("one", SHOP);
        first("foreign", "b2");
        first("legacy", "b2");
        write("legacy/manifest.json", read("legacy/manifest.json").replace("\"repository\": \"b2\",\n", ""));
        limits("environments=1", "memory_mib=99999999");
        assertThat(changed("one", SHOP, "evict=yes"))
                .contains("\"word\":\"UNAVAIL\"", "nothing of this repository could be evicted")
                .doesNotContain("@n note evicted");
        assertThat(run("deploy", words("two", WEB, "evict=yes"), bundle(WEB)))
                .as("of no repository")
                .contains("nothing of this repository could be evicted");
        for (var stays : List.of("one", "foreign", "legacy")) {
            assertThat(record(stays)).exists();
        }
    }

    @Test
    void noMoreThanThreeAreEvictedAndNoneWhenThatIsNotEnough() {
        for (var name : List.of("a", "b", "c", "d", "e")) {
            first(name, SHOP);
        }
        limits("environments_per_repository=2");
        assertThat(first("one", SHOP, "evict=yes"))
                .contains("\"word\":\"POLICY\"")
                .doesNotContain("@n note evicted");
        limits("environments_per_repository=3");
        endIn("b", 100);
        endIn("d", 200);
        endIn("a", 300);
        assertThat(first("one", SHOP, "evict=yes"))
                .contains("@n note evicted b, ", "@n note evicted d, ", "@n note evicted a, ", OK);
        limits("memory_mib=99999999");
        first("f", SHOP);
        limits();
        first("f", SHOP);
        first("g", SHOP);
        limits("memory_mib=99999999");
        assertThat(first("two", SHOP, "evict=yes"))
                .contains("\"word\":\"UNAVAIL\"", "it would not be enough")
                .doesNotContain("@n note evicted ");
        assertNothingOf("two");
    }

    @Test
    void evictionCountsOnlyMemoryAndDiskThatAnEnvironmentUses() throws IOException {
        first("one", SHOP);
        first("two", SHOP);
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'stats --no-stream'*) printf '%s\\n' '30MiB / 7.6GiB' '0.1GiB / 7.6GiB' ; exit ;;
                'ps -as '*) echo '1.2kB (virtual 133MB)'; exit ;;
                'ps -q '*) echo id; exit ;;
                esac
                """);
        Files.writeString(home.resolve("meminfo"), "MemAvailable:     102400 kB\n"); // 156 MiB are missing
        assertThat(first("three", SHOP, "evict=yes")).contains("@n note evicted ");
        Files.writeString(home.resolve("meminfo"), "MemAvailable:     8000000 kB\n");
        first("four", SHOP);
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'volume ls '*) echo data; exit ;;
                'system df '*) printf '%s\\n' 'data 50MB' 'shop 500GB'; exit ;;
                esac
                """);
        df("900000", "900000"); // 145 MiB are missing
        assertThat(first("five", SHOP, "evict=yes"))
                .contains("\"word\":\"IOERR\"", "it would not be enough")
                .doesNotContain("@n note evicted ");
        df("9000000", "10");
        assertThat(first("five", SHOP, "evict=yes")).doesNotContain("@n note evicted ");
    }

    @Test
    void aRenewalOfWhatRunsNeedsNoRoom() throws IOException {
        assertThat(deploy("one", WEB)).contains(OK);
        df("500", "10");
        assertThat(deploy("one", WEB)).contains("\"changed\":false", OK);
        assertThat(deploy("one", "services: {web: {image: y}}\n")).contains("\"word\":\"IOERR\"");
    }

    @Test
    void aVictimThatIsBusyOrHasChangedStaysAndTheNextGoes() throws IOException {
        limits("environments=2");
        first("busy", SHOP);
        var ends = endIn("busy", 100);
        first("idle", SHOP);
        var lock = home.resolve(".yourlabs.compose/.locks/busy").toString();
        var holder = new ProcessBuilder("flock", lock, "sh", "-c", "echo held; exec sleep 60").start();
        try {
            assertThat(holder.getInputStream().read()).isEqualTo('h');
            assertThat(first("one", SHOP, "evict=yes"))
                    .contains("@n note busy was not evicted: busy is busy", "@n note evicted idle, ", OK);
        } finally {
            holder.descendants().forEach(ProcessHandle::destroy);
            holder.destroy();
        }
        var chosen = List.of("project=busy", "repository=" + SHOP, "ends=" + ends);
        endIn("busy", DAY);
        assertThat(run("evict", chosen, "")).contains("\"word\":\"BUSY\"", "has changed since it was chosen");
        assertThat(record("busy")).exists();
    }

    @Test
    void aVictimThatCannotBeTakenDownIsKeptForTheSweep() throws IOException {
        limits("environments=1");
        first("stuck", SHOP);
        Files.createFile(stub.resolve("stuck"));
        assertThat(first("one", SHOP, "evict=yes"))
                .contains("@n note stuck was not evicted: something of stuck is still in use", "\"word\":\"POLICY\"");
        assertThat(record("stuck").resolve("removing")).exists();
        Files.delete(stub.resolve("stuck"));
        assertThat(first("one", SHOP)).contains("@n note swept stuck", OK);
    }

    @Test
    void theFasterDeployGetsTheLastPlace() throws IOException {
        limits("environments=1");
        Files.writeString(
                stub.resolve("hook"),
                "case $* in *' config -q') mkdir -p \"$HOME/.yourlabs.compose/late\" && echo 2000000000 >\"$HOME/.yourlabs.compose/late/removeat\" ;; esac\n");
        assertThat(first("one", SHOP)).contains("\"word\":\"POLICY\"", "another deploy was faster");
        assertNothingOf("one");
    }

    @Test
    void aLineThatIsNoLimitIsReportedAndNeverRun() {
        var bad = List.of(
                "environments=$(touch pwned)",
                "environments=`touch pwned`",
                "environments=0x10",
                "environments=1 ",
                " environments=1",
                "environments=-1",
                "environments=",
                "environments",
                "=1",
                "1",
                "enviroments=1",
                "* =1",
                "memory_mib=1234567890123",
                "limit; touch pwned=1");
        limits(bad.toArray(String[]::new));
        var answer = deploy("one", WEB);
        for (var line : bad) {
            assertThat(answer).contains("@n warning in the file .limits, `" + line + "` does nothing");
        }
        assertThat(answer).contains(OK);
        assertThat(home.resolve("pwned")).doesNotExist();
        assertThat(answer.split("@n warning in the file .limits", -1))
                .as("said once")
                .hasSize(bad.size() + 1);
    }

    @Test
    void limitsMayHaveCommentsLeadingZerosAndNoLastLineBreak() {
        first("a", SHOP);
        write(".limits", "# ours\n\nenvironments=0000000001\nenvironments=9\nmemory_mib=08");
        var answer = first("one", SHOP);
        assertThat(answer)
                .contains("may have 1.", "`environments=9` does nothing")
                .doesNotContain("MiB", "# ours");
    }

    @Test
    void limitsThatCannotBeReadAreSaid() throws IOException {
        Files.createDirectories(home.resolve(".yourlabs.compose/.limits"));
        assertThat(deploy("one", WEB)).contains("@n warning ", "cannot be read", OK);
        Files.delete(home.resolve(".yourlabs.compose/.limits"));
        Files.createSymbolicLink(home.resolve(".yourlabs.compose/.limits"), Path.of("nowhere"));
        assertThat(deploy("two", WEB)).contains("@n warning ", "cannot be read", OK);
    }

    @Test
    void aRedeployAsksDockerNothingForItAndLooksAtTheDiskTwice() throws IOException {
        info("10.9.0.0/24/26");
        assertThat(first("one", SHOP, "networks=1")).contains(OK);
        assertThat(calls()).filteredOn(call -> call.startsWith("info ")).hasSize(1);
        assertThat(calls()).noneMatch(call -> call.startsWith("network "));
        assertThat(read(".docker-root")).isEqualTo(home + "\n");
        Files.delete(stub.resolve("calls"));
        Files.delete(stub.resolve("df-calls"));
        assertThat(changed("one", SHOP, "networks=1")).contains(OK);
        assertThat(calls()).noneMatch(call -> call.startsWith("info ") || call.startsWith("network "));
        var state = home.resolve(".yourlabs.compose");
        assertThat(Files.readAllLines(stub.resolve("df-calls")))
                .containsExactly("-Pk " + state + " " + home, "-Pi " + state + " " + home);
    }

    @Test
    void aRecordKeepsItsRepository() {
        assertThat(first("one", SHOP)).contains(OK);
        assertThat(read("one/manifest.json")).contains("\n\"repository\": \"a1\",\n");
        write("one/manifest.json", read("one/manifest.json").replace("\"repository\": \"a1\",\n", ""));
        assertThat(first("one", SHOP)).as("an older record").contains(OK, "\"generation\":2");
        assertThat(read("one/manifest.json")).contains("\n\"repository\": \"a1\",\n");
    }

    @Test
    void poolsThatRunOutDuringTheDeployAreNamed() throws IOException {
        Files.writeString(stub.resolve("hook"), """
                case $* in *' up '*)
                  echo 'failed to create network one_default: Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network' >&2
                  exit 1 ;;
                esac
                """);
        assertThat(deploy("one", WEB)).contains("\"word\":\"UNAVAIL\"", "address pool", "default-address-pools");
    }

    private String first(String project, String repository, String... more) {
        return deploy(project, WEB, repository, more);
    }

    private String changed(String project, String repository, String... more) {
        return deploy(project, "services: {web: {image: y}}\n", repository, more);
    }

    private String deploy(String project, String file, String repository, String... more) {
        return run(
                "deploy",
                Stream.concat(
                                words(project, file, "identity=" + project, "repository=" + repository).stream(),
                                Stream.of(more))
                        .toList(),
                bundle(file));
    }

    private static String part(String name) throws IOException {
        try (var in = ComposeException.class.getResourceAsStream("server/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Path record(String project) {
        return home.resolve(".yourlabs.compose").resolve(project);
    }

    private void assertNothingOf(String project) {
        assertThat(record(project)).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/.staging")).isEmptyDirectory();
    }

    private long endIn(String project, long seconds) {
        var ends = Instant.now().getEpochSecond() + seconds;
        write(project + "/removeat", ends + "\n");
        return ends;
    }

    private void limits(String... lines) {
        write(".limits", String.join("\n", lines) + "\n");
    }

    private void info(String pools) throws IOException {
        Files.writeString(stub.resolve("info"), home + "\n[name=seccomp,profile=default]\n" + pools);
    }

    /** What df says of every place: kilobytes and inodes that are free. */
    private void df(String free, String inodes) throws IOException {
        Files.writeString(stub.resolve("df"), """
                echo "$*" >>"$STUB/df-calls"
                case $1 in -Pk) free=%s ;; *) free=%s ;; esac
                shift
                echo 'Filesystem     1024-blocks     Used Available Capacity Mounted on'
                for place; do echo "/dev/sd a      90000000 1 $free  99%% /srv/some where"; done
                """.formatted(free, inodes));
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(stub.resolve("calls"));
    }

    /** Pools of Docker below 10.0.0.0/8, and routes in and around them. */
    private static final class RandomNetwork {
        private static final long ALL = 0xffffffffL;
        private final List<long[]> pools = new ArrayList<>();
        private final List<long[]> taken = new ArrayList<>();
        private final StringBuilder routes = new StringBuilder("Iface\tDestination\tGateway\n");

        RandomNetwork(Random random) {
            for (int i = 0, count = 1 + random.nextInt(3); i < count; i++) {
                int bits = 18 + random.nextInt(6);
                pools.add(new long[] {(10L << 24) + ((long) i << 16), bits, bits + random.nextInt(30 - bits)});
            }
            for (int i = random.nextInt(12); i > 0; i--) {
                int bits = random.nextInt(10) == 0 ? random.nextInt(16) : 16 + random.nextInt(17);
                long mask = ALL << (32 - bits) & ALL;
                long start = ((10L << 24) + random.nextInt(1 << 18)) & mask;
                boolean onLink = random.nextInt(4) > 0;
                routes.append("br%d\t%s\t%s\t0001\t0\t0\t0\t%s\t0\t0\t0\n"
                        .formatted(i, hex(start), onLink ? "00000000" : "0100000A", hex(mask)));
                if (onLink && bits > 0) {
                    taken.add(new long[] {start, start + (ALL & ~mask)});
                }
            }
        }

        String routes() {
            return routes.toString();
        }

        String pools() {
            return pools.stream()
                    .map(pool -> "10.%d.0.0/%d/%d".formatted(pool[0] >> 16 & 255, pool[1], pool[2]))
                    .collect(Collectors.joining(" "));
        }

        long free() {
            long free = 0;
            for (var pool : pools) {
                long width = 1L << (32 - pool[2]);
                for (long start = pool[0]; start < pool[0] + (1L << (32 - pool[1])); start += width) {
                    long first = start;
                    if (taken.stream().noneMatch(route -> route[0] < first + width && route[1] >= first)) {
                        free++;
                    }
                }
            }
            return free;
        }

        private static String hex(long address) {
            return "%08X".formatted(Integer.reverseBytes((int) address));
        }
    }
}
