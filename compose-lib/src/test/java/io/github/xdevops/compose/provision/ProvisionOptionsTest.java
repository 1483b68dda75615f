package io.github.xdevops.compose.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvisionOptionsTest {
    @Test
    void anOwnersAnswersAreTakenAsTheyAre() {
        var options = ProvisionOptions.builder()
                .role(Role.PRODUCTION)
                .domain("https://example.com")
                .email("ops+tls@example.com")
                .pipelineKey("ssh-ed25519 AAAA= me@here")
                .build();
        assertThat(options.domain()).isEqualTo("example.com");
        assertThat(Role.parse("production")).isEqualTo(Role.PRODUCTION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ops",
                "ops@",
                "ops@example.com\nrole=ci",
                "\"ops\"@example.com",
                "o ps@example.com",
                "ops@exa$(id)mple.com"
            })
    void whatIsNoEmailAddressIsRefused(String email) {
        assertUsage(
                () -> ProvisionOptions.builder()
                        .role(Role.PRODUCTION)
                        .email(email)
                        .build(),
                "compose.email");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh-ed25519",
                "command=\"sh\" ssh-ed25519 AAAA",
                "ssh-ed25519 AAAA\nssh-ed25519 BBBB",
                "ssh-ed25519 AAAA it's mine",
                "-----BEGIN OPENSSH PRIVATE KEY-----"
            })
    void onlyOnePlainPublicKeyIsThePipelines(String key) {
        assertUsage(
                () -> ProvisionOptions.builder().role(Role.CI).pipelineKey(key).build(), "public key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann",
                ":secret",
                "ann:",
                "o'ann:secret",
                "ann b:secret",
                "ann:$2y$31$0123456789012345678901234567890123456789012345678901x"
            })
    void theLoginOfTheListNeedsANameAndAPassword(String user) {
        assertUsage(() -> ProvisionOptions.builder().basicAuth(user).build(), "compose.basicAuth");
    }

    @Test
    void aServerIsCalledAsItIsReachedUnlessThatIsAnAddress() {
        assertThat(ProvisionOptions.builder()
                        .reachedAs("CI.example.com")
                        .build()
                        .serverName())
                .isEqualTo("ci.example.com");
        for (var host : List.of("203.0.113.7", "2001:db8::7", "ci", "ci_1.example.com", "localhost")) {
            assertThat(ProvisionOptions.builder().reachedAs(host).build().serverName())
                    .as(host)
                    .isNull();
        }
    }

    @Test
    void theVariablesOfADnsProviderAreLinesAndNeverPrinted() {
        var dns = DnsChallenge.parse("cloudflare", "# token\n\nCF_DNS_API_TOKEN=a$b='\"c\nCF_ZONE=\n");
        assertThat(dns.variables()).isEqualTo(Map.of("CF_DNS_API_TOKEN", "a$b='\"c", "CF_ZONE", ""));
        assertThat(dns.lines()).isEqualTo("CF_DNS_API_TOKEN=a$b='\"c\nCF_ZONE=\n");
        assertThat(ProvisionOptions.builder().dns(dns).build().toString()).doesNotContain("a$b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "export A=secret", "a=secret", "A =secret", "A=secret\u00e9", "A=secret\t"})
    void anotherLineIsNamedByItsNumberOnly(String line) {
        assertThatThrownBy(() -> DnsChallenge.parse("cloudflare", "A=1\n" + line))
                .hasMessageContaining("Line 2 of standard input")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Cloudflare", "cloud flare", "x\"}", "-x"})
    void aDnsProviderHasAPlainName(String provider) {
        assertUsage(() -> DnsChallenge.parse(provider, ""), "compose.acme.dns");
    }

    @Test
    void anotherRoleIsRefusedByName() {
        assertUsage(() -> Role.parse("staging"), "compose.role = `staging` is neither ci nor production");
    }

    private static void assertUsage(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.USAGE))
                .hasMessageContaining(message);
    }
}
