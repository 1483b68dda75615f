package io.github.xdevops.compose.file.tree;

/**
 * Limits the size of one load, however often its files repeat each other, so that it ends in a message and not in a full heap.
 */
public final class Budget {

    /** The number of values after every {@code extends} and {@code env_file} is expanded; a large project has some thousand. */
    public static final long MAX_VALUES = 2_000_000;

    private static final int MAX_READS = 2_000;
    private static final long MAX_CHARACTERS = 16L * SourceText.MAX_BYTES;

    private long values;
    private long characters;
    private int reads;

    public void read(Mark mark, KeyPath path) {
        if (++reads > MAX_READS) {
            throw ComposeFileException.at(
                    mark, path, "the files are read more than " + MAX_READS + " times; does an include repeat itself?");
        }
    }

    public void values(long more, Mark mark, KeyPath path) {
        values += more;
        if (values > MAX_VALUES) {
            throw ComposeFileException.at(
                    mark,
                    path,
                    "the project would have more than " + MAX_VALUES + " values once everything is expanded");
        }
    }

    /** One line of defaults can double at each level of nesting, so its growth is limited, too. */
    public void characters(long more, Mark mark, KeyPath path) {
        characters += more;
        if (characters > MAX_CHARACTERS) {
            throw ComposeFileException.at(mark, path, "the variables make the files larger than 4 MiB");
        }
    }
}
