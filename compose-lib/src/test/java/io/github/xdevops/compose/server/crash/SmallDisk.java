package io.github.xdevops.compose.server.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.server.ServerScript;
import io.github.xdevops.compose.server.script.InEveryShell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A home directory on a small disk of its own, with the server's script and a stand-in for docker beside it. It is mounted
 * in a mount namespace, which nobody else sees and which takes the mounts with it when it ends.
 */
final class SmallDisk implements AutoCloseable {
    private static final String NOBODY = "65534";
    private static final String WHY =
            "disk faults need root and mount namespaces: full, read-only and damaged disks are not checked";

    private final Process holder;
    private boolean quota;

    /** Another directory than {@code /mnt/home}, below it, if a test wants one. */
    String home = "/mnt/home";

    private final List<String> shell;

    private SmallDisk(Process holder, String shell) {
        this.holder = holder;
        this.shell = List.of(shell.split(" "));
    }

    /** A disk with room; without root the test is skipped, and says so. */
    static SmallDisk required(String shell) throws IOException {
        var holder = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "private",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o mode=755 tools /mnt && mkdir /mnt/home /mnt/bin /mnt/stub"
                                + " && mount -t tmpfs -o mode=755 home /mnt/home && chown " + NOBODY
                                + " /mnt/home /mnt/stub && echo ready && exec sleep 600")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var ready = holder.inputReader().readLine();
        if (!"ready".equals(ready)) {
            System.err.println("\nNOT CHECKED: " + WHY + "\n");
        }
        assumeTrue("ready".equals(ready), WHY);
        var program = shell.split(" ")[0];
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin", program)) || Files.isExecutable(Path.of("/bin", program)),
                shell + " is not installed: the server's script is not checked with it");
        var disk = new SmallDisk(holder, shell);
        Files.write(disk.path("/mnt/stacks.sh"), ServerScript.text());
        try (var docker = InEveryShell.class.getResourceAsStream("docker")) {
            Files.copy(docker, disk.path("/mnt/bin/docker"));
        }
        // No timer of this machine is touched.
        disk.root("ln -s /bin/false /mnt/bin/crontab; ln -s /bin/false /mnt/bin/systemctl");
        disk.root("chmod 755 /mnt/bin/docker; : >/mnt/stub/calls; : >/mnt/stub/containers; chown " + NOBODY
                + " /mnt/stub/*");
        return disk;
    }

    /** A file of the namespace, as this process can reach it. */
    Path path(String absolute) {
        return Path.of("/proc/" + holder.pid() + "/root" + absolute);
    }

    /** A file below the state directory. */
    Path state(String file) {
        return path(home + "/.yourlabs.compose/" + file);
    }

    String read(String file) {
        try {
            return Files.readString(state(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String containers() {
        try {
            return Files.readString(path("/mnt/stub/containers"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the script answers to a verb, run by an ordinary user. */
    String run(String verb, List<String> words, String stdin) {
        return run("", verb, words, stdin);
    }

    /** The same after a shell command, such as {@code umask 000}. */
    String run(String before, String verb, List<String> words, String stdin) {
        var command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                "env",
                "-i",
                "HOME=" + home,
                "STUB=/mnt/stub",
                "PATH=/mnt/bin:/usr/bin:/bin",
                "sh",
                "-c",
                "cd \"$HOME\" && " + before + (before.isEmpty() ? "" : " && ") + "exec \"$@\"",
                "sh"));
        command.addAll(shell);
        command.addAll(List.of("/mnt/stacks.sh", verb, "nonce=n"));
        command.addAll(words);
        return inside(command, stdin);
    }

    /** Runs a command of root, which has to succeed. */
    String root(String script) {
        return root(script, "");
    }

    String root(String script, String stdin) {
        return inside(List.of("sh", "-ec", script), stdin);
    }

    private String inside(List<String> command, String stdin) {
        var whole = new ArrayList<>(List.of("nsenter", "--mount=/proc/" + holder.pid() + "/ns/mnt", "--"));
        whole.addAll(command);
        try {
            var process = new ProcessBuilder(whole).redirectErrorStream(true).start();
            try (var out = process.getOutputStream()) {
                out.write(stdin.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // a script that refuses its words does not read its input
            }
            var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(command.get(0).equals("sh") ? process.exitValue() : 0)
                    .as(answer)
                    .isZero();
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is there now is what {@link #fill} goes back to. */
    void keep() {
        root("rm -rf /mnt/kept; cp -a /mnt/home /mnt/kept; cp -a /mnt/stub/containers /mnt/kept-containers");
    }

    /** Goes back, and leaves so many blocks of 4 kB and inodes. */
    void fill(int blocks, int inodes) {
        makeRoom();
        root(
                "find /mnt/home -mindepth 1 -delete; cp -a /mnt/kept/. /mnt/home/; cp -a /mnt/kept-containers /mnt/stub/containers;"
                        + " set -- $(stat -f -c '%b %f %c %d' /mnt/home);"
                        + " mount -o remount,size=$((($1 - $2 + " + blocks + ") * 4096)),nr_inodes=$(($3 - $4 + "
                        + inodes
                        + ")) /mnt/home");
    }

    /**
     * Puts the home on a disk where it has a quota of its own.
     *
     * @return whether this machine can do that
     */
    boolean useQuota() {
        var made = root("""
                truncate -s 128m /mnt/image && mkfs.btrfs -q /mnt/image && mkdir /mnt/btrfs && mount -o loop /mnt/image /mnt/btrfs &&
                  btrfs subvolume create /mnt/btrfs/home >/dev/null && btrfs quota enable /mnt/btrfs &&
                  chown %s /mnt/btrfs/home && mount --bind /mnt/btrfs/home /mnt/home && echo made || echo none
                """.formatted(NOBODY));
        quota = made.endsWith("made\n");
        if (!quota) {
            System.err.println("\nNOT CHECKED: quotas need btrfs on a loop device: " + made);
        }
        return quota;
    }

    /** Goes back, and lets so many KiB be written before the quota is reached. */
    void limit(int kib) {
        makeRoom();
        root(
                "find /mnt/home -mindepth 1 -delete; cp -a /mnt/kept/. /mnt/home/; cp -a /mnt/kept-containers /mnt/stub/containers;"
                        + " sync -f /mnt/home; set -- $(btrfs qgroup show --raw -f /mnt/home | tail -n 1);"
                        + " btrfs qgroup limit $(($2 + 1024 * " + kib + ")) 0/256 /mnt/btrfs");
    }

    /** As somebody does who cleans up. */
    void makeRoom() {
        root(
                quota
                        ? "btrfs qgroup limit none 0/256 /mnt/btrfs"
                        : "mount -o remount,rw,size=16m,nr_inodes=4096 /mnt/home");
    }

    void readOnly() {
        // The timeout of busybox has the lock in its hands for up to a second after what it watched has ended.
        root("for i in $(seq 50); do ! mount -o remount,ro /mnt/home 2>/dev/null || exit 0; sleep 0.1; done; exit 1");
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
