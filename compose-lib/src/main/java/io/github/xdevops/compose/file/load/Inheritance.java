package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.variables.Variables;
import java.util.LinkedHashMap;
import java.util.Map;

/** Resolves names without a value, which inherit it from the variables. */
final class Inheritance {

    private Inheritance() {}

    static Node environment(Node service, Variables variables) {
        Node environment = service.get("environment");
        return environment == null ? service : service.put("environment", resolve(environment, variables, true));
    }

    /** A name that no variable sets stays without a value, or is removed. */
    static Node resolve(Node words, Variables variables, boolean keep) {
        if (!words.isMap()) {
            return words;
        }
        Map<String, Node> out = new LinkedHashMap<>();
        words.map().forEach((name, value) -> {
            String outside = value.isNull() ? variables.get(name) : null;
            if (!value.isNull() || (outside == null && keep)) {
                out.put(name, value);
            } else if (outside != null) {
                out.put(name, value.with(outside));
            }
        });
        return words.with(out);
    }
}
