package io.github.xdevops.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @Test
    void readsNamesPortsAndSchemes() {
        assertThat(Address.parse("ci.example.com")).hasToString("http://ci.example.com");
        assertThat(Address.parse("localhost:8088")).hasToString("http://localhost:8088");
        assertThat(Address.parse("https://ci.example.com/")).hasToString("https://ci.example.com");
    }

    @Test
    void putsLabelsInFront() {
        assertThat(Address.parse("localhost:8088").below("x").prefixed("mail"))
                .hasToString("http://mail-x.localhost:8088");
    }

    @Test
    void anIpAddressHasNoSubdomains() {
        for (var ip : new String[] {"10.0.0.1", "https://203.0.113.7:8443"}) {
            var address = Address.parse(ip);
            assertThat(address.prefixed("")).isEqualTo(address);
            assertThatThrownBy(() -> address.below("x")).hasMessageContaining("is an IP address");
            assertThatThrownBy(() -> address.prefixed("x")).hasMessageContaining("compose.domain");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ftp://x",
                "http://x/path",
                "http://u:p@x",
                "http://x?y",
                "x y",
                "a`)||Host(`b",
                "-x",
                "x..y",
                "x:99999",
                "http://",
                "[::1]",
                "//x?://",
                "ftp://x/?http://",
            })
    void refusesWhatCannotStandInARule(String text) {
        assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(ComposeException.class);
    }
}
