package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.provision.Role;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A first provision that ends in the middle of one of its steps, because the client or the server's power is gone. */
final class KilledProvision {
    /** The steps that change something, in their order. */
    static final List<String> STEPS = List.of(
            "dpkg",
            "packages",
            "compose",
            "daemon",
            "machine",
            "login",
            "socket",
            "traefik",
            "pages",
            "firewall",
            "record");

    static final ProvisionOptions FIRST =
            ProvisionOptions.builder().role(Role.CI).domain("bare.test").build();

    /** About how long they take, in milliseconds; others half a second. */
    private static final Map<String, Integer> LENGTHS =
            Map.of("packages", 20_000, "compose", 8_000, "daemon", 2_000, "traefik", 6_000, "record", 100);

    private final BareServer server;

    KilledProvision(BareServer server) {
        this.server = server;
    }

    /** Ends it in this step, somewhere. */
    void at(String step, boolean powerCut, Random random) {
        var before = STEPS.indexOf(step) == 0 ? "server" : STEPS.get(STEPS.indexOf(step) - 1);
        var delay = random.nextInt(LENGTHS.getOrDefault(step, 500));
        var cut = new AtomicReference<>(CompletableFuture.<Void>completedFuture(null));
        System.out.println(
                "provision ends in " + step + " after " + delay + " ms: " + (powerCut ? "power cut" : "client gone"));
        try (var host = server.connect("root")) {
            Provisioning.on(host, () -> server.connect("root")).run(FIRST, done -> {
                if (done.name().equals(before)) {
                    var end = CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS);
                    cut.set(CompletableFuture.runAsync(powerCut ? server::off : host::close, end));
                }
            });
        } catch (RuntimeException e) {
            // As it should be; where the step was faster, there is nothing to finish.
        }
        cut.get().join();
        if (powerCut) {
            server.up();
        }
        assertThat(server.run("echo up")).isEqualTo("up\n");
    }
}
