package io.github.xdevops.compose.server.crash;

import static io.github.xdevops.compose.server.script.InEveryShell.WEB;
import static io.github.xdevops.compose.server.script.InEveryShell.bundle;
import static io.github.xdevops.compose.server.script.InEveryShell.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Damage to the state directory, the home and the login shell, by people, other tools and accidents (P17, P28). */
@EveryShell({"dash", "busybox sh"})
class DamagedStateTest {
    private static final String OK = "\"word\":\"OK\"";
    private static final int DAY = 86400;

    /** What stands in place of a lease, made by a shell command in the record, and none of it is one. */
    private static final Map<String, String> POISON = new LinkedHashMap<>();

    static {
        POISON.put("empty", ": >removeat");
        POISON.put("blanks", "printf '   \\n' >removeat");
        POISON.put("blank first", "printf ' 1000000000\\n' >removeat");
        POISON.put("negative", "printf -- '-1\\n' >removeat");
        POISON.put("twenty digits", "printf '12345678901234567890\\n' >removeat");
        POISON.put("exponent", "printf '1e9\\n' >removeat");
        POISON.put("hexadecimal", "printf '0x10\\n' >removeat");
        POISON.put("two lines", "printf '1000000000\\n1000000000\\n' >removeat");
        POISON.put("NUL at the end", "printf '1000000000\\0\\0' >removeat");
        POISON.put("NUL in between", "printf '10000\\00000\\n' >removeat");
        POISON.put("only NUL", "head -c 11 /dev/zero >removeat");
        POISON.put("1 GB", "rm -f removeat; truncate -s 1G removeat");
        POISON.put("1 GB after a lease", "rm -f removeat; printf '1000000000\\n' >removeat; truncate -s 1G removeat");
        POISON.put("directory", "rm -f removeat; mkdir removeat; echo 1000000000 >removeat/removeat");
        POISON.put("FIFO", "rm -f removeat; mkfifo removeat");
        POISON.put("link to /dev/zero", "rm -f removeat; ln -s /dev/zero removeat");
        POISON.put(
                "link to a lease", "rm -f removeat; echo 1000000000 >/mnt/stub/lease; ln -s /mnt/stub/lease removeat");
        POISON.put("link to a directory", "rm -f removeat; mkdir -p /mnt/stub/there; ln -s /mnt/stub/there removeat");
        POISON.put("link to nowhere", "rm -f removeat; ln -s /nowhere removeat");
        POISON.put("unreadable", "chmod 000 removeat");
        POISON.put("shell", "printf '%s\\n' 'home[$(touch $HOME/pwned)]' >removeat");
        POISON.put("backquotes", "printf '%s\\n' '`touch $HOME/pwned`' >removeat");
    }

    @Parameter
    String shell;

    private SmallDisk disk;

    @BeforeEach
    void mount() throws IOException {
        disk = SmallDisk.required(shell);
    }

    @AfterEach
    void close() {
        if (disk != null) {
            disk.close();
        }
    }

