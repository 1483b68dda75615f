package io.github.xdevops.compose.maven;

import java.nio.file.Path;

/** Keeps in a file what is shown, also where the log shows less. */
final class KeptProgress implements ShownProgress {
    /** Pulling large images tells much, and its beginning is what nobody needs. */
    private static final int MOST = 1_000_000;

    private final ShownProgress shown;
    private final Path file;
    private final StringBuilder text = new StringBuilder();

    KeptProgress(ShownProgress shown, Path file) {
        this.shown = shown;
        this.file = file;
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

    private void keep(String line) {
        text.append(line).append('\n');
        if (text.length() > MOST) {
            text.delete(0, text.length() / 2);
        }
    }

    @Override
    public void close() {
        shown.close();
        Console.write(file, text.toString());
    }
}
