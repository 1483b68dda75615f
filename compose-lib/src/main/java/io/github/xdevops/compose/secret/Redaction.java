package io.github.xdevops.compose.secret;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.text.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Removes secrets from texts, in all forms in which programs write them: plain, with the dollars of a compose file, escaped for
 * JSON or URLs, and in base64, also as a part of a longer text.
 */
public final class Redaction {
    private static final String MASK = "***";
    /** Shorter texts appear in other words by chance. */
    private static final int SHORTEST = 6;
    /** Longer secrets are hidden line by line; nobody prints the whole. */
    private static final int LONGEST = 16_384;
    /** A longer list is a word list. The longest entries are kept. */
    private static final int MOST = 2000;
    /** Characters that RFC 3986, HTML forms, JavaScript and Go leave unescaped in URLs, in addition to letters and digits. */
    private static final List<String> KEPT = List.of("-_.~", "-_.*+", "-_.~!'()*", "-_.~$&+,;=");

    public static final Redaction NONE = of(List.of());

    private final List<String> forms;

    private Redaction(List<String> forms) {
        this.forms = forms;
    }

    /**
     * Creates a redaction for these secrets.
     *
     * @param secrets those with less than 6 characters are not hidden
     */
    public static Redaction of(Collection<String> secrets) {
        var longestFirst = Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());
        return new Redaction(secrets.stream()
                .map(String::strip)
                .filter(secret -> secret.length() >= SHORTEST && secret.length() <= LONGEST)
                .distinct()
                .sorted(longestFirst)
                .limit(MOST)
                .flatMap(secret -> forms(secret).stream())
                .distinct()
                .sorted(longestFirst)
                .toList());
    }

    /** The single-line forms, longest first. */
    public List<String> lines() {
        return forms.stream()
                .filter(form -> form.indexOf('\n') < 0 && form.indexOf(0) < 0)
                .toList();
    }

    /** Replaces each secret by ***. */
    public String text(String text) {
        var shown = text;
        for (var form : forms) {
            shown = shown.replace(form, MASK);
        }
        return shown;
    }

    /** Removes secrets from a failure. If a cause contains one, causes are dropped. */
    public ComposeException cleaned(ComposeException failure) {
        var clean = Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                .map(cause -> String.valueOf(cause.getMessage()))
                .allMatch(message -> text(message).equals(message));
        if (clean) {
            return failure;
        }
        var other = new ComposeException(failure.word(), text(String.valueOf(failure.getMessage())));
        other.setStackTrace(failure.getStackTrace());
        return other;
    }

    private static Set<String> forms(String secret) {
        var forms = new LinkedHashSet<String>();
        for (var raw : List.of(secret, secret.replace("$", "$$"))) {
            forms.add(raw);
            if (StandardCharsets.UTF_8.newEncoder().canEncode(raw)) {
                addJson(raw, forms);
            }
        }
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        KEPT.forEach(kept -> {
            forms.add(percent(bytes, kept, "%%%02X"));
            forms.add(percent(bytes, kept, "%%%02x"));
        });
        addBase64(bytes, forms);
        return forms;
    }

    private static void addJson(String raw, Set<String> forms) {
        var quoted = Json.write(raw);
        var json = quoted.substring(1, quoted.length() - 1);
        forms.add(json);
        forms.add(json.replace("/", "\\/"));
        // Go's encoder, and with it Docker's.
        forms.add(json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"));
        var ascii = new StringBuilder();
        json.chars().forEach(c -> ascii.append(c < 128 ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        forms.add(ascii.toString());
        forms.add(ascii.toString().replace("/", "\\/"));
    }

    private static String percent(byte[] bytes, String kept, String format) {
        var text = new StringBuilder();
        for (byte b : bytes) {
            var c = (char) (b & 0xFF);
            if (c == ' ' && kept.endsWith("*+")) {
                text.append('+');
            } else if ((c < 128 && Character.isLetterOrDigit(c)) || isKept(c, kept)) {
                text.append(c);
            } else {
                text.append(String.format(format, (int) c));
            }
        }
        return text.toString();
    }

    private static boolean isKept(char c, String kept) {
        return kept.indexOf(c) >= 0 && !(c == '+' && kept.endsWith("*+"));
    }

    /**
     * Adds base64 forms, also for a part of a longer text: the bytes before shift the bits and change the first and last letters.
     */
    private static void addBase64(byte[] bytes, Set<String> forms) {
        for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            forms.add(encoder.encodeToString(bytes));
            forms.add(encoder.withoutPadding().encodeToString(bytes));
            for (int before = 0; before < 3; before++) {
                var shifted = new byte[before + bytes.length];
                System.arraycopy(bytes, 0, shifted, before, bytes.length);
                var text = encoder.withoutPadding().encodeToString(shifted);
                forms.add(text.substring(
                        before == 0 ? 0 : before + 1, shifted.length % 3 == 0 ? text.length() : text.length() - 1));
            }
        }
    }
}