    @Tag("A1")
    @Test
    void aDamagedLeaseIsNeverRunNeverEarlyAndNeverForever() throws IOException {
        assertThat(deploy("one", WEB)).contains(OK);
        var poisons = Ring.sample(POISON.entrySet(), 4);
        for (var poison : poisons) {
            var name = poison.getKey();
            for (var verb : List.of("list", "sweep", "extend", "deploy")) {
                damage("cd .yourlabs.compose/one; rm -rf removeat sweep-failures; echo 1 >removeat; "
                        + poison.getValue());
                var answer = switch (verb) {
                    case "extend" -> run(verb, "project=one", "lifetime=" + DAY);
                    case "deploy" -> deploy("one", WEB);
                    default -> run(verb);
                };
                assertThat(answer).as(verb + ", " + name).contains(OK);
                assertThat(disk.containers()).as(verb + ", " + name).contains("one web running");
                assertThat(Files.exists(disk.path("/mnt/home/pwned"))).as(name).isFalse();
                if (verb.equals("list")) {
                    assertThat(answer).as(name).contains("\"lease\":\"invalid\"");
                } else {
                    assertThat(Files.isRegularFile(disk.state("one/removeat"), LinkOption.NOFOLLOW_LINKS))
                            .as(verb + ", " + name)
                            .isTrue();
                    assertThat(disk.read("one/removeat")).as(verb + ", " + name).matches("[0-9]{10}\n");
                    assertThat(Long.parseLong(disk.read("one/removeat").strip()))
                            .as(verb + ", " + name)
                            .isBetween(
                                    Instant.now().getEpochSecond() + DAY - 60,
                                    Instant.now().getEpochSecond() + 8 * DAY);
                }
                if (verb.equals("sweep")) {
                    assertThat(answer).as(name).contains("removeat of one could not be read");
                }
            }
        }
        damage("echo 1000000000 >.yourlabs.compose/one/removeat");
        assertThat(run("sweep")).contains("swept one");
        if (poisons.stream().anyMatch(poison -> poison.getKey().equals("link to a directory"))) {
            assertThat(Files.exists(disk.path("/mnt/stub/there")))
                    .as("what a link led to")
                    .isTrue();
        }
        Proof.claim("leases that are none, under " + shell + ": " + poisons.size() + ", run, early or immortal: 0");
    }

    @Tag("A2")
    @Tag("A8")
    @Test
    void aStateDirectoryThatIsNotOursIsRefusedByNameAndReason() {
        for (var verb : List.of("deploy", "list")) {
            disk.root(
                    "mkdir /mnt/home/elsewhere; chown 65534 /mnt/home/elsewhere; ln -s elsewhere /mnt/home/.yourlabs.compose");
            assertThat(answer(verb)).contains("\"word\":\"NOPERM\"", ".yourlabs.compose is a symbolic link");
            disk.root("rm /mnt/home/.yourlabs.compose; echo mine >/mnt/home/.yourlabs.compose");
            assertThat(answer(verb)).contains("\"word\":\"NOPERM\"", ".yourlabs.compose is not a directory");
            disk.root("rm /mnt/home/.yourlabs.compose; mkdir -m 777 /mnt/home/.yourlabs.compose");
            assertThat(answer(verb)).contains("\"word\":\"NOPERM\"", ".yourlabs.compose belongs to another user");
            disk.root("rmdir /mnt/home/.yourlabs.compose /mnt/home/elsewhere");
        }
        disk.root("chown root /mnt/home");
        assertThat(answer("deploy")).contains("\"word\":\"NOPERM\"", ".yourlabs.compose", "Permission denied");
    }

    @Tag("A8")
    @Test
    void aStateDirectoryThatOthersCanEnterIsClosed() {
        assertThat(deploy("one", WEB)).contains(OK);
        disk.root("chmod 777 /mnt/home/.yourlabs.compose");
        assertThat(run("list")).contains(OK);
        assertThat(disk.root("stat -c %a /mnt/home/.yourlabs.compose").strip()).isEqualTo("700");
    }

    @Test
    void aRecordThatCannotBeChangedIsKeptAndTheReasonIsTold() {
        assertThat(deploy("one", WEB)).contains(OK);
        var lease = disk.read("one/removeat");
        // As chattr +i would do, which not every file system knows.
        disk.root("chown -R root /mnt/home/.yourlabs.compose/one; chmod -R a+rX /mnt/home/.yourlabs.compose/one");
        assertThat(deploy("one", WEB.replace("x", "y"))).contains("\"word\":\"NOPERM\"", "one/", "Permission denied");
        assertThat(run("extend", "project=one", "lifetime=60"))
                .contains("\"word\":\"NOPERM\"", "one/", "Permission denied");
        assertThat(run("down", "project=one")).contains("\"word\":\"NOPERM\"", "one/removing", "Permission denied");
        assertThat(disk.read("one/removeat")).isEqualTo(lease);
        assertThat(disk.containers()).contains("one web running");
    }

