package io.github.xdevops.compose.secret;

import io.github.xdevops.compose.file.mount.MountedFiles;
import java.util.Set;
import java.util.regex.Pattern;

/** A compose file with secrets masked: *** replaces secrets, and every value whose key sounds like one. */
public final class MaskedText {
    /** One key and its value. Our own files have every scalar on one line. */
    private static final Pattern ENTRY =
            Pattern.compile("^( *(?:- )*)(\"(?:[^\"\\\\]|\\\\.)*\"|[^\"\\s]+): (?!\\{}|\\[]|null$).+$");

    private MaskedText() {}

    public static String of(String text, Set<String> secrets) {
        var redaction = Redaction.of(secrets);
        var shown = new StringBuilder();
        var option = false;
        for (var line : (Iterable<String>) text.lines()::iterator) {
            var item = line.stripLeading().startsWith("- \"") && line.endsWith("\"") ? line.indexOf('"') : -1;
            shown.append(option && item > 0 ? line.substring(0, item) + "\"***\"" : masked(line, redaction))
                    .append('\n');
            option = item > 0 && Masking.isSecretOption(line.substring(item + 1, line.length() - 1));
        }
        return shown.toString();
    }

    private static String masked(String line, Redaction redaction) {
        var entry = ENTRY.matcher(line);
        return entry.matches() && Masking.soundsSecret(unquoted(entry.group(2)))
                ? entry.group(1) + entry.group(2) + ": \"***\""
                : MountedFiles.maskedNames(redaction.text(line));
    }

    private static String unquoted(String key) {
        return key.startsWith("\"") ? key.substring(1, key.length() - 1) : key;
    }
}
