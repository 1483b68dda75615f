package io.github.xdevops.compose.file.tree;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects warnings of a load; each subject is reported once, at its first place. */
public final class Warnings {

    private final Map<String, String> lines = new LinkedHashMap<>();
    private final Map<Mark, Set<String>> unset = new HashMap<>();
    private final Map<String, Mark> paths = new HashMap<>();

    public void add(Mark mark, KeyPath path, String problem) {
        lines.putIfAbsent(
                problem,
                String.valueOf(ComposeFileException.at(mark, path, problem).getMessage()));
    }

    /** Adds a reference to an unset variable. */
    public void addUnset(Mark mark, KeyPath path, String name) {
        add(
                mark,
                path,
                "the variable " + name + " is not set and becomes an empty string; -Dcompose.env." + name + " sets it");
        unset.computeIfAbsent(mark, place -> new LinkedHashSet<>()).add(name);
        paths.put(path.toString(), mark);
    }

    /** The unset variables in the value at a place. */
    public Set<String> unsetAt(Mark mark) {
        return unset.getOrDefault(mark, Set.of());
    }

    /** Adds the unset variable that caused a failure, if there is one. */
    public ComposeFileException explained(ComposeFileException failure) {
        Mark place = new Mark(failure.file(), failure.line(), failure.column());
        Set<String> names = new LinkedHashSet<>(unsetAt(place));
        Mark image = paths.get(failure.path() + ".image");
        if (names.isEmpty() && image != null) {
            return explained(failure.at(image));
        }
        if (names.isEmpty()) {
            return failure;
        }
        return failure.and(names.stream()
                .map(name -> "the variable " + name + " is not set: -Dcompose.env." + name + "=… sets it")
                .collect(Collectors.joining("; ", "; ", "")));
    }

    /** Returns an independent copy. */
    public Warnings copy() {
        Warnings copy = new Warnings();
        copy.lines.putAll(lines);
        copy.unset.putAll(unset);
        copy.paths.putAll(paths);
        return copy;
    }

    public List<String> lines() {
        return List.copyOf(lines.values());
    }
}
