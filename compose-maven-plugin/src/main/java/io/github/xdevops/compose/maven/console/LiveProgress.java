package io.github.xdevops.compose.maven.console;

import io.github.xdevops.compose.text.Printable;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Progress on one line of a terminal: the phase, its seconds, and Compose's current step. Other messages stay above that line.
 */
public final class LiveProgress implements ShownProgress {
    /** Matches " Container shop-web-1  Started" and " web Pulling ". */
    private static final Pattern STEP = Pattern.compile(" \\S.* (?!Error)[A-Z][a-z]+ *");

    private static final String CLEAR = "\r\u001b[K";
    private static final int WIDTH = 79;
    private static final int BAR = 20;
    private static final long REPAINT = TimeUnit.MILLISECONDS.toNanos(100);

    private final PrintStream out;
    private final boolean coloured;
    private final LongSupplier nanos;
    private final ScheduledExecutorService ticker;
    private String phase = "";
    private String step = "";
    private long since;
    private long painted;

    public LiveProgress(PrintStream out, boolean coloured) {
        this(out, coloured, System::nanoTime);
        var unused = ticker.scheduleAtFixedRate(this::paint, 1, 1, TimeUnit.SECONDS);
    }

    /** Creates a progress that paints only on events. */
    LiveProgress(PrintStream out, boolean coloured, LongSupplier nanos) {
        this.out = out;
        this.coloured = coloured;
        this.nanos = nanos;
        this.ticker = Executors.newSingleThreadScheduledExecutor(work -> {
            var thread = new Thread(work, "compose-progress");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public synchronized void phase(String name) {
        phase = Printable.line(name);
        step = "";
        since = nanos.getAsLong();
        paint();
    }

    @Override
    public synchronized void line(String text) {
        if (STEP.matcher(text).matches()) {
            step = Printable.line(text).strip().replaceAll(" +", " ");
        } else {
            out.print(CLEAR + "  | " + Printable.line(text) + "\n");
        }
        paint();
    }

    @Override
    public synchronized void waiting(String what) {
        step = Printable.line(what);
        paint();
    }

    @Override
    public synchronized void transfer(String what, long done, long total) {
        var now = nanos.getAsLong();
        if (done < total && now - painted < REPAINT) {
            return;
        }
        var full = (int) (total == 0 ? BAR : BAR * Math.min(done, total) / total);
        step = "[" + "#".repeat(full) + "-".repeat(BAR - full) + "] "
                + String.format(Locale.ROOT, "%.1f of %.1f MB", done / 1e6, total / 1e6) + "  " + Printable.line(what);
        paint();
    }

    @Override
    public synchronized void close() {
        ticker.shutdownNow();
        phase = "";
        out.print(CLEAR);
        out.flush();
    }

    private synchronized void paint() {
        if (phase.isEmpty()) {
            return;
        }
        var seconds = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - since);
        var rest = " " + seconds + " s" + (step.isEmpty() ? "" : "  " + step);
        var room = Math.max(0, WIDTH - 2 - phase.length());
        var shown = rest.length() <= room ? rest : rest.substring(0, room);
        painted = nanos.getAsLong();
        out.print(CLEAR + "» " + (coloured ? "\u001b[1m" + phase + "\u001b[m" : phase) + shown);
        out.flush();
    }
}
