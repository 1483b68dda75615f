package io.github.xdevops.compose.server.crash;

import static io.github.xdevops.compose.server.script.InEveryShell.bundle;
import static io.github.xdevops.compose.server.script.InEveryShell.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/**
 * The disk is full at the first write, at the second, and so on, or there is no inode left, or nothing can be written at
 * all: nothing is lost, the answer tells why, and with a disk that works the same again comes to its end. What makes room
 * comes to its end on the full disk.
 */
@EveryShell({"dash", "busybox sh"})
@Tag("disks")
class DiskFaultsTest {
    private static final String OLD = "services: {web: {image: x}} # " + "o".repeat(9000) + "\n";
    private static final String NEW = "services: {web: {image: y}} # " + "n".repeat(9000) + "\n";
    private static final String OK = "\"word\":\"OK\"";
    private static final String GONE = "1000000000\n";
    private static final Pattern TEMPORARY =
            Pattern.compile(".*(\\.new|/\\.(clock|gone|try)\\.[0-9]+)|.*/\\.staging/.*");
    private static final int FEW = 6;
    private static final int MANY = 60;
    private static final int STEP = Ring.count(6, 1);
    private static final int ENOUGH = 2000;
    private static int places;
    private static int quotas;

    @Parameter
    String shell;

    private SmallDisk disk;
    private String lease;

    @BeforeEach
    void deployOne() throws IOException {
        disk = SmallDisk.required(shell);
        assertThat(deploy("one", OLD)).contains(OK);
        lease = disk.read("one/removeat");
        // The question whether there is room has tests of its own; here the disk is full all of a sudden.
        disk.root("printf \"disk_mib=0\\ninodes=0\\n\" >/mnt/home/.yourlabs.compose/.limits");
    }

    @AfterEach
    void close() {
        if (disk != null) {
            disk.close();
        }
    }

    @AfterAll
    static void claim() {
        Proof.claim("disk faults: " + places + " places, " + quotas + " of them by a quota, lost: 0");
    }

    @Test
    void firstDeploy() {
        eachPlace(() -> deploy("two", NEW), answer -> {
            if (Files.exists(disk.state("two"))) {
                assertThat(disk.read("two/removeat")).matches("[0-9]{10}\n");
                assertThat(disk.read("two/docker-compose.yml")).isEqualTo(NEW);
            } else {
                assertThat(disk.containers()).doesNotContain("two ");
            }
        });
        oneIsAsItWas();
        assertThat(disk.read("two/docker-compose.yml")).isEqualTo(NEW);
    }

    @Test
    void redeploy() {
        eachPlace(() -> deploy("one", NEW), answer -> {
            assertThat(disk.read("one/removeat")).matches("[0-9]{10}\n").isGreaterThanOrEqualTo(lease);
            assertThat(disk.read("one/manifest.json")).endsWith("\n}\n");
            var file = disk.read("one/docker-compose.yml");
            assertThat(file).isIn(OLD, NEW);
            assertThat(disk.containers()).startsWith("one web running " + sum(file));
        });
        assertThat(disk.read("one/docker-compose.yml")).isEqualTo(NEW);
    }

    @Test
    void extend() {
        eachPlace(() -> disk.run("extend", List.of("project=one", "lifetime=700000"), ""), answer -> {
            if (!answer.contains(OK)) {
                assertThat(disk.read("one/removeat")).isEqualTo(lease);
            }
            serves("one", OLD);
        });
        assertThat(disk.read("one/removeat")).isGreaterThan(lease);
    }

    @Test
    void down() {
        withoutRoom(() -> disk.run("down", List.of("project=one"), ""), this::isGone);
        eachPlace(() -> disk.run("down", List.of("project=one"), ""), this::goneOrAsItWas);
        assertThat(Files.exists(disk.state("one"))).isFalse();
    }

    @Test
    void downOfWhatAPipelineDeployed() {
        var words = words("one", OLD, "sequence=7");
        assertThat(disk.run("deploy", words, bundle(OLD))).contains(OK);
        lease = disk.read("one/removeat");
        withoutRoom(() -> disk.run("down", List.of("project=one"), ""), answer -> {
            isGone(answer);
            if (!answer.contains("warning the disk has no room to record")) {
                assertThat(disk.read(".gone/one")).isEqualTo("7 abcd\n");
            }
        });
        eachPlace(() -> disk.run("down", List.of("project=one"), ""), this::goneOrAsItWas);
        disk.makeRoom();
        assertThat(disk.run("deploy", words("one", OLD, "sequence=6"), bundle(OLD)))
                .contains("superseded");
    }

    @Test
    void sweep() throws IOException {
        Files.writeString(disk.state("one/removeat"), GONE);
        lease = GONE;
        withoutRoom(() -> disk.run("sweep", List.of("force=yes"), ""), this::isGone);
        withoutRoom(() -> disk.run("sweep", List.of(), ""), this::isGone);
        eachPlace(() -> disk.run("sweep", List.of("force=yes"), ""), this::goneOrAsItWas);
        assertThat(Files.exists(disk.state("one"))).isFalse();
    }

