package io.github.xdevops.compose.file.tree;

import io.github.xdevops.compose.text.Printable;
import java.io.Serial;

/**
 * A compose file, or a file that it names, is invalid.
 *
 * <p>The message is one self-sufficient line: {@code compose.yaml:12:5: services.web.imag: unknown key; did you mean `image`?}
 */
public final class ComposeFileException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int LONGEST = 400;

    private final String file;
    private final int line;
    private final int column;
    private final String path;
    private final String problem;

    private ComposeFileException(Mark mark, String path, String problem) {
        super(Printable.text(place(mark) + ": " + (path.isEmpty() ? "" : path + ": ") + problem));
        this.file = mark.file();
        this.line = mark.line();
        this.column = mark.column();
        this.path = path;
        this.problem = problem;
    }

    public static ComposeFileException at(Mark mark, KeyPath path, String problem) {
        return new ComposeFileException(mark, shown(path.toString()), shown(problem));
    }

    public static ComposeFileException at(Mark mark, String problem) {
        return at(mark, KeyPath.ROOT, problem);
    }

    public static ComposeFileException at(Node node, KeyPath path, String problem) {
        return at(node.mark(), path, problem);
    }

    /** Returns a copy with more text at its end. */
    public ComposeFileException and(String more) {
        return new ComposeFileException(new Mark(file, line, column), path, problem + more);
    }

    /** Returns a copy for another place. */
    public ComposeFileException at(Mark mark) {
        return new ComposeFileException(mark, path, problem);
    }

    /** The name of the invalid file, as the caller gave it; never empty. */
    public String file() {
        return file;
    }

    /** The line of the error, from 1; 0 if it concerns the whole file. */
    public int line() {
        return line;
    }

    /** The column of the error, from 1, in characters; 0 if it concerns the whole line or file. */
    public int column() {
        return column;
    }

    /** The path of keys to the error, such as {@code services.web.ports[0]}; empty if there is none. */
    public String path() {
        return path;
    }

    private static String place(Mark mark) {
        String file = shown(mark.file());
        if (mark.line() == 0) {
            return file;
        }
        return mark.column() == 0 ? file + ":" + mark.line() : file + ":" + mark.line() + ":" + mark.column();
    }

    /** Makes a key safe for a log: no line breaks and a limited length. */
    private static String shown(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST
                ? Printable.escaped(text)
                : Printable.escaped(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + '…';
    }
}