    @Test
    void aRecordThatCannotBeEnteredIsListedAndReported() {
        assertThat(deploy("one", WEB)).contains(OK);
        disk.root("chown -R root /mnt/home/.yourlabs.compose/one");
        assertThat(run("list")).contains("\"project\":\"one\",\"lease\":\"invalid\"");
        assertThat(run("sweep")).contains("0 removed, 1 failed");
        assertThat(disk.read("sweep-status.json")).contains("one", "cannot be entered");
        assertThat(disk.containers()).contains("one web running");
    }

    @Test
    void aRecordOfANewerVersionIsListedAndOtherwiseLeftAlone() {
        assertThat(deploy("one", WEB)).contains(OK);
        damage(
                "cd .yourlabs.compose/one; sed -i 's/^\"version\": 1,/\"version\": 2,/' manifest.json; echo 1000000000 >removeat");
        var before = everything("one");
        for (var verb : List.of("deploy", "extend", "down")) {
            assertThat(answer(verb)).as(verb).contains("\"word\":\"DATA\"", "written by a newer version");
            assertThat(everything("one")).as(verb).isEqualTo(before);
        }
        assertThat(run("sweep")).contains("warning one was not removed: ", "written by a newer version");
        assertThat(run("list")).contains("\"project\":\"one\"", "\"version\": 2");
        assertThat(disk.containers()).contains("one web running");
    }

    @Test
    void aManifestThatWasCutAtAnyByteIsWrittenAnewAndStopsNothing() throws IOException {
        assertThat(deploy("one", WEB)).contains(OK);
        var whole = disk.read("one/manifest.json");
        var step = Ring.count(89, 17);
        for (var length = Ring.offset(step); length < whole.length(); length += step) {
            Files.writeString(disk.state("one/manifest.json"), whole.substring(0, length));
            assertThat(run("list")).as("cut at " + length).contains("\"project\":\"one\"", OK);
            assertThat(deploy("one", WEB)).as("cut at " + length).contains(OK);
            assertThat(disk.read("one/manifest.json"))
                    .startsWith("{\n")
                    .endsWith("\n}\n")
                    .contains("\"state\": \"live\"");
        }
        Files.writeString(disk.state("one/manifest.json"), whole.substring(0, 40));
        assertThat(run("down", "project=one")).contains(OK);
        assertThat(Files.exists(disk.state("one"))).isFalse();
    }

    @Test
    void aRecordOfAnotherEnvironmentIsNotOverwritten() {
        assertThat(deploy("one", WEB)).contains(OK);
        var before = everything("one");
        assertThat(disk.run("deploy", words("one", WEB, "identity=ffff"), bundle(WEB)))
                .contains("\"word\":\"DATA\"", "project-of-another one");
        assertThat(everything("one")).isEqualTo(before);
    }

    @Test
    void leftoversOfWritersThatWereKilledHinderNobody() throws IOException {
        assertThat(deploy("one", WEB)).contains(OK);
        for (var leftover : List.of(
                "one/.removeat.new",
                "one/.manifest.json.new",
                "one/.deploy.log.new",
                ".sweep-status.json.new",
                ".clock.1")) {
            Files.writeString(disk.state(leftover), "half");
        }
        disk.root("chown -R 65534 /mnt/home/.yourlabs.compose");
        assertThat(run("list")).contains(OK, "\"project\":\"one\"");
        assertThat(deploy("one", WEB)).contains(OK);
        damage("echo 1000000000 >.yourlabs.compose/one/removeat");
        assertThat(run("sweep")).contains("swept one");
        assertThat(disk.read("sweep-status.json")).startsWith("{\"when\":");
    }

