package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.schema.KeyValues.Bare;

/** The keys of {@code build}; this library does not build, but it reads what Compose reads. */
final class BuildSchema {

    static final Struct BUILD = Struct.of()
            .key("context", Scalar.text())
            .key("dockerfile", Scalar.text())
            .key("dockerfile_inline", Scalar.text())
            .key("entitlements", Shapes.words())
            .key("args", new KeyValues(Bare.INHERITED))
            .key("ssh", new SshKeys())
            .key("labels", Shapes.labels())
            .key("cache_from", Shapes.words())
            .key("cache_to", Shapes.words())
            .key("no_cache", Scalar.flag())
            .key("no_cache_filter", Shapes.words().orText())
            .key("additional_contexts", new KeyValues(Bare.REFUSED))
            .key("network", Scalar.text())
            .key("provenance", Scalar.textOrFlag())
            .key("pull", Scalar.flag())
            .key("sbom", Scalar.textOrFlag())
            .key("target", Scalar.text())
            .key("shm_size", Scalar.size())
            .key("extra_hosts", new ExtraHosts())
            .key("isolation", Scalar.text())
            .key("privileged", Scalar.flag())
            .key("secrets", Items.of(new FileMount(false)))
            .key("tags", Shapes.keyed())
            .key("ulimits", Shapes.ulimits())
            .key("platforms", Shapes.words())
            .orText(node -> node.with(java.util.Map.of("context", node.scalar(node.value()))));

    private BuildSchema() {}
}
