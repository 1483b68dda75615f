package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/** Unescapes doubled dollars. The emitter writes no other dollars. */
public final class Dollars {

    private Dollars() {}

    public static Node single(Node node) {
        if (node.value() instanceof String text) {
            return node.with(text.replace("$$", "$"));
        }
        if (node.isList()) {
            return node.with(node.list().stream().map(Dollars::single).toList());
        }
        if (node.isMap()) {
            Map<String, Node> out = new LinkedHashMap<>();
            node.map().forEach((name, child) -> out.put(name, single(child)));
            return node.with(out);
        }
        return node;
    }
}
