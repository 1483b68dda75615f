package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.schema.KeyValues.Bare;
import io.github.xdevops.compose.file.tree.Node;

/** The keys of a service. */
public final class ServiceSchema {

    public static final Struct SERVICE = Struct.of()
            .key("annotations", new KeyValues(Bare.EMPTY))
            .key("attach", Scalar.flag().kept())
            .key("blkio_config", blkio())
            .key("build", BuildSchema.BUILD)
            .key("cap_add", Shapes.keyed())
            .key("cap_drop", Shapes.keyed())
            .key("cgroup", Scalar.text("host", "private"))
            .key("cgroup_parent", Scalar.text())
            .key("command", new Command())
            .key("configs", Items.of(new FileMount(false)).keyed(mount -> FileMount.identity(mount, "")))
            .key("container_name", Scalar.containerName())
            .key("cpu_count", Scalar.whole(0, Long.MAX_VALUE))
            .key("cpu_percent", Scalar.whole(0, 100))
            .key("cpu_period", Scalar.truncated())
            .key("cpu_quota", Scalar.truncated())
            .key("cpu_rt_period", Scalar.truncated())
            .key("cpu_rt_runtime", Scalar.truncated())
            .key("cpu_shares", Scalar.truncated())
            .key("cpus", Scalar.number())
            .key("cpuset", Scalar.text())
            .key(
                    "credential_spec",
                    Struct.of()
                            .key("config", Scalar.text())
                            .key("file", Scalar.text())
                            .key("registry", Scalar.text()))
            .key("depends_on", new DependsOn())
            .key("deploy", DeploySchema.DEPLOY)
            .key("develop", develop())
            .key("device_cgroup_rules", Shapes.words().distinct())
            .key("devices", Items.of(new Device()).keyed(Device::identity))
            .key("dns", Shapes.keyed().orText().withoutEmpty())
            .key("dns_opt", Shapes.keyed())
            .key("dns_search", Shapes.keyed().orText())
            .key("domainname", Scalar.text())
            .key("entrypoint", new Command())
            .key("env_file", Items.of(new EnvFile()).orText().keyed(EnvFile::identity))
            .key("environment", new KeyValues(Bare.INHERITED))
            .key("expose", Items.of(Scalar.textOrWhole().kept()).keyed(Node::text))
            .key("extends", extendsKey())
            .key("external_links", Shapes.words().distinct())
            .key("extra_hosts", new ExtraHosts())
            .key("gpus", new DeviceRequests(true))
            .key("group_add", Items.of(Scalar.textOrWhole().kept()).distinct())
            .key("healthcheck", healthcheck())
            .key("hostname", Scalar.text())
            .key("image", Scalar.text())
            .key("init", Scalar.flag().kept())
            .key("ipc", Scalar.text())
            .key("isolation", Scalar.text())
            .key("label_file", Shapes.words().orText())
            .key("labels", Shapes.labels())
            .key("links", Shapes.keyed())
            .key("logging", new Logging())
            .key("mac_address", Scalar.text())
            .key("mem_limit", Scalar.size())
            .key("mem_reservation", Scalar.size())
            .key("mem_swappiness", Scalar.size())
            .key("memswap_limit", Scalar.size())
            .key("models", ServiceNetworks.models())
            .key("network_mode", Scalar.text().kept())
            .key("networks", ServiceNetworks.networks())
            .key("oom_kill_disable", Scalar.flag())
            .key("oom_score_adj", Scalar.whole(-1000, 1000))
            .key("pid", Scalar.text())
            .key("pids_limit", Scalar.truncated())
            .key("platform", Scalar.text())
            .key("ports", new Ports())
            .key("post_start", Items.of(hook()))
            .key("pre_start", Items.of(Anything.SHAPE))
            .key("pre_stop", Items.of(hook()))
            .key("privileged", Scalar.flag())
            .key("profiles", Shapes.keyed())
            .key("provider", provider())
            .key(
                    "pull_policy",
                    Scalar.text("always", "never", "if_not_present", "build", "missing", "refresh", "daily", "weekly")
                            .orMatching("every_([0-9]+[wdhms])+"))
            .key("pull_refresh_after", Scalar.text())
            .key("read_only", Scalar.flag())
            .key("restart", Scalar.text())
            .key("runtime", Scalar.text())
            .key("scale", Scalar.whole(0, Long.MAX_VALUE).kept())
            .key("secrets", Items.of(new FileMount(true)).keyed(mount -> FileMount.identity(mount, "/run/secrets")))
            .key("security_opt", Shapes.words().distinct())
            .key("shm_size", Scalar.size())
            .key("stdin_open", Scalar.flag())
            .key("stop_grace_period", Scalar.duration().kept())
            .key("stop_signal", Scalar.text())
            .key("storage_opt", new Options(true))
            .key("sysctls", new KeyValues(Bare.EMPTY))
            .key("tmpfs", Shapes.keyed().orText())
            .key("tty", Scalar.flag())
            .key("ulimits", Shapes.ulimits())
            .key("umask", Anything.SHAPE)
            .key("use_api_socket", Scalar.flag())
            .key("user", Scalar.text())
            .key("userns_mode", Scalar.text())
            .key("uts", Scalar.text())
            .key("volumes", Items.of(new Mount()).keyed(Mount::identity))
            .key("volumes_from", Shapes.words().distinct())
            .key("working_dir", Scalar.text())
            .obsolete("dockerfile", "build")
            .obsolete("log_driver", "logging")
            .obsolete("log_opt", "logging")
            .obsolete("net", "network_mode")
            .obsolete("volume_driver", "volumes");

