package io.github.xdevops.compose.proof;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts as somebody writes them who wants a terminal or a pipeline to obey, and what those would obey. */
public final class HostileTexts {
    private static final List<String> PIECES = List.of(
            "::", ":", "::set-output name=url::x", "::add-mask::a", "##", "#", "##vso[task.setvariable variable=PATH]/evil",
            "##[command]rm", "##teamcity[buildStatus]", "section_start:12:a", "section_end:1:b", "section_start", ":9",
            "\u001b", "\u001b[31m", "\u001b]0;x\u0007", "\u001b]52;c;aGk=\u001b\\", "\u009b2J", "\u001b[0K", "\r", "\r\n", "\n", "\t",
            " ", "\u00a0", "\u3000", "\u2003", "\u1680", "\u000b", "\f", "\u0085", "\u2028", "\u2029", "\u200b", "\u200d", "\ufeff",
            "\u202e", "\u2066", "\u00ad", "\u061c", "\u180e", "\0", "\u0007", "\b", "\u007f", "\ud83d\ude00", "\udb40\udc41", "\ue000",
            "a", "web | ", "services.", "é", "{", "}", "\"", "\\", "$", "`", "|", "50%");

    /** .NET, in which GitHub's and Azure's runners are written, trims these. */
    private static final String BLANKS =
            "[\\t\\n\\u000b\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*";

    private static final Pattern OBEYED = Pattern.compile("(?s)" + BLANKS + "::.*|.*##.*|.*section_(start|end):[0-9].*");

    private HostileTexts() {}

    /** Texts of one to seven pieces, the same for the same seed. */
    public static Stream<String> of(long seed, int count) {
        var random = new Random(seed);
        return IntStream.range(0, count).mapToObj(i -> {
            var text = new StringBuilder();
            for (int n = 1 + random.nextInt(7); n > 0; n--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            return text.toString();
        });
    }

    /** The same on one line, where what is tried is a line already. */
    public static Stream<String> lines(long seed, int count) {
        return of(seed, count).map(text -> text.replace("\n", ""));
    }

    /** Whether a terminal or a pipeline would obey something of an output of several lines. */
    public static boolean isObeyed(String output) {
        return output.split("\n", -1).length != output.split("\\R", -1).length
                || Stream.of(output.split("\n", -1))
                        .anyMatch(line -> OBEYED.matcher(line).matches()
                                || line.codePoints().anyMatch(c -> c < 0x20
                                        || (c >= 0x7f && c <= 0x9f)
                                        || (c <= 0xffff && Character.getType(c) == Character.FORMAT)));
    }
}
