package io.github.xdevops.compose.file.schema;

/** The keys of {@code deploy}. */
final class DeploySchema {

    static final Struct DEPLOY = Struct.of()
            .key("mode", Scalar.text())
            .key("endpoint_mode", Scalar.text())
            .key("replicas", Scalar.whole(0, Long.MAX_VALUE).kept())
            .key("labels", Shapes.labels())
            .key("rollback_config", update())
            .key("update_config", update())
            .key(
                    "resources",
                    Struct.of()
                            .key("limits", limits())
                            .key(
                                    "reservations",
                                    Struct.of()
                                            .key("cpus", Scalar.number())
                                            .key("memory", Scalar.sizeText())
                                            .key("generic_resources", generic())
                                            .key("devices", new DeviceRequests(false)))
                            .leftOutWhenEmpty())
            .key(
                    "restart_policy",
                    Struct.of()
                            .key("condition", Scalar.text())
                            .key("delay", Scalar.duration().kept())
                            .key("max_attempts", Scalar.whole(0, Long.MAX_VALUE).kept())
                            .key("window", Scalar.duration().kept()))
            .key(
                    "placement",
                    Struct.of()
                            .key("constraints", Shapes.words())
                            .key("preferences", Items.of(Struct.of().key("spread", Scalar.text())))
                            .key("max_replicas_per_node", Scalar.whole(0, Long.MAX_VALUE))
                            .leftOutWhenEmpty())
            .orNull();

    private DeploySchema() {}

    private static Struct update() {
        return Struct.of()
                .key("parallelism", Scalar.whole(0, Long.MAX_VALUE).kept())
                .key("delay", Scalar.duration())
                .key("failure_action", Scalar.text())
                .key("monitor", Scalar.duration())
                .key("max_failure_ratio", Scalar.number())
                .key("order", Scalar.text("start-first", "stop-first"));
    }

    private static Struct limits() {
        return Struct.of()
                .key("cpus", Scalar.number())
                .key("memory", Scalar.sizeText())
                .key("pids", Scalar.whole());
    }

    private static Shape generic() {
        return Items.of(Struct.of()
                .key(
                        "discrete_resource_spec",
                        Struct.of().key("kind", Scalar.text()).key("value", Scalar.whole())));
    }
}
