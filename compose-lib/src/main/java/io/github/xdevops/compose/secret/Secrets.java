package io.github.xdevops.compose.secret;

import io.github.xdevops.compose.file.mount.MountedEntry;
import io.github.xdevops.compose.file.mount.MountedFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds values that no log may show. */
public final class Secrets {
    private static final int LONGEST_FILE = 4096;

    private Secrets() {}

    /**
     * The secrets in a stack. For a common word, only texts in which it is a value. Others are not sent to the server, not even
     * for redaction.
     *
     * @param variables the variables of the stack
     * @param files the mounted files
     * @param open public values; nothing in them is a secret
     */
    public static Set<String> of(
            Map<String, @Nullable Object> tree,
            List<MountedFiles> files,
            Map<String, String> variables,
            Collection<String> open) {
        var known = new TreeMap<>(new Masking(List.of(tree)).known());
        var values = new ArrayList<>(
                Leaves.of(tree).values().stream().map(String::valueOf).toList());
        for (var mount : files) {
            for (var entry : mount.entries()) {
                entry.text().ifPresent(text -> {
                    values.add(text);
                    if (mount.isSecret() || (Masking.soundsSecret(fileName(mount, entry)) && isShort(text))) {
                        parts(text).forEach(part -> known.merge(part, Set.of(), Secrets::both));
                    }
                });
            }
        }
        byValue(variables).forEach((secret, names) -> {
            if (values.stream().anyMatch(value -> value.contains(secret))) {
                known.merge(secret, names, Secrets::both);
            }
        });
        known.keySet().removeIf(secret -> open.stream().anyMatch(shown -> shown.contains(secret)));
        var common = new CommonWords(List.of(tree));
        return hidden(known, common::contains);
    }

    /** The values whose names sound like a secret, and their lines. For a common word, only texts in which it is a value. */
    public static Set<String> named(Map<String, String> variables) {
        return hidden(byValue(variables), CommonWords::isWord);
    }

    private static Set<String> hidden(Map<String, Set<String>> known, Predicate<String> common) {
        var found = new TreeSet<String>();
        known.forEach((secret, names) ->
                found.addAll(common.test(secret) ? CommonWords.asValue(secret, names) : Set.of(secret)));
        return found;
    }

    private static String fileName(MountedFiles mount, MountedEntry entry) {
        return entry.path().isEmpty()
                ? mount.name()
                : entry.path().substring(entry.path().lastIndexOf('/') + 1);
    }

    /** Whether the text can be one secret; a longer one contains secrets. */
    private static boolean isShort(String text) {
        return text.length() <= LONGEST_FILE;
    }

    private static List<String> parts(String text) {
        return Stream.concat(Stream.of(text), text.lines())
                .map(String::strip)
                .filter(Masking::isLong)
                .toList();
    }

    private static Map<String, Set<String>> byValue(Map<String, String> variables) {
        var found = new HashMap<String, Set<String>>();
        variables.forEach((name, value) -> {
            if (Masking.soundsSecret(name)) {
                Stream.concat(Stream.of(value), value.lines())
                        .map(String::strip)
                        .filter(secret -> !secret.isEmpty())
                        .forEach(secret -> found.merge(secret, Set.of(name), Secrets::both));
            }
        });
        return found;
    }

    private static Set<String> both(Set<String> one, Set<String> other) {
        var all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }
}
