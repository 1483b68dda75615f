package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshAddressTest {
    @ParameterizedTest
    @Tag("N25")
    @CsvSource(
            nullValues = "-",
            value = {
                "ci.example.com, -, ci.example.com, 22",
                "deploy@ci.example.com, deploy, ci.example.com, 22",
                "deploy@127.0.0.1:2222, deploy, 127.0.0.1, 2222",
                "me@corp.example@ci:22, me@corp.example, ci, 22",
                "[::1]:2222, -, ::1, 2222",
                "a@[fe80::1%eth0], a, fe80::1%eth0, 22",
                "::1, -, ::1, 22",
                "ssh://ci.example.com, -, ci.example.com, 22",
                "ssh://deploy@ci.example.com:2222/, deploy, ci.example.com, 2222",
                "ssh://a@[::1]:2222, a, ::1, 2222",
                "bücher.example, -, bücher.example, 22",
            })
    @Tag("R7")
    void userHostAndPortAreToldApart(String text, String user, String host, int port) {
        assertThat(SshAddress.parse(text)).isEqualTo(new SshAddress(user, host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy@ci.example.com", "deploy@127.0.0.1:2222", "a@[::1]:2222", "a@::1", "a@b@c", "host"})
    void whatIsPrintedCanBeReadAgain(String text) {
        assertThat(SshAddress.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "a@",
                "@a",
                "host:",
                "host:0",
                "host:65536",
                "host:x",
                "host: 22",
                "[::1",
                "[::1]x",
                "[::1]:",
                "a b",
                "-oProxyCommand=x",
                "host/path",
                "ssh://host/path",
                "ssh://",
                "http://host",
                "ssh:host",
                "host\nnext",
                "u\u0000@host",
                "[]:22",
                "host:22:22x",
                "host-"
            })
    @Tag("R7")
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> SshAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[user@]host[:port]")
                .hasMessageNotContainingAny("\n", "\0");
    }

    @ParameterizedTest
    @Tag("R7")
    @ValueSource(
            strings = {"tcp://ci.example.com:2375", "unix:///var/run/docker.sock", "NPIPE:////./pipe/docker_engine"})
    void aDaemonsAddressIsNamedAsThat(String text) {
        assertThatThrownBy(() -> SshAddress.parse(text))
                .hasMessageContainingAll("is the address of a Docker daemon", "[user@]host[:port]", "`local`");
    }

    @Test
    @Tag("R7")
    void aPasswordInAnAddressIsRefusedAndNotShown() {
        assertThatThrownBy(() -> SshAddress.parse("ssh://deploy:hunter2@ci.example.com"))
                .hasMessageContaining("has no password")
                .hasMessageNotContaining("hunter2");
        assertThat(SshAddress.parse("SSH://deploy@ci.example.com")).hasToString("deploy@ci.example.com");
    }

    @Test
    void knownHostsFilesHaveANameOfTheirOwnForPorts() {
        assertThat(SshAddress.parse("ci:22").knownAs()).isEqualTo("ci");
        assertThat(SshAddress.parse("ci:2222").knownAs()).isEqualTo("[ci]:2222");
        assertThat(SshAddress.parse("[::1]:2222").knownAs()).isEqualTo("[::1]:2222");
    }
}
