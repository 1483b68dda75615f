package io.github.xdevops.compose.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Many small text files in one: a line {@code -- name --} begins each of them.
 *
 * @param introduction the text before the first file
 * @param files the texts by their names, each empty or with a line break at its end
 */
record TextArchive(String introduction, Map<String, String> files) {
    private static final Pattern MARKER = Pattern.compile("^-- (\\S+) --\n", Pattern.MULTILINE | Pattern.UNIX_LINES);

    static TextArchive read(Path file) throws IOException {
        var text = Files.readString(file);
        var files = new LinkedHashMap<String, String>();
        var introduction = "";
        var name = "";
        var from = 0;
        var marker = MARKER.matcher(text);
        while (true) {
            var found = marker.find();
            var content = text.substring(from, found ? marker.start() : text.length());
            if (name.isEmpty()) {
                introduction = content;
            } else if (files.put(name, content) != null) {
                throw new IOException(file + ": two files " + name);
            }
            if (!found) {
                return new TextArchive(introduction, files);
            }
            name = marker.group(1);
            from = marker.end();
        }
    }

    void write(Path file) throws IOException {
        var text = new StringBuilder(introduction);
        for (var entry : files.entrySet()) {
            var content = entry.getValue();
            if (MARKER.matcher(content).find() || !(content.isEmpty() || content.endsWith("\n"))) {
                throw new IOException(entry.getKey() + " cannot be written to a text archive: make it a directory");
            }
            text.append("-- ").append(entry.getKey()).append(" --\n").append(content);
        }
        Files.writeString(file, text);
    }
}
