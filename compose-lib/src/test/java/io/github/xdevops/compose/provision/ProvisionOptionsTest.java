package io.github.xdevops.compose.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvisionOptionsTest {
    @Test
    void anOwnersAnswersAreTakenAsTheyAre() {
        var options = new ProvisionOptions(
                Role.PRODUCTION,
                "https://example.com",
                "ops+tls@example.com",
                "ssh-ed25519 AAAA= me@here",
                false,
                false);
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
        assertUsage(() -> new ProvisionOptions(Role.PRODUCTION, null, email, null, false, false), "compose.email");
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
        assertUsage(() -> new ProvisionOptions(Role.CI, null, null, key, false, false), "public key");
    }

    @Test
    void aReviewServerTakesNoEmailBecauseItGetsNoCertificates() {
        assertUsage(
                () -> new ProvisionOptions(Role.CI, null, "ops@example.com", null, false, false),
                "compose.role=production");
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
