package io.github.xdevops.compose.file;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The networks of a service: a list of names, or a mapping; the mapping is the long form. */
final class ServiceNetworks extends Shape {

    private static final Struct ONE = Struct.of()
            .key("aliases", Items.of(Scalar.text()).keyed(Items::beforeEquals))
            .key("ipv4_address", Scalar.text())
            .key("ipv6_address", Scalar.text())
            .key("link_local_ips", Items.of(Scalar.text()).keyed(Items::beforeEquals))
            .key("mac_address", Scalar.text())
            .key("driver_opts", Shapes.options())
            .key("priority", Scalar.plainNumber())
            .key("gw_priority", Scalar.plainNumber())
            .orNull();

    private static final Named LONG = Named.of(Named.RESOURCE, ONE).keepingNull();
    private static final Items SHORT = Shapes.words().distinct();

    @Override
    void check(Node node, Path path) {
        if (node.isList()) {
            SHORT.check(node, path);
        } else if (node.isMap()) {
            LONG.check(node, path);
        } else {
            throw wrong(node, path, "a list or a mapping");
        }
    }

    @Override
    Node merge(Node base, Node over, Path path) {
        if (over.isList()) {
            SHORT.check(over, path);
        }
        return LONG.merge(mapped(base), mapped(over), path);
    }

    @Override
    Node canonical(Node node, Path path) {
        return LONG.canonical(mapped(node), path);
    }

    private static Node mapped(Node node) {
        if (!node.isList()) {
            return node;
        }
        Map<String, Node> entries = new LinkedHashMap<>();
        node.list().forEach(item -> entries.put(item.text(), item.with(null).withKey(item.mark())));
        return node.with(entries);
    }

    @Override
    @Nullable
    Node finish(Node node, Path path) {
        return LONG.finish(node, path);
    }
}
