package io.github.xdevops.compose.file.tree;

import io.github.xdevops.compose.text.Printable;
import java.io.Serial;

/**
 * A compose file, or a file that it names, cannot be used.
 *
 * <p>The message is one line that needs no other: {@code compose.yaml:12:5: services.web.imag: unknown key; did you mean `image`?}
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

    /** The same with more at its end. */
    public ComposeFileException and(String more) {
        return new ComposeFileException(new Mark(file, line, column), path, problem + more);
    }

    /** The same at another place. */
    public ComposeFileException at(Mark mark) {
        return new ComposeFileException(mark, path, problem);
    }

    /** The file at fault, as it was named to us; never empty. */
    public String file() {
        return file;
    }

    /** The line at fault, from 1; 0 when the whole file is. */
    public int line() {
        return line;
    }

    /** The column at fault, from 1, in characters; 0 when the whole line or file is. */
    public int column() {
        return column;
    }

    /** The keys that lead to the fault, such as {@code services.web.ports[0]}; empty when there are none. */
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

    /** A hostile key must not forge a line of the log or run on for ever. */
    private static String shown(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST
                ? Printable.escaped(text)
                : Printable.escaped(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + '…';
    }
}
