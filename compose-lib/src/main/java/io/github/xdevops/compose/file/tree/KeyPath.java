package io.github.xdevops.compose.file.tree;

import org.jspecify.annotations.Nullable;

/** The path of keys to a value, as shown to people: {@code services.web.ports[0]}. */
public record KeyPath(@Nullable KeyPath parent, String name) {

    public static final KeyPath ROOT = new KeyPath(null, "");

    public KeyPath key(String key) {
        return new KeyPath(this, key);
    }

    public KeyPath item(int index) {
        return new KeyPath(this, "[" + index + "]");
    }

    @Override
    public String toString() {
        if (parent == null) {
            return name;
        }
        String above = parent.toString();
        return above.isEmpty() || name.startsWith("[") ? above + name : above + "." + name;
    }
}
