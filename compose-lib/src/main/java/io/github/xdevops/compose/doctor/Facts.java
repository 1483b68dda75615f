package io.github.xdevops.compose.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The facts that the script {@code facts.sh} prints about a server: lines {@code fact KEY VALUE}. Other lines are not ours. */
final class Facts {
    private static final String MARK = "fact ";

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** Takes a line of the script's output. */
    void hear(String line) {
        if (line.startsWith(MARK)) {
            var rest = line.substring(MARK.length());
            var space = rest.indexOf(' ');
            var key = space < 0 ? rest : rest.substring(0, space);
            values.computeIfAbsent(key, unused -> new ArrayList<>()).add(space < 0 ? "" : rest.substring(space + 1));
        }
    }

    /** All values of a key, in the order of the script; perhaps none. */
    List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** The first value of a key, if it is not empty. */
    Optional<String> first(String key) {
        return all(key).stream().filter(value -> !value.isBlank()).findFirst();
    }

    boolean has(String key, String value) {
        return all(key).contains(value);
    }

    /** The first value as a number; empty if there is none. */
    Optional<Long> number(String key) {
        return first(key).flatMap(Facts::parse);
    }

    private static Optional<Long> parse(String text) {
        return text.matches("-?[0-9]{1,15}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }
}
