package io.github.xdevops.compose.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.text.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "canary",
                "canary\"\\/b",
                "c$n$ry",
                "c&n<a>ry",
                "canäry 日本 😀",
                "a+b/c=d?e f%g",
                "~!'()*;:@,#[]{}|^`",
                "p\tq\u0001rst"
            })
    void everyFormOfASecretIsHidden(String secret) {
        var redaction = Redaction.of(List.of(secret));
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        var form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        var script = form.replace("+", "%20")
                .replace("%7E", "~")
                .replace("%21", "!")
                .replace("%27", "'")
                .replace("%28", "(")
                .replace("%29", ")");
        var lower = Pattern.compile("%..")
                .matcher(form)
                .replaceAll(code -> code.group().toLowerCase(Locale.ROOT));
        var json = Json.write(secret);
        for (var shown : List.of(
                secret,
                secret.replace("$", "$$"),
                json.substring(1, json.length() - 1),
                form,
                form.replace("+", "%20"),
                script,
                lower,
                Base64.getEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))) {
            assertThat(redaction.text("<" + shown + ">")).as(shown).isEqualTo("<***>");
        }
    }

    @Test
    void aSecretWithinSomethingInBase64IsHidden() {
        var seed = Ring.seed();
        System.out.println("RedactionTest seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            var secret = new byte[6 + random.nextInt(20)];
            for (int k = 0; k < secret.length; k++) {
                secret[k] = (byte) ('!' + random.nextInt(94));
            }
            var text = new String(secret, StandardCharsets.US_ASCII);
            var whole = "user" + "x".repeat(random.nextInt(5)) + ":" + text + "y".repeat(random.nextInt(5));
            var encoded = Base64.getEncoder().encodeToString(whole.getBytes(StandardCharsets.US_ASCII));
            var shown = Redaction.of(List.of(text)).text("Basic " + encoded);
            assertThat(shown).as(seed + ": " + whole).startsWith("Basic ").contains("***");
            // What is left of it is no more than a letter on each side.
            var left = "Basic ".length() + 3 + (encoded.length() - (secret.length * 8 / 6 - 1));
            assertThat(shown.length()).as(seed + ": " + whole + " is " + shown).isLessThanOrEqualTo(left);
        }
    }

    @Test
    void theLongestSecretIsHiddenFirst() {
        assertThat(Redaction.of(List.of("canary", "canary-and-more")).text("canary-and-more, canary"))
                .isEqualTo("***, ***");
    }

    @Test
    void aSecretIsNoPattern() {
        assertThat(Redaction.of(List.of("c.n[a]ry", "$1\\canary")).text("cxnary c.n[a]ry $1\\canary"))
                .isEqualTo("cxnary *** ***");
    }

    @Test
    void shortValuesStay() {
        assertThat(Redaction.of(List.of("", "a", "12345", "  abcde  ")).text("12345 abcde"))
                .isEqualTo("12345 abcde");
        assertThat(Redaction.NONE.lines()).isEmpty();
    }

    @Test
    void theLinesForTheServerAreLines() {
        var lines = Redaction.of(List.of("first line\nsecond line", "canary\0canary"))
                .lines();
        assertThat(lines)
                .isNotEmpty()
                .allMatch(line -> line.matches("[^\\n\\x00]{6,}"))
                .contains("first line\\nsecond line");
    }

    @Test
    void aFailureIsHiddenWithItsCauses() {
        var redaction = Redaction.of(List.of("canary"));
        var clean = new ComposeException(Outcome.DATA, "no", new IllegalStateException("nothing"));
        assertThat(redaction.cleaned(clean)).isSameAs(clean);
        for (var dirty : List.of(
                new ComposeException(Outcome.DATA, "no canary", new IllegalStateException("nothing")),
                new ComposeException(
                        Outcome.DATA, "no", new IllegalStateException("no", new IllegalStateException("a canary"))))) {
            var shown = redaction.cleaned(dirty);
            assertThat(shown.word()).isEqualTo(Outcome.DATA);
            assertThat(shown.getMessage())
                    .isEqualTo(String.valueOf(dirty.getMessage()).replace("canary", "***"));
            assertThat(shown).hasNoCause();
            assertThat(shown.getStackTrace()).isEqualTo(dirty.getStackTrace());
        }
    }
}
