package io.github.xdevops.compose.server.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.server.script.InEveryShell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Two ordinary users on one server, of whom one wants to harm the other. */
@EveryShell
class TwoUsersTest {
    private static final String WEB = InEveryShell.WEB;
    private static final String VICTIM = "/mnt/home/.yourlabs.compose";

    @Parameter
    String shell;

    private SmallDisk disk;

    @BeforeEach
    void oneHasAnEnvironment() throws IOException {
        disk = SmallDisk.required(shell);
        var words = new ArrayList<>(InEveryShell.words("one", WEB));
        assertThat(disk.run("deploy", words, InEveryShell.bundle(WEB))).contains("\"word\":\"OK\"");
        disk.root(
                "mkdir -m 700 /mnt/other /mnt/other-stub && chown 65533 /mnt/other /mnt/other-stub && chmod 755 /mnt/stacks.sh");
    }

    @AfterEach
    void close() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    @Tag("A2")
    @Tag("A8")
    void linksAndDirectoriesThatAreSwappedLeadNobodyToTheOther() {
        var before = everything();
        var sweep = shell + " /mnt/stacks.sh sweep nonce=n force=yes lock_wait=1";
        assertThat(other("ln -s " + VICTIM + " .yourlabs.compose; " + sweep)).contains("NOPERM", "is a symbolic link");
        assertThat(other(sweep + " state=" + VICTIM))
                .containsAnyOf("NOPERM", "IOERR")
                .doesNotContain("swept one");
        assertThat(other(sweep + " state=/mnt/home/../home/.yourlabs.compose")).doesNotContain("swept one");
        assertThat(other("mkdir -m 700 outer && ln -s /mnt/home outer/in; " + sweep
                        + " state=outer/in/.yourlabs.compose"))
                .doesNotContain("swept one");
        var raced = other("""
                rm -f .yourlabs.compose && mkdir -m 700 real && mkdir real/one && echo 1 >real/one/removeat && ln -s %s link
                (for i in $(seq 1 1500); do mv -T real swap; mv -T link real; mv -T real link; mv -T swap real; done) &
                for i in $(seq 1 15); do %s state=real; done
                wait
                """.formatted(VICTIM, sweep));
        assertThat(raced).contains("\"word\":");
        assertThat(everything()).isEqualTo(before);
        assertThat(disk.containers()).contains("one web running");
    }

    @Test
    @Tag("A6")
    void aMountThatHangsEndsTheSweepOfItsUserAndNoOther() {
        assertThat(disk.run("extend", List.of("project=one", "lifetime=1"), "")).contains("\"word\":\"OK\"");
        disk.root(
                "mkdir -p /mnt/other/.yourlabs.compose/hangs && chown -R 65533 /mnt/other && chmod 700 /mnt/other/.yourlabs.compose");
        var words = InEveryShell.words("two", WEB);
        assertThat(other(
                        "cat >bundle; " + shell + " /mnt/stacks.sh deploy nonce=n " + String.join(" ", words)
                                + " <bundle",
                        InEveryShell.bundle(WEB)))
                .contains("\"word\":\"OK\"");
        // Nobody answers what the kernel asks this file system.
        var mounted = disk.root("""
                [ -c /dev/fuse ] || { echo none; exit 0; }
                exec 9<>/dev/fuse
                mount -i -t fuse -o fd=9,rootmode=40000,user_id=65533,group_id=65533,allow_other hangs /mnt/other/.yourlabs.compose/hangs ||
                  { echo none; exit 0; }
                sleep 120 >/dev/null 2>&1 &
                echo $!
                """).strip();
        if (mounted.endsWith("none")) {
            System.err.println("\\nNOT CHECKED: a mount that hangs needs /dev/fuse");
        }
        assumeTrue(!mounted.endsWith("none"), "a mount that hangs needs /dev/fuse");
        try {
            assertThat(other("/bin/sh .yourlabs.compose/.host/sweep 0 3 || echo it ended with $?"))
                    .contains("the sweep was ended after 3 s", "it ended with");
            assertThat(disk.run("sweep", List.of("force=yes"), "")).contains("@n swept one");
        } finally {
            disk.root("kill " + mounted + "; umount -l /mnt/other/.yourlabs.compose/hangs");
        }
    }

    private String everything() {
        return disk.root("cd " + VICTIM + " && find . -exec ls -ld {} + && find . -type f -exec cksum {} +");
    }

    private String other(String script) {
        return other(script, "");
    }

    /** What a shell of the other user says. */
    private String other(String script, String stdin) {
        return disk.root(
                "cd /mnt/other && exec setpriv --reuid=65533 --regid=65533 --clear-groups env -i HOME=/mnt/other STUB=/mnt/other-stub"
                        + " PATH=/mnt/bin:/usr/bin:/bin sh -c '{ " + script.replace("'", "'\\''") + "\n} 2>&1; true'",
                new String(stdin.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
