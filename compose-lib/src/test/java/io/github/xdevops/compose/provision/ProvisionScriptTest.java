package io.github.xdevops.compose.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.provision.Step.State;
import io.github.xdevops.compose.server.ScriptText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the client makes of the steps' replies; what the steps do is tested on bare servers. */
class ProvisionScriptTest {
    private static final Pattern CALL = Pattern.compile(" compose (\\S+) (\\S+)(.*)");

    @Test
    void eachStepIsReportedWithWhatItChanged() {
        var server = new Scripted(Map.of(
                "server", "answer role ci|answer domain example.com|hostkey ssh-ed25519 AAAA|result OK",
                "daemon", "change write daemon.json|note containers run|result OK"));
        var heard = new ArrayList<String>();
        var done = Provisioning.on(server, () -> server)
                .run(ProvisionOptions.REMEMBERED, step -> heard.add(step.name() + " " + step.state()));
        assertThat(heard)
                .startsWith("server ok", "dpkg ok")
                .contains("daemon changed")
                .endsWith("record ok");
        assertThat(done.changed()).isEqualTo(1);
        assertThat(done.role()).isEqualTo(Role.CI);
        assertThat(done.domain()).isEqualTo("example.com");
        assertThat(done.hostKeys()).containsExactly("ssh-ed25519 AAAA");
        assertThat(done.steps().get(4))
                .isEqualTo(new Step("daemon", State.CHANGED, List.of("write daemon.json"), List.of("containers run")));
        assertThat(server.calls).last().asString().contains("role=ci", "domain=example.com", "version=");
    }

    @Test
    void aDryRunAsksForNothingElse() {
        var server = new Scripted(Map.of("server", "answer role ci|result OK", "dpkg", "change finish it|result OK"));
        var done = Provisioning.on(server, () -> server)
                .run(ProvisionOptions.builder().role(Role.CI).dryRun(true).build(), step -> {});
        assertThat(done.steps().get(1).state()).isEqualTo(State.WOULD_CHANGE);
        assertThat(server.calls).allSatisfy(call -> assertThat(call).contains("dry=yes"));
    }

    @Test
    void thePasswordOfTheListIsSentHashedAndNotAmongTheWords() {
        var server = new Scripted(Map.of("server", "answer role ci|result OK"));
        var options =
                ProvisionOptions.builder().role(Role.CI).basicAuth("ann:secret").build();
        Provisioning.on(server, () -> server).run(options, step -> {});
        assertThat(server.calls).allSatisfy(call -> assertThat(call).doesNotContain("ann", "secret", "$2y$"));
        assertThat(server.scripts)
                .allMatch(script -> script.matches("(?s).*\nbasic_auth='ann:\\$2y\\$10\\$[./A-Za-z0-9]{53}'\n.*"))
                .noneMatch(script -> script.contains("ann:secret"));
    }

    @Test
    void theFirstFailureEndsTheRunInTheServersWords() {
        var server = new Scripted(Map.of("server", "result UNAVAIL port 80 is taken by nginx (process 7)"));
        assertThatThrownBy(() -> Provisioning.on(server, () -> server).run(ProvisionOptions.REMEMBERED, step -> {}))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.UNAVAIL))
                .hasMessageContaining("port 80 is taken by nginx (process 7)");
        assertThat(server.calls).hasSize(1);
    }

    @Test
    void aStepWithoutAnEndIsUnknown() {
        var server = new Scripted(Map.of("server", "answer role ci|result OK", "dpkg", "change half"));
        assertThatThrownBy(() -> Provisioning.on(server, () -> server).run(ProvisionOptions.REMEMBERED, step -> {}))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.UNKNOWN))
                .hasMessageContaining("run compose:provision again");
    }

    @Test
    void theFirewallStaysOnlyWithASecondConnection() {
        var replies =
                Map.of("server", "answer role ci|result OK", "firewall", "change close|answer confirm yes|result OK");
        var server = new Scripted(replies);
        var second = new Scripted(replies);
        Provisioning.on(server, () -> second).run(ProvisionOptions.REMEMBERED, step -> {});
        assertThat(second.calls).hasSize(1).first().asString().contains(" confirm ");
        assertThat(second.closed).isTrue();

        var lonely = new Scripted(replies);
        assertThatThrownBy(() -> Provisioning.on(lonely, () -> {
                            throw new HostException(Fault.NOHOST, "nothing answers");
                        })
                        .run(ProvisionOptions.REMEMBERED, step -> {}))
                .hasMessageContaining("taken back");
        assertThat(lonely.calls).last().asString().contains(" undo ");
    }

    @Test
    void aPartOfTheScriptIsShort() {
        var text = new String(ScriptText.of("provision"), StandardCharsets.UTF_8);
        assertThat(text.lines()).hasSizeLessThan(1400);
        for (var part : text.split("(?m)^(?=# --- )")) {
            assertThat(part.lines()).as(part.lines().findFirst().orElse("")).hasSizeLessThan(150);
        }
    }

    /** A server that answers each step by a fixed text. */
    private static final class Scripted implements Host {
        private final Map<String, String> replies;
        private final List<String> calls = new ArrayList<>();
        private final List<String> scripts = new ArrayList<>();
        private boolean closed;

        Scripted(Map<String, String> replies) {
            this.replies = replies;
        }

        @Override
        public String address() {
            return "root@ci.example.com";
        }

        @Override
        public Result run(Command command, Input input, Consumer<String> lines) {
            var call = CALL.matcher(command.text());
            assertThat(call.find()).isTrue();
            scripts.add(new String(command.stdin(), StandardCharsets.UTF_8));
            calls.add(" " + call.group(2) + " " + call.group(3));
            for (var line : replies.getOrDefault(call.group(2), "result OK ").split("\\|")) {
                lines.accept("@" + call.group(1) + " " + line);
            }
            return new Result(0, "", "");
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
