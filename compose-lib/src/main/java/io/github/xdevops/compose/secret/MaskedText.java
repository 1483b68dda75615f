package io.github.xdevops.compose.secret;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A compose file as people may see it: *** for secrets, and for every value whose key sounds like one. */
public final class MaskedText {
    /** Every scalar of our own files stands on one line. */
    private static final Pattern ENTRY =
            Pattern.compile("^( *(?:- )*)(\"(?:[^\"\\\\]|\\\\.)*\"|[^\"\\s]+): (?!\\{}|\\[]|null$).+$");

    private MaskedText() {}

    public static String of(String text, Set<String> secrets) {
        var redaction = Redaction.of(secrets);
        return text.lines()
                .map(line -> {
                    var entry = ENTRY.matcher(line);
                    return entry.matches() && Masking.soundsSecret(entry.group(2))
                            ? entry.replaceFirst(
                                    Matcher.quoteReplacement(entry.group(1) + entry.group(2) + ": \"***\""))
                            : redaction.text(line);
                })
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
