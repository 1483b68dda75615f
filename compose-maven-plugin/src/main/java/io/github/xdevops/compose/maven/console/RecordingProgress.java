package io.github.xdevops.compose.maven.console;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.text.Printable;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Records the progress in a file, including lines that the log omits. */
public final class RecordingProgress implements ShownProgress {
    /** Pulling large images produces much output, whose beginning nobody needs. */
    private static final int MOST = 1_000_000;

    private final ShownProgress shown;
    private final Supplier<Path> file;
    private final Consumer<String> warn;
    private final StringBuilder text = new StringBuilder();

    /**
     * @param file supplies the file at the end; a failure to write it is a warning
     */
    public RecordingProgress(ShownProgress shown, Supplier<Path> file, Consumer<String> warn) {
        this.shown = shown;
        this.file = file;
        this.warn = warn;
    }

    @Override
    public void phase(String name) {
        keep("» " + name);
        shown.phase(name);
    }

    @Override
    public void line(String line) {
        keep("  | " + line);
        shown.line(line);
    }

    @Override
    public void waiting(String what) {
        keep("  | " + what);
        shown.waiting(what);
    }

    @Override
    public void transfer(String what, long done, long total) {
        shown.transfer(what, done, total);
    }

    /** Records a line that is not shown. */
    public void keep(String line) {
        text.append(Printable.line(line)).append('\n');
        if (text.length() > MOST) {
            text.delete(0, text.length() / 2);
        }
    }

    @Override
    public void close() {
        shown.close();
        try {
            Console.write(file.get(), text.toString());
        } catch (ComposeException e) { // how the deploy ended is not changed by that
            warn.accept(String.valueOf(e.getMessage()));
        }
    }
}
