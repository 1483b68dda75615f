package io.github.xdevops.compose.secret;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the values that no log may show. */
public final class Secrets {
    private Secrets() {}

    /**
     * The secrets that stand in a stack. Others are not for its server to know, not even as something to hide.
     *
     * @param variables what the stack was made with
     * @param open what everybody sees anyway; what stands in one of these is no secret
     */
    public static Set<String> of(
            Map<String, @Nullable Object> tree, Map<String, String> variables, Collection<String> open) {
        var found = new TreeSet<>(new Masking(List.of(tree)).known());
        var values = Leaves.of(tree).values().stream().map(String::valueOf).toList();
        for (var secret : named(variables)) {
            if (values.stream().anyMatch(value -> value.contains(secret))) {
                found.add(secret);
            }
        }
        found.removeIf(secret -> open.stream().anyMatch(shown -> shown.contains(secret)));
        return found;
    }

    /** The values whose names sound like a secret, and their lines. */
    public static Set<String> named(Map<String, String> variables) {
        var found = new HashSet<String>();
        variables.forEach((name, value) -> {
            if (Masking.soundsSecret(name)) {
                found.add(value.strip());
                value.lines().map(String::strip).forEach(found::add);
            }
        });
        found.remove("");
        return found;
    }
}
