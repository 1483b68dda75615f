package io.github.xdevops.compose.file.variables;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.Mark;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parses an env file in Docker's own syntax: everything after the first equals sign is the value, including quotes and dollars.
 */
public final class RawEnv {

    private RawEnv() {}

    public static Map<String, String> parse(byte[] bytes, String file, Variables outside) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Map<String, String> out = new LinkedHashMap<>();
        int number = 0;
        for (String raw : (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r?\n", -1)) {
            String line = raw.stripLeading();
            Mark mark = new Mark(file, ++number, 0);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String name = equals < 0 ? line : line.substring(0, equals);
            if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
                throw ComposeFileException.at(mark, "\"" + name + "\" is not a variable name");
            }
            String value = equals < 0 ? outside.get(name) : line.substring(equals + 1);
            if (value != null) {
                out.put(name, value);
            }
        }
        return out;
    }
}
