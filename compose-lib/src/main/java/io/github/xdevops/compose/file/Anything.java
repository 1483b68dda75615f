package io.github.xdevops.compose.file;

/** A value that Compose does not look into, such as that of an {@code x-} key. */
final class Anything extends Shape {

    static final Shape SHAPE = new Anything();

    private Anything() {}

    @Override
    void check(Node node, Path path, Warnings warnings) {}

    @Override
    Node finish(Node node, Path path) {
        return node;
    }
}
