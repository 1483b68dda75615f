package io.github.xdevops.compose.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what does not stop a load; each subject speaks once, at the first place that raised it. */
final class Warnings {

    private final Map<String, String> lines = new LinkedHashMap<>();

    void add(Mark mark, Path path, String problem) {
        lines.putIfAbsent(
                problem,
                String.valueOf(ComposeFileException.at(mark, path, problem).getMessage()));
    }

    /** The same so far; further ones do not come back to these. */
    Warnings copy() {
        Warnings copy = new Warnings();
        copy.lines.putAll(lines);
        return copy;
    }

    List<String> lines() {
        return List.copyOf(lines.values());
    }
}
