package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The address pools of a network. */
final class AddressPools extends Shape {

    private static final Struct POOL = Struct.of()
            .key("subnet", Scalar.text())
            .key("ip_range", Scalar.text())
            .key("gateway", Scalar.text())
            .key("aux_addresses", Named.of(Named.ANY, Scalar.text().kept()));
    private static final Items ITEMS = Items.of(POOL);

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        ITEMS.check(node, path, warnings);
    }

    /**
     * Pools of the same subnet merge. Otherwise this follows Compose exactly, which keeps a pool of the base only if the overlay
     * has the same subnet; any difference would change the network.
     */
    @Override
    Node merge(Node base, Node over, KeyPath path) {
        if (!base.isList() || !over.isList()) {
            return over.isNull() ? base : over;
        }
        List<Node> pools = new ArrayList<>();
        for (Node below : base.list()) {
            for (Node above : over.list()) {
                if (!Objects.equals(above.string("subnet"), below.string("subnet")) && index(pools, above) < 0) {
                    pools.add(above);
                    continue;
                }
                Node merged = POOL.merge(below, above, path);
                int index = index(pools, merged);
                if (index < 0) {
                    pools.add(merged);
                } else {
                    pools.set(index, merged);
                }
            }
        }
        return over.with(pools);
    }

    private static int index(List<Node> pools, Node pool) {
        for (int i = 0; i < pools.size(); i++) {
            if (Objects.equals(pools.get(i).string("subnet"), pool.string("subnet"))) {
                return i;
            }
        }
        return -1;
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        return ITEMS.canonical(node, path);
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        return ITEMS.finish(node, path);
    }
}
