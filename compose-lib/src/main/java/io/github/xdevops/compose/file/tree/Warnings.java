package io.github.xdevops.compose.file.tree;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what does not stop a load; each subject speaks once, at the first place that raised it. */
public final class Warnings {

    private final Map<String, String> lines = new LinkedHashMap<>();

    public void add(Mark mark, KeyPath path, String problem) {
        lines.putIfAbsent(
                problem,
                String.valueOf(ComposeFileException.at(mark, path, problem).getMessage()));
    }

    /** The same so far; further ones do not come back to these. */
    public Warnings copy() {
        Warnings copy = new Warnings();
        copy.lines.putAll(lines);
        return copy;
    }

    public List<String> lines() {
        return List.copyOf(lines.values());
    }
}
