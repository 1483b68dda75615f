package io.github.xdevops.compose.file.schema;

/**
 * The keys of a compose file, after the Compose Specification and Compose 5.7.
 *
 * <p>Only this class names keys without a rule of their own. The rule of any other key is in the shape named here.
 */
public final class Schema {

    public static final Struct INCLUDE = include();

    static final Named SERVICES =
            Named.of(Named.RESOURCE, ServiceSchema.SERVICE).keepingEmpty();

    public static final Struct FILE = Struct.of()
            .key("version", Scalar.text())
            .key("name", Scalar.text())
            .key("include", Items.of(INCLUDE))
            .key("services", SERVICES)
            .key("models", Named.of(Named.RESOURCE, model()))
            .key("networks", Named.of(Named.ANY, new Resource(network())))
            .key("volumes", Named.of(Named.RESOURCE, new Resource(volume())))
            .key("secrets", Named.of(Named.RESOURCE, new Resource(secret())))
            .key("configs", Named.of(Named.RESOURCE, new Resource(config())));

    private Schema() {}

    private static Struct include() {
        return Struct.of()
                .key("path", Shapes.words().orText())
                .key("env_file", Shapes.words().orText())
                .key("project_directory", Scalar.text())
                .orText(node -> node.with(java.util.Map.of("path", node.scalar(node.value()))))
                .consumed();
    }

    private static Struct model() {
        return Struct.of()
                .key("name", Scalar.text())
                .key("model", Scalar.text())
                .key("context_size", Scalar.whole())
                .key("runtime_flags", Shapes.words())
                .require("model");
    }

    private static Struct network() {
        return Struct.of()
                .key("driver", Scalar.text())
                .key("driver_opts", new Options(false))
                .key(
                        "ipam",
                        Struct.of()
                                .key("driver", Scalar.text())
                                .key("config", new AddressPools())
                                .key(
                                        "options",
                                        Named.of(Named.ANY, Scalar.text().kept()))
                                .leftOutWhenEmpty())
                .key("internal", Scalar.flag())
                .key("enable_ipv4", Scalar.flag().kept())
                .key("enable_ipv6", Scalar.flag().kept())
                .key("attachable", Scalar.flag())
                .key("labels", Shapes.labels())
                .orNull();
    }

    private static Struct volume() {
        return Struct.of()
                .key("driver", Scalar.text())
                .key("driver_opts", new Options(false))
                .key("labels", Shapes.labels())
                .orNull();
    }

    private static Struct secret() {
        return Struct.of()
                .key("environment", Scalar.text())
                .key("file", Scalar.text())
                .key("labels", Shapes.labels())
                .key("driver", Scalar.text())
                .key("driver_opts", new Options(false))
                .key("template_driver", Scalar.text());
    }

    private static Struct config() {
        return Struct.of()
                .key("content", Scalar.text().kept())
                .key("environment", Scalar.text())
                .key("file", Scalar.text())
                .key("labels", Shapes.labels())
                .key("template_driver", Scalar.text());
    }
}
