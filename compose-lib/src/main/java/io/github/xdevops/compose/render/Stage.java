package io.github.xdevops.compose.render;

/** How far a compose file has come on its way to a server. */
public enum Stage {
    /** As {@code docker compose config} shows it: all files merged, variables filled in, long forms. */
    RESOLVED,
    /** With what was changed from the outside, and without need of any other file. */
    MERGED,
    /** With all overlays: what a deploy brings up. */
    FINAL
}
