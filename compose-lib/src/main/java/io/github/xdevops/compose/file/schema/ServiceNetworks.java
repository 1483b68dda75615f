package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The networks of a service: a list of names, or a mapping; the mapping is the long form. */
final class ServiceNetworks extends Shape {

    private final Named whole;

    private ServiceNetworks(Struct one) {
        this.whole = Named.of(Named.RESOURCE, one).keepingNull();
    }

    static ServiceNetworks networks() {
        return new ServiceNetworks(NETWORK);
    }

    /** The models of a service, which have the same two forms. */
    static ServiceNetworks models() {
        return new ServiceNetworks(MODEL);
    }

    private static final Struct MODEL = Struct.of()
            .key("endpoint_var", Scalar.text())
            .key("model_var", Scalar.text())
            .orNull();

    private static final Struct NETWORK = Struct.of()
            .key("aliases", Items.of(Scalar.text()).keyed(Items::beforeEquals))
            .key("interface_name", Scalar.text())
            .key("ipv4_address", Scalar.text())
            .key("ipv6_address", Scalar.text())
            .key("link_local_ips", Items.of(Scalar.text()).keyed(Items::beforeEquals))
            .key("mac_address", Scalar.text())
            .key("driver_opts", Shapes.options())
            .key("priority", Scalar.plainNumber())
            .key("gw_priority", Scalar.plainNumber())
            .key("use_service_name_alias", Scalar.flag().kept())
            .orNull();

    private static final Items SHORT = Shapes.words().distinct();

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (node.isList()) {
            SHORT.check(node, path, warnings);
        } else if (node.isMap()) {
            whole.check(node, path, warnings);
        } else {
            throw wrong(node, path, "a list or a mapping");
        }
    }

    @Override
    Node merge(Node base, Node over, KeyPath path) {
        if (over.isList()) {
            SHORT.check(over, path, new Warnings());
        }
        return whole.merge(mapped(base), mapped(over), path);
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        return whole.canonical(mapped(node), path);
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
    Node finish(Node node, KeyPath path) {
        return whole.finish(node, path);
    }
}
