package io.github.xdevops.compose.file.tree;

/** A place in a file. Lines and columns count from 1; 0 means unknown. */
public record Mark(String file, int line, int column) {

    /** The start of a file, for errors that concern the whole file. */
    public static Mark of(String file) {
        return new Mark(file, 0, 0);
    }
}
