package io.github.xdevops.compose.provision;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.provision.Step.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sets a Debian or Ubuntu server up for environments. Each step checks first and changes only what differs. So the next run
 * finishes what was interrupted, and a run after that changes nothing.
 */
public final class Provisioning {
    private static final List<String> STEPS = List.of(
            "dpkg",
            "packages",
            "compose",
            "daemon",
            "machine",
            "login",
            "socket",
            "traefik",
            "pages",
            "backup",
            "firewall",
            "record");

    private final Host host;
    private final Supplier<? extends Host> again;

    private Provisioning(Host host, Supplier<? extends Host> again) {
        this.host = host;
        this.again = again;
    }

    /**
     * Works on a server.
     *
     * @param host the server, as root or a login that may use sudo without a password; stays open
     * @param again makes another connection of the same kind: the firewall stays only if that can be made
     */
    public static Provisioning on(Host host, Supplier<? extends Host> again) {
        return new Provisioning(host, again);
    }

    /**
     * Runs all steps.
     *
     * @param heard gets each step as it ends
     * @throws ComposeException {@code NOPERM} without root, {@code UNAVAIL} if the server cannot be set up, {@code USAGE} if an
     * answer
     *     is missing, {@code BUSY} if somebody else does the same, {@code IOERR} if a step failed; what was done stays done
     * @throws HostException if the server cannot be reached, or is lost
     */
    public Provisioned run(ProvisionOptions options, Consumer<Step> heard) {
        var dns = options.dns();
        var script = new ProvisionScript(
                host, dns == null ? "" : dns.lines(), Objects.requireNonNullElse(options.basicAuth(), ""));
        var given = new ArrayList<String>();
        add(given, "role", options.role());
        add(given, "domain", options.domain());
        add(given, "email", options.email());
        add(given, "dns", dns == null ? null : dns.provider());
        add(given, "force", options.force() ? "yes" : null);
        add(given, "dry", options.dryRun() ? "yes" : null);
        var server = script.run("server", given);
        var steps = new ArrayList<Step>();
        hear(step("server", options, server), steps, heard);

        var words = new ArrayList<String>();
        server.answers().forEach((name, value) -> add(words, name, value.isEmpty() ? null : value));
        add(words, "force", options.force() ? "yes" : null);
        add(words, "dry", options.dryRun() ? "yes" : null);
        add(words, "version", ProvisionScript.VERSION);
        add(words, "key", options.pipelineKey());
        add(words, "name", options.serverName());
        for (var name : STEPS) {
            var answer = script.run(name, words);
            if (answer.answers().containsKey("confirm")) {
                answer.changes().addAll(confirm(script, words));
            }
            hear(step(name, options, answer), steps, heard);
        }
        var domain = server.answers().getOrDefault("domain", "");
        return new Provisioned(
                Role.parse(server.answers().getOrDefault("role", "")),
                domain.isEmpty() ? null : domain,
                server.hostKeys(),
                steps);
    }

    /** Whoever can come in now can do so after a restart: only then does the firewall outlive one. */
    private List<String> confirm(ProvisionScript script, List<String> words) {
        try (var second = again.get()) {
            return new ProvisionScript(second, "", "").run("confirm", words).changes();
        } catch (HostException e) {
            script.run("undo", words);
            throw new ComposeException(
                    Outcome.UNAVAIL,
                    "firewall: with its rules no second connection to " + host.address()
                            + " came through, so they were taken back: " + e.getMessage(),
                    e);
        }
    }

    private static Step step(String name, ProvisionOptions options, ProvisionScript.Answer answer) {
        var state = answer.changes().isEmpty() ? State.OK : options.dryRun() ? State.WOULD_CHANGE : State.CHANGED;
        return new Step(name, state, answer.changes(), answer.notes());
    }

    private static void hear(Step step, List<Step> steps, Consumer<Step> heard) {
        steps.add(step);
        heard.accept(step);
    }

    private static void add(List<String> words, String name, @Nullable Object value) {
        if (value != null) {
            words.add(name + "=" + value);
        }
    }
}
