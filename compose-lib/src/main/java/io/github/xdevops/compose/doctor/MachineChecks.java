package io.github.xdevops.compose.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the server has the tools, the room and the clock that deploys need. */
final class MachineChecks {
    private static final Pattern SPACE = Pattern.compile(" ");
    private static final int TENTH = 10;
    private static final long SMALL_MACHINE = 4096;
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final Facts facts;
    private final List<Finding> findings = new ArrayList<>();

    private MachineChecks(Facts facts) {
        this.facts = facts;
    }

    /**
     * @param now the time here
     * @param provision the command that sets the firewall up
     */
    static List<Finding> of(Facts facts, Instant now, String provision) {
        var checks = new MachineChecks(facts);
        checks.tools();
        checks.clock(now);
        checks.room("disk", "MiB", checks.limit("disk_mib", 1024), "docker image prune --all --filter until=24h");
        checks.room("inodes", "inodes", checks.limit("inodes", 10_000), "docker image prune --all --filter until=24h");
        checks.memory();
        checks.devices();
        checks.passwords();
        checks.metadata(provision);
        checks.privateNetworks(provision);
        return checks.findings;
    }

    private void tools() {
        var missing = facts.all("missing");
        if (missing.isEmpty()) {
            findings.add(Finding.ok("tools", "flock, timeout, awk and the others are there"));
        } else {
            findings.add(Finding.problem(
                    "tools",
                    "missing: " + String.join(", ", missing),
                    "apt-get install -y --reinstall "
                            + missing.stream()
                                    .map(MachineChecks::debianPackage)
                                    .distinct()
                                    .collect(Collectors.joining(" "))));
        }
    }

    private static String debianPackage(String tool) {
        return switch (tool) {
            case "flock" -> "util-linux";
            case "awk" -> "mawk";
            case "sed", "grep", "tar", "gzip" -> tool;
            case "find", "xargs" -> "findutils";
            default -> "coreutils";
        };
    }

    private void clock(Instant now) {
        facts.number("now").map(Instant::ofEpochSecond).ifPresent(there -> {
            var skew = Duration.between(there, now).abs();
            findings.add(
                    skew.compareTo(SKEW) > 0
                            ? Finding.advice(
                                    "clock",
                                    "the clocks of the server and of this machine differ by " + skew.toSeconds() + " s",
                                    "timedatectl set-ntp true || apt-get -y install systemd-timesyncd")
                            : Finding.ok("clock", "as here"));
        });
    }

    private long limit(String key, long otherwise) {
        return facts.all("limit").stream()
                .filter(limit -> limit.startsWith(key + "="))
                .map(limit -> Long.parseLong(limit.substring(key.length() + 1)))
                .findFirst()
                .orElse(otherwise);
    }

    private void room(String what, String unit, long least, String cure) {
        var places = new TreeSet<String>();
        for (var line : Set.copyOf(facts.all(what))) {
            var words = SPACE.split(line, 3);
            if (words.length < 3 || !Stream.of(words[0], words[1]).allMatch(word -> word.matches("[0-9]{1,15}"))) {
                continue;
            }
            var free = Long.parseLong(words[0]);
            var total = Long.parseLong(words[1]);
            var found = words[2] + " has " + free + " " + unit + " free";
            if (total == 0) { // a file system that does not count
                continue;
            }
            if (free < least) {
                findings.add(Finding.problem(what, found + ", and a deploy wants " + least, cure));
            } else if (free < total / TENTH && free < TENTH * least) {
                findings.add(Finding.advice(what, found, cure));
            } else {
                places.add(found);
            }
        }
        if (!places.isEmpty()) {
            findings.add(Finding.ok(what, String.join(", ", places)));
        }
    }

    private void memory() {
        var least = limit("memory_mib", 256);
        Function<Long, String> text = mib -> mib + " MiB of memory available";
        facts.number("memory")
                .map(mib -> mib < least
                        ? Finding.problem(
                                "memory",
                                text.apply(mib) + ", and a deploy wants " + least + " MiB",
                                "mvn compose:list # and take environments down")
                        : Finding.ok("memory", text.apply(mib)))
                .ifPresent(findings::add);
        var total = facts.number("memory.total").orElse(Long.MAX_VALUE);
        if (total < SMALL_MACHINE && facts.number("swap").orElse(1L) == 0) {
            findings.add(Finding.advice(
                    "swap",
                    "no swap, with " + total + " MiB of memory",
                    "fallocate -l 2G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile"
                            + " && echo /swapfile none swap sw 0 0 >>/etc/fstab"));
        }
    }

    /** For production only: reviews can be deployed again. */
    private void devices() {
        if (!facts.has("provisioned", "role=production")) {
            return;
        }
        for (var line : facts.all("mounted")) {
            var words = SPACE.split(line, 2);
            var mount = words.length < 2 ? "" : words[1];
            if (mount.isEmpty() || mount.equals("/")) {
                findings.add(Finding.advice(
                        "devices",
                        words[0] + " is not on a device of its own, so "
                                + (words[0].equals("/backup")
                                        ? "a backup there is lost with the rest"
                                        : "whoever fills it fills the system, too"),
                        "lsblk -f # then mkfs.ext4 /dev/DEVICE && echo /dev/DEVICE " + words[0]
                                + " ext4 defaults 0 2 >>/etc/fstab && mkdir -p " + words[0]
                                + " && mount " + words[0] + " # a directory with files in it is copied first"));
            }
        }
    }

    private void metadata(String provision) {
        if (facts.has("metadata", "reachable") && !facts.has("metadata", "closed")) {
            findings.add(Finding.advice(
                    "metadata",
                    "containers can reach the cloud's metadata service: " + noRule(),
                    facts.all("provisioned").isEmpty()
                            ? "iptables -I DOCKER-USER -d 169.254.0.0/16 -p tcp ! --dport 53 -j DROP"
                            : provision));
        }
    }

    private void privateNetworks(String provision) {
        if (facts.all("docker.security").toString().contains("rootless")) {
            return; // its packets come from the login, not from a bridge
        }
        if (facts.has("provisioned", "role=production")) {
            return; // left open for the owner's own stacks
        }
        var open = facts.all("lan").stream()
                .filter(network -> network.endsWith(" open"))
                .map(network -> network.substring(0, network.indexOf(' ')))
                .distinct()
                .toList();
        if (!open.isEmpty()) {
            findings.add(Finding.advice(
                    "lan",
                    "containers can reach the private network " + String.join(", ", open) + ": " + noRule(),
                    facts.has("provisioned", "role=ci") ? provision : closing(open)));
        }
    }

    /** Allows name servers, and answers to incoming connections. */
    private static String closing(List<String> networks) {
        return "for net in " + String.join(" ", networks)
                + "; do for p in tcp udp; do iptables -I DOCKER-USER -i br+ ! -o br+ -d $net -p $p ! --dport 53"
                + " -m conntrack --ctstate NEW -j DROP; done; done";
    }

    private String noRule() {
        return "no rule forbids it that " + facts.first("login").orElse("this login") + " may read";
    }

    private void passwords() {
        if (facts.has("sshd", "readable") && !facts.has("sshd.password", "no")) {
            findings.add(
                    Finding.advice(
                            "ssh.passwords",
                            "sshd lets people log in with a password",
                            "echo PasswordAuthentication no >/etc/ssh/sshd_config.d/00-passwords.conf && systemctl reload ssh"));
        }
    }
}
