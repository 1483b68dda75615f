package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioned;
import io.github.xdevops.compose.provision.Provisioning;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A first provision that ends in each of its steps, by both kinds of end; {@link ProvisionIT} samples one. */
@Tag("provision")
@Tag("exhaustive")
class ProvisionKillsIT {
    @Test
    void whereverTheFirstRunEndsTheNextOneFinishesIt() throws Exception {
        var random = new Random(Ring.seed());
        var kills = 0;
        for (var step : KilledProvision.STEPS) {
            for (var powerCut : new boolean[] {false, true}) {
                try (var server = new BareServer("kills")) {
                    BareImages.provideTraefik(server);
                    new KilledProvision(server).at(step, powerCut, random);
                    // It may have nothing left to do: a step goes on without its client.
                    provision(server, KilledProvision.FIRST);
                    assertThat(provision(server, ProvisionOptions.REMEMBERED).changed())
                            .as("%s, power cut: %s", step, powerCut)
                            .isZero();
                    kills++;
                }
            }
        }
        Proof.claim(
                "provision: " + kills + " of " + 2 * KilledProvision.STEPS.size() + " kills finished by the next run");
    }

    private static Provisioned provision(BareServer server, ProvisionOptions options) {
        try (var host = server.connect("root")) {
            return Provisioning.on(host, () -> server.connect("root")).run(options, step -> {});
        }
    }
}
