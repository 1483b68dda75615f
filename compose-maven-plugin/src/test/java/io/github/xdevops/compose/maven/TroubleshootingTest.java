package io.github.xdevops.compose.maven;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TroubleshootingTest {
    @Test
    void anErrorLinksToTheParagraphThatExplainsIt() {
        assertThat(Troubleshooting.page("It is deployed, but http://x.test/ is not known to Traefik (404) after 3 s."))
                .isEqualTo(Troubleshooting.PAGE + "#is-not-known-to-traefik-404");
        assertThat(Troubleshooting.page("ci.example.com does not let deploy in"))
                .isEqualTo(Troubleshooting.PAGE + "#does-not-let");
        assertThat(Troubleshooting.page("nothing that is explained")).isNull();
    }

    @Test
    void theMostExactParagraphIsMeant() {
        assertThat(Troubleshooting.page("`a` is locked by `b`", "### `is`\n### `is locked`\n## `is locked by`\n"))
                .isEqualTo(Troubleshooting.PAGE + "#is-locked");
    }
}
