package io.github.xdevops.compose.file.tree;

import io.github.xdevops.compose.text.Characters;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a document as block-style YAML with JSON strings.
 *
 * <p>Every string is quoted, so that no YAML 1.1 or 1.2 reader takes it for another type. Characters above U+FFFF are not
 * escaped, because Compose refuses JSON's surrogate pairs.
 */
public final class Emitter {

    private final StringBuilder out = new StringBuilder();

    private Emitter() {}

    public static String write(Map<String, Node> document) {
        Emitter emitter = new Emitter();
        emitter.entries(document, "", KeyPath.ROOT);
        return emitter.out.toString();
    }

    private void entries(Map<String, Node> entries, String indent, KeyPath path) {
        entries.forEach((key, value) -> {
            out.append(indent);
            // Compose substitutes no variables in keys, so a dollar stays single there.
            word(key, value, path.key(key), false);
            out.append(':');
            value(value, indent, path.key(key));
        });
    }

    private void value(Node node, String indent, KeyPath path) {
        if (node.isMap() && !node.map().isEmpty()) {
            out.append('\n');
            entries(node.map(), indent + "  ", path);
        } else if (node.isList() && !node.list().isEmpty()) {
            out.append('\n');
            items(node.list(), indent, path);
        } else {
            out.append(' ');
            scalar(node, path);
            out.append('\n');
        }
    }

    private void items(List<Node> items, String indent, KeyPath path) {
        int index = 0;
        for (Node item : items) {
            KeyPath at = path.item(index++);
            out.append(indent).append("  -");
            if (item.isMap() && !item.map().isEmpty()) {
                int start = out.length();
                entries(item.map(), indent + "    ", at);
                out.replace(start, start + indent.length() + 4, " ");
            } else if (item.isList() && !item.list().isEmpty()) {
                out.append('\n');
                items(item.list(), indent + "  ", at);
            } else {
                out.append(' ');
                scalar(item, at);
                out.append('\n');
            }
        }
    }

    private void scalar(Node node, KeyPath path) {
        if (node.value() instanceof String text) {
            word(text, node, path, true);
        } else if (node.isMap()) {
            out.append("{}");
        } else if (node.isList()) {
            out.append("[]");
        } else {
            out.append(number(node));
        }
    }

    private static String number(Node node) {
        if (node.value() instanceof Double number && (number.isNaN() || number.isInfinite())) {
            return number.isNaN() ? ".nan" : number > 0 ? ".inf" : "-.inf";
        }
        return node.value() instanceof Double number ? number.toString() : String.valueOf(node.value());
    }

    private void word(String text, Node node, KeyPath path, boolean doubleDollars) {
        if (isPlain(text) && !doubleDollars) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == 0 || (c >= 0xD800 && c <= 0xDFFF)) {
                throw ComposeFileException.at(node, path, "NUL and unpaired surrogates are not allowed");
            }
            if (c == '$' && doubleDollars) {
                out.append("$$");
            } else {
                character(c);
            }
        }
        out.append('"');
    }

    private void character(int c) {
        int letter = "\"\\\n\r\t".indexOf(c);
        if (letter >= 0) {
            out.append('\\').append("\"\\nrt".charAt(letter));
        } else if (Characters.isHidden(c)) {
            out.append(String.format(Locale.ROOT, "\\u%04x", c));
        } else {
            out.appendCodePoint(c);
        }
    }

    /** Keys that are strings in every YAML version stay unquoted for readability. */
    private static boolean isPlain(String key) {
        return key.matches("[a-z][a-z0-9_-]*")
                && !List.of("y", "n", "yes", "no", "on", "off", "true", "false", "null")
                        .contains(key);
    }
}
