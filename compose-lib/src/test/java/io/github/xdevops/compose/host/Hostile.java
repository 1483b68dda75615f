package io.github.xdevops.compose.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Words that break what is quoted carelessly. */
final class Hostile {
    private static final String[] PIECES = {
        "'",
        "\"",
        "\\",
        "\\\\",
        "\\'",
        "`id`",
        "$(id)",
        "${HOME}",
        "$HOME",
        "$",
        ";",
        "&",
        "|",
        "<",
        ">",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "*",
        "?",
        "~",
        "!",
        "!!",
        "#",
        "%",
        "%s",
        "^",
        "=",
        "\n",
        "\r",
        "\t",
        " ",
        "\u0001",
        "\u001b[31m",
        "é",
        "€",
        "𝄞",
        "\u202e",
        "\u2028",
        "\ufeff",
        "-",
        "--",
        "-n",
        "a",
        "Z",
        "9",
        "/",
        ".",
        "..",
        ",",
        ":",
        "@",
        "+",
        "_",
        "\u007f"
    };

    private Hostile() {}

    static Stream<List<String>> words() {
        List<String> single = new ArrayList<>(List.of(PIECES));
        single.add("");
        single.add("=ls");
        single.add("%1");
        single.add("~root");
        single.add("x".repeat(5000));
        Random random = new Random(20);
        return Stream.concat(
                Stream.of(single),
                IntStream.range(0, 20)
                        .mapToObj(i -> random.ints(30, 0, 12)
                                .mapToObj(length -> word(random, length))
                                .toList()));
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return word.toString();
    }
}
