package io.github.xdevops.compose.doctor;

import io.github.xdevops.compose.server.BackupStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Whether the state directory on the server is in order, and its sweeper runs. */
final class RecordChecks {
    private static final Duration LATE = Duration.ofMinutes(10);
    private static final Pattern NUMBERED = Pattern.compile("([0-9]{1,9}) (.*)");

    /** 127.0.0.1:9181, as the kernel writes it. */
    private static final String PAGES = "0100007F:23DD";

    private final Facts facts;
    private final String state;
    private final String sweep;
    private final List<Finding> findings = new ArrayList<>();

    private RecordChecks(Facts facts, String state, String sweep) {
        this.facts = facts;
        this.state = state;
        this.sweep = sweep;
    }

    /**
     * @param state the state directory
     * @param sweep the command that sweeps, which also sets the timer up again
     */
    static List<Finding> of(Facts facts, String state, String sweep) {
        var checks = new RecordChecks(facts, state, sweep);
        checks.directory();
        checks.sweeper();
        checks.pages();
        checks.backups();
        checks.useless(".policy", "policy.odd");
        checks.useless(".limits", "limit.odd");
        return checks.findings;
    }

    private void directory() {
        var states = facts.all("state");
        if (states.isEmpty()) {
            findings.add(Finding.ok("state", state + " is made by the first deploy"));
        } else if (states.contains("foreign") || states.contains("read-only")) {
            findings.add(Finding.problem(
                    "state",
                    state + (states.contains("foreign") ? " belongs to another login" : " cannot be written to"),
                    "chown -R " + facts.first("login").orElse("deploy") + " " + state + " && chmod 700 " + state));
        } else if (states.contains("open")) {
            findings.add(Finding.advice("state", "others can look into " + state, "chmod 700 " + state));
        } else {
            findings.add(Finding.ok("state", state));
        }
    }

    private void sweeper() {
        if (!facts.has("lease", "there")) {
            return;
        }
        var kind = facts.first("sweeper").orElse("none");
        var swept = facts.number("swept");
        var now = facts.number("now").orElse(0L);
        if (kind.equals("none")) {
            findings.add(Finding.advice(
                    "sweeper",
                    "nothing removes expired environments",
                    sweep + " # needs cron or a systemd of the login there"));
            return;
        }
        if (facts.has("linger", "missing")) {
            findings.add(Finding.advice(
                    "sweeper",
                    "its timer runs only while the login is logged in",
                    "loginctl enable-linger " + facts.first("login").orElse("deploy")));
        }
        var late = swept.isEmpty()
                || Duration.between(Instant.ofEpochSecond(swept.get()), Instant.ofEpochSecond(now))
                                .abs()
                                .compareTo(LATE)
                        > 0;
        findings.add(
                late
                        ? Finding.advice("sweeper", "it has not run for 10 minutes; its timer is " + kind, sweep)
                        : Finding.ok("sweeper", kind));
    }

    /** Checks the pages of a provisioned server. Without them, visitors of a removed environment get Traefik's own error. */
    private void pages() {
        if (facts.has("pages", "there")) {
            findings.add(
                    facts.has("listen", PAGES)
                            ? Finding.ok("pages", "they answer")
                            : Finding.advice(
                                    "pages",
                                    "nothing answers for environments that are gone",
                                    "systemctl restart xdevops-pages.socket"));
        }
    }

    /** Checks the age of the last backup and the last drill of each environment that has backups, and how the last night ended. */
    private void backups() {
        var now = Instant.ofEpochSecond(facts.number("now").orElse(0L));
        var all = facts.all("backup");
        var before = findings.size();
        for (var line : all) {
            var project = line.replaceFirst("\\{\"project\":\"([a-z0-9_-]*)\".*", "$1");
            var backup = BackupStatus.of(line);
            if (backup != null && (backup.overdue(now) || backup.problem() != null)) {
                findings.add(Finding.advice(
                        "backup",
                        project + ": the last backup is of " + backup.last() + ", the last drill of " + backup.drill()
                                + (backup.problem() == null ? "" : "; " + backup.problem()),
                        "mvn compose:backup -Dcompose.project=" + project
                                + " && mvn compose:restore -Dcompose.dryRun=true -Dcompose.project=" + project));
            }
        }
        if (!all.isEmpty() && findings.size() == before) {
            findings.add(Finding.ok("backup", all.size() + (all.size() == 1 ? " environment" : " environments")));
        }
    }

    /** Reports the lines that the server ignores. */
    private void useless(String file, String key) {
        for (var line : facts.all(key)) {
            var matcher = NUMBERED.matcher(line);
            if (matcher.matches()) {
                findings.add(Finding.advice(
                        file.substring(1),
                        "line " + matcher.group(1) + " of " + state + "/" + file + " does nothing: " + matcher.group(2),
                        "sed -i " + matcher.group(1) + "d " + state + "/" + file));
            }
        }
    }
}
