package io.github.xdevops.compose.maven.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.host.ssh.SshAddress;
import io.github.xdevops.compose.provision.Provisioned;
import io.github.xdevops.compose.provision.Role;
import io.github.xdevops.compose.provision.Step;
import io.github.xdevops.compose.provision.Step.State;
import io.github.xdevops.compose.text.Json;
import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProvisionReportTest {
    private static final Step CHANGED =
            new Step("daemon", State.CHANGED, List.of("write it", "restart"), List.of("containers run"));
    private static final Provisioned SERVER =
            new Provisioned(Role.CI, null, List.of("ssh-ed25519 AAAA"), List.of(CHANGED));

    @Test
    void aStepIsOneLineAndEachNoteAnother() {
        assertThat(ProvisionReport.lines(CHANGED))
                .containsExactly("changed       daemon     write it, restart", "              daemon: containers run");
        assertThat(ProvisionReport.lines(new Step("dpkg", State.OK, List.of(), List.of())))
                .containsExactly("ok            dpkg");
    }

    @Test
    void theOwnerGetsTheHostKeysAsTheirPortNeedsThem() {
        assertThat(ProvisionReport.pipeline(SshAddress.parse("root@127.0.0.1:2222"), SERVER, new File("pipeline.pub")))
                .contains("    [127.0.0.1]:2222 ssh-ed25519 AAAA", "    the private key of pipeline.pub")
                .contains("Write the pipeline: mvn compose:ci -Dcompose.host=deploy@127.0.0.1:2222");
        assertThat(ProvisionReport.pipeline(SshAddress.parse("root@127.0.0.1"), SERVER, null))
                .contains("    127.0.0.1 ssh-ed25519 AAAA")
                .anyMatch(line -> line.contains("-Dcompose.gate.key=pipeline.pub"));
    }

    @Test
    void jsonHasTheSame() {
        assertThat(Json.parse(ProvisionReport.json(SERVER))).isEqualTo(Json.parse("""
                        {"role":"ci","domain":null,"changed":1,"hostKeys":["ssh-ed25519 AAAA"],"steps":[
                        {"step":"daemon","state":"changed","changes":["write it","restart"],"notes":["containers run"]}]}"""));
    }
}
