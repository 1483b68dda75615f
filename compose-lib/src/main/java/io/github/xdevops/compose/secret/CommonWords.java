package io.github.xdevops.compose.secret;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Identifies secrets that are ordinary words or names of the stack, such as {@code postgres}. Hiding such a word everywhere would
 * also hide service names, keys and paths, so it is hidden as a value only.
 */
final class CommonWords {
    /** From this length on, a text is neither a word nor a name. */
    private static final int RARE = 16;
    /** Shorter texts are not hidden. */
    private static final int SHORTEST = 4;

    private static final Set<String> NAMING = Set.of(
            "aliases",
            "container_name",
            "depends_on",
            "file",
            "hostname",
            "image",
            "name",
            "network_mode",
            "networks",
            "profiles",
            "source",
            "target",
            "user",
            "working_dir");
    private static final List<String> ASSIGNED =
            List.of("password", "Password", "PASSWORD", "passwd", "pwd", "secret", "SECRET", "token", "TOKEN");

    private final List<String> names = new ArrayList<>();

    /** @param trees compose files, whose keys, images, users and paths are names */
    CommonWords(Collection<? extends Map<String, @Nullable Object>> trees) {
        trees.forEach(this::learn);
    }

    /** Whether hiding this text everywhere would hide other things. */
    boolean contains(String secret) {
        return isWord(secret) || names.stream().anyMatch(name -> name.contains(secret));
    }

    /** Letters of one case, or digits only: likely to appear in other texts. */
    static boolean isWord(String secret) {
        var capitalized =
                secret.isEmpty() ? secret : secret.substring(0, 1).toLowerCase(Locale.ROOT) + secret.substring(1);
        return secret.length() < RARE
                && Stream.<IntPredicate>of(Character::isLowerCase, Character::isUpperCase, Character::isDigit)
                        .anyMatch(kind -> secret.chars().allMatch(kind)
                                || capitalized.chars().allMatch(kind));
    }

    /**
     * The texts in which a common word is a value: in an assignment to its variable or to a key that sounds like a password, or
     * as the password of a URL.
     */
    static Set<String> asValue(String secret, Collection<String> variables) {
        var forms = new LinkedHashSet<String>();
        if (secret.length() < SHORTEST || secret.matches("true|false|null|[0-9]{1,5}")) {
            return forms;
        }
        for (var name : variables) {
            forms.add(name + "=" + secret);
            forms.add(name + ": " + secret);
            forms.add(name + "\":\"" + secret);
            forms.add(name + "\": \"" + secret);
        }
        ASSIGNED.forEach(name -> forms.add(name + "=" + secret));
        forms.add(":" + secret + "@");
        return forms;
    }

    private void learn(Map<?, ?> map) {
        map.forEach((key, value) -> {
            names.add(String.valueOf(key));
            learn(String.valueOf(key), value);
        });
    }

    private void learn(String key, @Nullable Object value) {
        if (value instanceof Map<?, ?> below) {
            learn(below);
        } else if (value instanceof Collection<?> all) {
            all.forEach(item -> learn(key, item));
        } else if (value != null && NAMING.contains(key)) {
            names.add(String.valueOf(value));
        }
    }
}
