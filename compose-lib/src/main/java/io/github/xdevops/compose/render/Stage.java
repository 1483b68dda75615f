package io.github.xdevops.compose.render;

/** A stage of the rendering. */
public enum Stage {
    /** The output of {@code docker compose config}: files merged, variables replaced, long forms. */
    RESOLVED,
    /** With overrides, and independent of other files. */
    MERGED,
    /** With all overlays: the compose file to deploy. */
    FINAL
}
