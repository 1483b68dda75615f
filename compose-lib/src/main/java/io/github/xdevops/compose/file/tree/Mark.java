package io.github.xdevops.compose.file.tree;

/** A place in a file; lines and columns count from 1, and 0 means that the place is not known. */
public record Mark(String file, int line, int column) {

    /** The start of a file, for what concerns it as a whole. */
    public static Mark of(String file) {
        return new Mark(file, 0, 0);
    }
}
