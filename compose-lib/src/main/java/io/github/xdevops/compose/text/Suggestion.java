package io.github.xdevops.compose.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that was probably meant. */
public final class Suggestion {

    private Suggestion() {}

    /** The end of a message: empty, or {@code ; did you mean `image`?}. */
    public static String of(String word, Collection<String> known) {
        return nearest(word, known)
                .map(found -> "; did you mean `" + found + "`?")
                .orElse("");
    }

    /** The nearest known word, if one is near enough. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        String best = "";
        int least = Math.max(1, word.length() / 3) + 1;
        String lower = normal(word);
        for (String candidate : word.length() < 3 || word.length() > 60 ? java.util.List.<String>of() : known) {
            int distance = distance(lower, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** Whether a word is so close to a known one that it is almost certainly a misspelling. */
    public static boolean isMisspelt(String word, Collection<String> known) {
        String lower = normal(word);
        int most = Math.min(2, Math.max(1, word.length() / 3));
        return word.length() > 2
                && word.length() < 61
                && known.stream().anyMatch(candidate -> distance(lower, candidate) <= most);
    }

    private static String normal(String word) {
        return word.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** The number of letters to insert, drop, replace or swap with their neighbour. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
