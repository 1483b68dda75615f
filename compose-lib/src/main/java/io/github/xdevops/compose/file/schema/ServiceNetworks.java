package io.github.xdevops.compose.file.schema;

/** The networks of a service: a list of names, or a mapping; the mapping is the long form. */
final class ServiceNetworks {
    private ServiceNetworks() {}

    static Shape networks() {
        return named(NETWORK);
    }

    /** The models of a service, which have the same two forms. */
    static Shape models() {
        return named(MODEL);
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

    private static Shape named(Struct one) {
        return new NamesOrMapping(
                Named.of(Named.RESOURCE, one).keepingNull(),
                name -> name.with(null).withKey(name.mark()));
    }
}