    @Test
    void aBrakeThatCannotBeWrittenEndsAllTheSame() throws IOException {
        for (var i = 1; i <= 7; i++) {
            Files.createDirectories(disk.state("p" + i));
            Files.writeString(disk.state("p" + i + "/removeat"), GONE);
            Files.writeString(disk.state(".locks/p" + i), "");
        }
        disk.root("chown -R 65534 /mnt/home");
        disk.keep();
        disk.fill(0, ENOUGH);
        assertThat(disk.run("sweep", List.of(), "")).contains("0 removed, 0 failed, 7 held", "warning the status");
        disk.root("touch -d '20 minutes ago' /mnt/home/.yourlabs.compose/.brake");
        assertThat(disk.run("sweep", List.of(), "")).contains("0 removed, 0 failed, 7 held");
        disk.root("touch -d '40 minutes ago' /mnt/home/.yourlabs.compose/.brake");
        assertThat(disk.run("sweep", List.of(), "")).contains("7 removed, 0 failed, 0 held");
    }

    private void isGone(String answer) {
        assertThat(answer).contains(OK).doesNotContain("IOERR");
        assertThat(Files.exists(disk.state("one"))).as(answer).isFalse();
        assertThat(disk.containers()).doesNotContain("one ");
    }

    /** Nothing is free, or so little that some of the writes find room. */
    private void withoutRoom(Supplier<String> work, Consumer<String> check) {
        disk.keep();
        for (var scarce : List.of("blocks", "inodes")) {
            for (var free = Ring.offset(STEP); free < FEW; free += STEP) {
                disk.fill(scarce.equals("blocks") ? free : ENOUGH, scarce.equals("inodes") ? free : ENOUGH);
                assertThat(work.get()).as(free + " " + scarce).satisfies(check);
                assertThat(temporary()).as(free + " " + scarce).isEmpty();
                places++;
            }
        }
        disk.fill(ENOUGH, ENOUGH);
    }

    private void goneOrAsItWas(String answer) {
        if (!Files.exists(disk.state("one"))) {
            assertThat(disk.containers()).doesNotContain("one ");
        } else if (!Files.exists(disk.state("one/removing"))) {
            oneIsAsItWas();
        }
    }

    private void oneIsAsItWas() {
        assertThat(disk.read("one/removeat")).isEqualTo(lease);
        serves("one", OLD);
    }

    private void serves(String project, String text) {
        assertThat(disk.read(project + "/docker-compose.yml")).isEqualTo(text);
        assertThat(disk.containers()).contains(project + " web running " + sum(text));
    }

    private String sum(String text) {
        return disk.root("cksum", text).strip();
    }

    private String deploy(String project, String text) {
        return disk.run("deploy", words(project, text), bundle(text));
    }

    /** Blocks and inodes run out at each write in turn, and then the disk is read-only. */
    private void eachPlace(Supplier<String> work, Consumer<String> check) {
        disk.keep();
        var faults = 0;
        for (var scarce : List.of("blocks", "inodes")) {
            var free = Ring.offset(STEP);
            for (var done = false; !done; free += STEP) {
                assertThat(free).as("ends some time").isLessThan(MANY);
                disk.fill(scarce.equals("blocks") ? free : ENOUGH, scarce.equals("inodes") ? free : ENOUGH);
                done = isDone(free + " " + scarce, work, check);
                faults += done ? 0 : 1;
            }
        }
        disk.fill(ENOUGH, ENOUGH);
        disk.readOnly();
        assertThat(isDone("read-only", work, check)).isFalse();
        places += faults + 1;
        disk.makeRoom();
        if (disk.useQuota()) {
            var kib = 16 * (Ring.offset(STEP) - STEP);
            do {
                kib += 16 * STEP;
                assertThat(kib).as("KiB within the quota").isLessThan(MANY * 16);
                disk.limit(kib);
            } while (!isDone(kib + " KiB within the quota", work, check));
            assertThat(kib).as("KiB within the quota").isPositive();
            places += kib / 16 / STEP;
            quotas += kib / 16 / STEP;
        }
    }

    private boolean isDone(String place, Supplier<String> work, Consumer<String> check) {
        var answer = work.get();
        assertThat(answer).as(place).satisfies(check);
        assertThat(temporary()).as(place + ": " + answer).isEmpty();
        // A sweep goes on with the others, and tells what it could not remove.
        var failed = answer.contains("warning one was not removed");
        if (answer.contains(OK) && !failed) {
            return true;
        }
        assertThat(answer)
                .as(place)
                .contains(failed ? OK : "\"word\":\"IOERR\"", "is the disk full, over quota or read-only?");
        disk.makeRoom();
        assertThat(work.get()).as("with room again after " + place).contains(OK).satisfies(check);
        assertThat(temporary()).as("with room again after " + place).isEmpty();
        return false;
    }

    private List<String> temporary() {
        return disk.root("cd /mnt/home && find . -mindepth 3")
                .lines()
                .filter(file -> TEMPORARY.matcher(file).matches())
                .toList();
    }
}
