package io.github.xdevops.compose.plan;

import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.file.mount.MountedFiles;
import io.github.xdevops.compose.plan.Change.Kind;
import io.github.xdevops.compose.secret.Leaves;
import io.github.xdevops.compose.secret.Masking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares the meaning of two compose files; pure. */
public final class Changes {
    private static final Map<String, String> SECTIONS = sections();

    private final Masking masking;
    private final List<Change> found = new ArrayList<>();

    private Changes(Masking masking) {
        this.masking = masking;
    }

    /**
     * The differences, without secrets.
     *
     * @param before the earlier file's text, or {@code null} if there is none
     * @throws io.github.xdevops.compose.file.tree.ComposeFileException if one of them is no compose file
     */
    public static List<Change> between(@Nullable String before, String after) {
        if (after.equals(before)) {
            return List.of();
        }
        var old = before == null
                ? Map.<String, @Nullable Object>of()
                : ComposeFile.parse(before, "docker-compose.yml").tree();
        var next = ComposeFile.parse(after, "docker-compose.yml").tree();
        var changes = new Changes(new Masking(List.of(old, next)));
        SECTIONS.forEach((section, what) ->
                changes.resources(List.of(section), what, object(old.get(section)), object(next.get(section))));
        changes.resources(List.of(), "key", others(old), others(next));
        return List.copyOf(changes.found);
    }

    private void resources(
            List<String> section, String what, Map<String, @Nullable Object> old, Map<String, @Nullable Object> next) {
        for (var name : union(next, old)) {
            if (what.equals("volume") && MountedFiles.isVolume(name)) {
                continue; // the services that mount it tell
            }
            var path = below(section, name);
            var kind = kind(old.containsKey(name), next.containsKey(name));
            var differences = differences(path, Leaves.of(old.get(name)), Leaves.of(next.get(name)));
            if (kind == Kind.CHANGED) {
                if (!differences.isEmpty()) {
                    found.add(new Change(kind, what, name, differences));
                }
                continue;
            }
            var image = differences.stream()
                    .filter(difference -> difference.path().equals(List.of("image")))
                    .toList();
            found.add(new Change(kind, what, name, image));
        }
    }

    private List<Difference> differences(
            List<String> resource, Map<List<String>, @Nullable Object> old, Map<List<String>, @Nullable Object> next) {
        var differences = new ArrayList<Difference>();
        for (var path : union(next, old)) {
            var before = old.get(path);
            var after = next.get(path);
            var kind = kind(old.containsKey(path), next.containsKey(path));
            if (kind == Kind.CHANGED && (before == null ? after == null : before.equals(after))) {
                continue;
            }
            var whole = new ArrayList<>(resource);
            whole.addAll(path);
            if (masking.hides(whole)) {
                differences.add(Difference.masked(kind, path));
            } else if (before instanceof List<?> one && after instanceof List<?> other && one.size() == other.size()) {
                items(differences, whole, path, one, other);
            } else {
                differences.add(difference(
                        kind,
                        path,
                        kind == Kind.ADDED ? null : masking.shown(whole, before),
                        kind == Kind.REMOVED ? null : masking.shown(whole, after)));
            }
        }
        return differences;
    }

    /** Compares lists of the same length item by item. */
    private void items(
            List<Difference> differences, List<String> whole, List<String> path, List<?> before, List<?> after) {
        var shownBefore = masking.items(whole, before);
        var shownAfter = masking.items(whole, after);
        for (int i = 0; i < before.size(); i++) {
            if (!String.valueOf(before.get(i)).equals(String.valueOf(after.get(i)))) {
                differences.add(difference(
                        Kind.CHANGED, below(path, String.valueOf(i)), shownBefore.get(i), shownAfter.get(i)));
            }
        }
    }

    private static Difference difference(
            Kind kind, List<String> path, @Nullable String before, @Nullable String after) {
        return before != null && before.equals(after)
                ? Difference.masked(kind, path)
                : new Difference(kind, path, false, before, after);
    }

    private static Kind kind(boolean had, boolean has) {
        return had && has ? Kind.CHANGED : has ? Kind.ADDED : Kind.REMOVED;
    }

    private static <K> Iterable<K> union(Map<K, ?> first, Map<K, ?> second) {
        var keys = new LinkedHashSet<>(first.keySet());
        keys.addAll(second.keySet());
        return keys;
    }

    private static List<String> below(List<String> path, String key) {
        var longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    private static Map<String, @Nullable Object> others(Map<String, @Nullable Object> tree) {
        var others = new LinkedHashMap<>(tree);
        others.keySet().removeAll(SECTIONS.keySet());
        return others;
    }

    @SuppressWarnings("unchecked") // keys of a compose file's mappings are strings
    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    private static Map<String, String> sections() {
        var sections = new LinkedHashMap<String, String>();
        sections.put("services", "service");
        sections.put("networks", "network");
        sections.put("volumes", "volume");
        sections.put("configs", "config");
        sections.put("secrets", "secret");
        return sections;
    }
}
