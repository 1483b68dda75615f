package io.github.xdevops.compose.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether the state directory on the server is in order, and its sweeper runs. */
final class RecordChecks {
    private static final Duration LATE = Duration.ofMinutes(10);
    private static final Pattern NUMBERED = Pattern.compile("([0-9]{1,9}):(.*)");
    private static final Pattern RULE =
            Pattern.compile("(allow|refuse|require) +[^ ].*|total +[a-z_]+ +<= +[^ ]+|\\[(review|persistent)\\]");
    static final Set<String> LIMITS = Set.of(
            "disk_mib",
            "inodes",
            "memory_mib",
            "networks",
            "environments",
            "environments_per_repository",
            "lifetime_days",
            "stack_memory_mib",
            "stack_cpus",
            "stack_pids",
            "stack_containers",
            "stack_networks",
            "stack_volumes",
            "stack_health_checks");

    private final Facts facts;
    private final String state;
    private final List<Finding> findings = new ArrayList<>();

    private RecordChecks(Facts facts, String state) {
        this.facts = facts;
        this.state = state;
    }

    /** @param state the state directory */
    static List<Finding> of(Facts facts, String state) {
        var checks = new RecordChecks(facts, state);
        checks.directory();
        checks.sweeper();
        checks.policy();
        checks.limits();
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
                    "apt-get install -y cron # and deploy once more"));
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
                        ? Finding.advice(
                                "sweeper",
                                "it has not run for 10 minutes; its timer is " + kind,
                                "mvn compose:sweep # a deploy sets the timer up again")
                        : Finding.ok("sweeper", kind));
    }

    private void policy() {
        eachLine("policy", (number, text) -> {
            if (!RULE.matcher(text).matches()) {
                useless(".policy", number, text);
            }
        });
    }

    private void limits() {
        var seen = new HashSet<String>();
        eachLine("limits", (number, text) -> {
            var equals = text.indexOf('=');
            var key = equals < 0 ? text : text.substring(0, equals);
            var known = LIMITS.contains(key) && text.substring(equals + 1).matches("[0-9]{1,12}")
                    || text.equals("environments=none");
            if (!known || !seen.add(key)) {
                useless(".limits", number, text);
            }
        });
    }

    private void useless(String file, int number, String text) {
        findings.add(Finding.advice(
                file.substring(1),
                "line " + number + " of " + state + "/" + file + " does nothing: " + text,
                "sed -i " + number + "d " + state + "/" + file));
    }

    private void eachLine(String key, LineCheck check) {
        for (var line : facts.all(key)) {
            var matcher = NUMBERED.matcher(line);
            if (matcher.matches()) {
                var text = matcher.group(2).replaceFirst("  #.*", "").strip();
                if (!text.isEmpty() && !text.startsWith("#")) {
                    check.accept(Integer.parseInt(matcher.group(1)), text);
                }
            }
        }
    }

    private interface LineCheck {
        void accept(int number, String text);
    }
}