    private ServiceSchema() {}

    private static Struct extendsKey() {
        return Struct.of()
                .key("service", Scalar.text())
                .key("file", Scalar.text())
                .orText(node -> node.with(java.util.Map.of("service", node.scalar(node.value()))))
                .require("service")
                .consumed();
    }

    private static Struct provider() {
        return Struct.of()
                .key("type", Scalar.text())
                .key("options", Named.of(Named.ANY, Anything.SHAPE))
                .require("type");
    }

    private static Struct healthcheck() {
        return Struct.of()
                .key("test", new HealthTest())
                .key("timeout", Scalar.duration().kept())
                .key("interval", Scalar.duration().kept())
                .key("retries", Scalar.truncated(0).kept())
                .key("start_period", Scalar.duration().kept())
                .key("start_interval", Scalar.duration().kept())
                .key("disable", Scalar.flag());
    }

    static Struct hook() {
        return Struct.of()
                .key("command", new Command())
                .key("user", Scalar.text())
                .key("privileged", Scalar.flag())
                .key("working_dir", Scalar.text())
                .key("environment", new KeyValues(Bare.INHERITED))
                .require("command");
    }

    private static Struct blkio() {
        Items limits = Items.of(Struct.of()
                .key("path", Scalar.text().kept())
                .key("rate", Scalar.size())
                .closed());
        return Struct.of()
                .key("weight", Scalar.plainWhole(0, 65535))
                .key(
                        "weight_device",
                        Items.of(Struct.of()
                                .key("path", Scalar.text().kept())
                                .key("weight", Scalar.plainWhole(0, 65535).kept())
                                .closed()))
                .key("device_read_bps", limits)
                .key("device_read_iops", limits)
                .key("device_write_bps", limits)
                .key("device_write_iops", limits)
                .closed();
    }

    private static Struct develop() {
        return Struct.of()
                .key(
                        "watch",
                        Items.of(Struct.of()
                                .key("path", Scalar.text())
                                .key("action", Scalar.text("rebuild", "sync", "restart", "sync+restart", "sync+exec"))
                                .key("target", Scalar.text())
                                .key("exec", hook())
                                .key("ignore", Shapes.words().orText())
                                .key("include", Shapes.words().orText())
                                .key("initial_sync", Scalar.flag())
                                .require("path", "action")))
                .orNull();
    }
}
