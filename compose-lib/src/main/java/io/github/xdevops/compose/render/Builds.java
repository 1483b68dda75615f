package io.github.xdevops.compose.render;

/** Which services with {@code build} are built on this machine. */
public enum Builds {
    /** None: a service without an image is an error. */
    NONE,
    /** Services without an {@code image}. */
    UNNAMED,
    /** Also services whose image's name has no slash: it names neither a registry nor an account of Docker Hub. */
    LOCAL
}
