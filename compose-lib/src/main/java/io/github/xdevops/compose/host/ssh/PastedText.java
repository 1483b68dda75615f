package io.github.xdevops.compose.host.ssh;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Normalizes private keys and host keys from variables without line breaks: base64 in one line, {@code \n} or blanks instead of
 * line ends, indentation, quotes.
 */
final class PastedText {
    private static final Pattern BLOCK =
            Pattern.compile("(-----BEGIN [A-Z0-9 ]+-----)([^-]*)(-----END [A-Z0-9 ]+-----)\\s*");
    private static final String OPENSSH = "openssh-key-v1\0";

    private PastedText() {}

    /** The text of a private key in its usual form; {@code null} if the value is not a key and may be a file name. */
    static @Nullable String privateKey(String value) {
        var text = unquoted(value);
        if (!isKey(text)) {
            var decoded = decoded(text);
            if (decoded != null && decoded.startsWith(OPENSSH)) { // without its first and last line
                var body = Base64.getMimeEncoder(70, new byte[] {'\n'})
                        .encodeToString(decoded.getBytes(StandardCharsets.ISO_8859_1));
                return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + "\n-----END OPENSSH PRIVATE KEY-----\n";
            }
            if (decoded == null || !isKey(decoded.stripLeading())) {
                return null;
            }
            text = decoded.strip();
        }
        text = withLineEnds(text);
        var block = BLOCK.matcher(text);
        return block.matches() && block.group(2).indexOf(':') < 0
                ? block.group(1) + "\n" + block.group(2).strip().replaceAll("\\s+", "\n") + "\n" + block.group(3)
                : text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    /** The text of known hosts, decoded if it is base64. */
    static String knownHosts(String value) {
        var text = withLineEnds(unquoted(value));
        // A line of known hosts has blanks, one of base64 has none.
        var decoded = text.indexOf(' ') >= 0 || text.indexOf('\t') >= 0 ? null : decoded(text);
        return decoded != null && KnownHosts.isText(decoded) ? decoded : text;
    }

    private static boolean isKey(String text) {
        return text.startsWith("-----BEGIN ") || text.startsWith("PuTTY-User-Key-File-");
    }

    private static String unquoted(String value) {
        var text = value.replace("\uFEFF", "").strip();
        var quoted = text.length() > 1
                && (text.startsWith("\"") || text.startsWith("'"))
                && text.endsWith(text.substring(0, 1));
        return quoted ? text.substring(1, text.length() - 1).strip() : text;
    }

    private static String withLineEnds(String text) {
        return text.replace("\\r\\n", "\n")
                .replace("\\n", "\n")
                .replace("\r\n", "\n")
                .replace('\r', '\n');
    }

    /** Decodes base64; {@code null} if it is invalid. */
    private static @Nullable String decoded(String text) {
        var letters = text.replaceAll("\\s+", "").replace('-', '+').replace('_', '/');
        if (letters.length() < 40 || !letters.matches("[A-Za-z0-9+/]+={0,2}")) {
            return null;
        }
        try {
            return new String(Base64.getDecoder().decode(letters), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