    @Test
    void anyNameOfAHomeWillDo() {
        var names = List.of(
                "with blank", "q'uote", "q\"uote", "$HOME", "$(touch /mnt/stub/pwned)", "two\nlines", "a|b&c\\1", "*");
        for (var name : Ring.sample(names, 3)) {
            disk.home = "/mnt/home/" + name;
            lifeAt(name);
        }
        assertThat(Files.exists(disk.path("/mnt/stub/pwned"))).isFalse();
    }

    @Test
    void aPathThatIsTooLongEndsWithAnAnswerAndLeavesNothing() {
        disk.home = "/mnt/home" + ("/" + "d".repeat(99)).repeat(35);
        lifeAt("3500 characters");
        disk.home = "/mnt/home" + ("/" + "d".repeat(99)).repeat(40) + "/" + "d".repeat(60);
        makeHome();
        assertThat(deploy("one", WEB)).contains("\"word\":\"IOERR\"", "cannot create /mnt/home/ddd");
        assertThat(disk.containers()).isEmpty();
    }

    @Test
    void modesDoNotDependOnTheLoginShell() {
        for (var umask : List.of("000", "777")) {
            assertThat(disk.run("umask " + umask, "deploy", words("one", WEB), bundle(WEB)))
                    .as(umask)
                    .contains(OK);
            assertThat(disk.run("umask " + umask, "extend", List.of("project=one", "lifetime=60"), ""))
                    .contains(OK);
            assertThat(disk.root("find /mnt/home/.yourlabs.compose -perm /077; find /mnt/home/.yourlabs.compose"
                            + " -type d ! -perm 700; find /mnt/home/.yourlabs.compose -type f ! -perm 600"))
                    .as(umask)
                    .isEmpty();
            assertThat(disk.run("umask " + umask, "down", List.of("project=one"), ""))
                    .contains(OK);
            disk.root("rm -r /mnt/home/.yourlabs.compose");
        }
    }

    private void lifeAt(String name) {
        makeHome();
        assertThat(deploy("one", WEB)).as(name).contains(OK);
        assertThat(deploy("one", "services: {web: {imag: x}}\n")).as(name).contains("property imag is not allowed");
        assertThat(run("extend", "project=one", "lifetime=0")).as(name).contains(OK);
        assertThat(run("list")).as(name).contains("\"project\":\"one\"");
        assertThat(run("sweep")).as(name).contains("swept one");
        assertThat(disk.containers()).as(name).isEmpty();
    }

    private void makeHome() {
        // In steps, because a path may be longer than the kernel takes in one go.
        disk.root(
                "cd /mnt/home; IFS=; while read -r step; do mkdir -p -- \"$(printf \"$step\")\"; cd -P -- \"$(printf \"$step\")\"; done; chown -R 65534 /mnt/home",
                steps());
    }

    private String steps() {
        var steps = new StringBuilder();
        for (var step : disk.home.substring("/mnt/home/".length()).split("/")) {
            for (var b : step.getBytes(StandardCharsets.UTF_8)) {
                steps.append(String.format("\\%03o", b));
            }
            steps.append('\n');
        }
        return steps.toString();
    }

    private String answer(String verb) {
        return switch (verb) {
            case "deploy" -> deploy("one", WEB);
            case "extend" -> run(verb, "project=one", "lifetime=" + DAY);
            case "down" -> run(verb, "project=one");
            default -> run(verb);
        };
    }

    private String deploy(String project, String text) {
        return disk.run("deploy", words(project, text), bundle(text));
    }

    private String run(String verb, String... words) {
        return disk.run(verb, List.of(words), "");
    }

    /** A shell command of the user, in the home. */
    private void damage(String command) {
        disk.root("cd /mnt/home; " + command + "; chown -hR 65534 /mnt/home/.yourlabs.compose");
    }

    private String everything(String project) {
        return disk.root("cd /mnt/home/.yourlabs.compose/" + project
                + "; find . -type f | sort | xargs cksum; cat /mnt/stub/containers");
    }
}
