package io.github.xdevops.compose.maven.report;

import io.github.xdevops.compose.doctor.Diagnosis;
import io.github.xdevops.compose.doctor.Finding;
import io.github.xdevops.compose.host.ssh.SshAddress;
import io.github.xdevops.compose.provision.Provisioned;
import io.github.xdevops.compose.provision.Step;
import io.github.xdevops.compose.text.Json;
import java.io.File;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The steps of {@code compose:provision}, and what is left to do. */
public final class ProvisionReport {
    private static final Set<String> MACHINE = Set.of("disk", "inodes", "memory", "swap", "devices", "ssh.passwords");

    private ProvisionReport() {}

    /** A line for the step with its state, and one for each note. */
    public static List<String> lines(Step step) {
        var lines = new ArrayList<String>();
        lines.add(String.format(
                        Locale.ROOT, "%-12s  %-9s  %s", step.state(), step.name(), String.join(", ", step.changes()))
                .stripTrailing());
        step.notes().forEach(note -> lines.add("              " + step.name() + ": " + note));
        return lines;
    }

    /** The same as JSON. */
    public static String json(Provisioned provisioned) {
        var steps = provisioned.steps().stream()
                .map(step -> {
                    var members = new LinkedHashMap<String, Object>();
                    members.put("step", step.name());
                    members.put("state", step.state().toString());
                    members.put("changes", step.changes());
                    members.put("notes", step.notes());
                    return members;
                })
                .toList();
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("role", provisioned.role().toString());
        members.put("domain", provisioned.domain());
        members.put("changed", provisioned.changed());
        members.put("steps", steps);
        members.put("hostKeys", provisioned.hostKeys());
        return Json.write(members) + "\n";
    }

    /** The findings about the machine itself, which provisioning leaves to the owner; empty if all is well. */
    public static List<String> advice(Diagnosis diagnosis) {
        var lines = new ArrayList<String>();
        diagnosis.findings().stream()
                .filter(finding -> finding.state() != Finding.State.OK && MACHINE.contains(finding.check()))
                .forEach(finding -> {
                    lines.add("  " + finding.found());
                    lines.add("    " + finding.cure());
                });
        if (!lines.isEmpty()) {
            lines.add(0, "Advice on the machine, for its owner:");
            lines.add(0, "");
        }
        return lines;
    }

    /** The text to paste into the pipeline's settings, and the DNS record to make. */
    public static List<String> pipeline(SshAddress address, Provisioned provisioned, @Nullable File key) {
        var lines = new ArrayList<String>();
        var name = address.knownAs();
        lines.add("");
        lines.add(
                "For the pipeline (GitLab: Settings, CI/CD, Variables; GitHub: Settings, Secrets and variables, Actions):");
        lines.add("");
        lines.add("  COMPOSE_KNOWN_HOSTS");
        provisioned.hostKeys().forEach(hostKey -> lines.add("    " + name + " " + hostKey));
        lines.add("  COMPOSE_SSH_KEY");
        lines.add(
                key == null
                        ? "    none yet: make one with ssh-keygen -t ed25519 -N \"\" -f pipeline, and run this again with"
                                + " -Dcompose.gate.key=pipeline.pub"
                        : "    the private key of " + key);
        lines.add("");
        var server = new SshAddress(Provisioned.LOGIN, address.host(), address.port());
        var domain = provisioned.domain();
        lines.add("Write the pipeline: mvn compose:ci -Dcompose.host=" + server
                + (domain == null ? "" : " -Dcompose.domain=" + domain));
        lines.add(
                domain == null
                        ? "No compose.domain is set, so its DNS record was not checked."
                        : dns(address.host(), domain));
        return lines;
    }

    private static String dns(String server, String domain) {
        var record = "*." + domain;
        try {
            var there = new HashSet<>(Arrays.asList(InetAddress.getAllByName(server)));
            try {
                // A name that nobody has made: only a wildcard answers it.
                there.retainAll(Arrays.asList(InetAddress.getAllByName("provision-check." + domain)));
                if (!there.isEmpty()) {
                    return "DNS: " + record + " points to this server.";
                }
            } catch (UnknownHostException e) {
                // said below
            }
            return "DNS: make a record for " + record + " that points to "
                    + InetAddress.getByName(server).getHostAddress() + "; it does not yet.";
        } catch (UnknownHostException e) {
            return "DNS: make a record for " + record + " that points to " + server + ".";
        }
    }
}
