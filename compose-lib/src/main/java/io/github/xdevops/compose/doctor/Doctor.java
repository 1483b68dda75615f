package io.github.xdevops.compose.doctor;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.server.ScriptText;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Examines a server over one connection and changes nothing there. */
public final class Doctor {
    private static final String RUN = "exec /bin/sh -s -- \"$@\"";

    private Doctor() {}

    /**
     * Runs all checks.
     *
     * @return the findings; if the server cannot be reached, the one that says why
     */
    public static Diagnosis examine(Host host, DoctorOptions options) {
        return examine(host, options, Internet.real(), Instant.now(), unusedLabel());
    }

    static Diagnosis examine(Host host, DoctorOptions options, Internet internet, Instant now, String label) {
        var facts = new Facts();
        var fromHere = CompletableFuture.supplyAsync(
                () -> ReachChecks.ofDomain(options, internet, now, label, provision(options)));
        try {
            var result = host.run(
                    Command.script(RUN, List.of(options.state())).withStdin(ScriptText.of("doctor")), facts::hear);
            if (facts.all("end").isEmpty()) {
                return new Diagnosis(List.of(unanswered(host, result)));
            }
        } catch (HostException e) {
            return new Diagnosis(List.of(unreachable(host, e)));
        }
        var findings = new ArrayList<Finding>();
        findings.add(Finding.ok("connection", host.address()));
        findings.addAll(MachineChecks.of(facts, now, provision(options)));
        findings.addAll(DockerChecks.of(facts));
        findings.addAll(TraefikChecks.of(facts, provision(options), options.proxyNetwork()));
        findings.addAll(RecordChecks.of(facts, options.state(), "mvn compose:sweep -Dcompose.host=" + host.address()));
        findings.addAll(ReachChecks.ofPublished(facts, options, internet));
        findings.addAll(fromHere.join());
        return new Diagnosis(findings);
    }

    private static Finding unanswered(Host host, Result result) {
        var answer = result.err().isBlank() ? result.out() : result.err();
        return answer.contains("behind a gate")
                ? Finding.problem(
                        "connection",
                        answer.strip(),
                        "here: use a key of the server's owner, -Dcompose.privateKey=FILE")
                : Finding.problem(
                        "connection",
                        host.address() + " runs no shell commands: " + answer.strip(),
                        "chsh -s /bin/sh " + host.address().replaceFirst("@.*", ""));
    }

    private static Finding unreachable(Host host, HostException failure) {
        var message = failure.getMessage().lines().findFirst().orElse("");
        var cure = switch (failure.fault()) {
            case NOHOST -> "here: check compose.host, the server's DNS name and its firewall";
            case NOPERM ->
                message.contains("host key")
                        ? "here: ssh-keyscan HOST >>~/.ssh/known_hosts # after comparing the key"
                        : "here: ssh-copy-id " + host.address();
            case USAGE -> "here: check the parameters of the connection";
            case PROTO, UNAVAIL, UNKNOWN -> "here: ssh " + host.address() + " true";
        };
        return Finding.problem("connection", message, cure);
    }

    private static String provision(DoctorOptions options) {
        return "mvn compose:provision -Dcompose.host=root@" + (options.server() == null ? "SERVER" : options.server());
    }

    private static String unusedLabel() {
        var bytes = new byte[6];
        new SecureRandom().nextBytes(bytes);
        return "doctor-" + HexFormat.of().formatHex(bytes);
    }
}
