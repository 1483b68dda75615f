package io.github.xdevops.compose.file;

import org.jspecify.annotations.Nullable;

/** The keys that lead to a value, as people write them: {@code services.web.ports[0]}. */
record Path(@Nullable Path parent, String name) {

    static final Path ROOT = new Path(null, "");

    Path key(String key) {
        return new Path(this, key);
    }

    Path item(int index) {
        return new Path(this, "[" + index + "]");
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
