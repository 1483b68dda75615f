package io.github.xdevops.compose.host;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Splits bytes into lines, with at most one line of limited length in memory. */
public final class Lines {
    static final int LONGEST = 64 * 1024;

    private final Consumer<String> sink;
    private byte[] line = new byte[512];
    private int length;
    private boolean cut;

    public Lines(Consumer<String> sink) {
        this.sink = sink;
    }

    public void add(byte[] bytes, int count) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, start, i);
                emit();
                start = i + 1;
            }
        }
        keep(bytes, start, count);
    }

    /** Ends the stream: text after the last terminator is a line too. */
    public void end() {
        if (length > 0 || cut) {
            emit();
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        int wanted = to - from;
        int count = Math.min(wanted, LONGEST - length);
        cut |= count < wanted;
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.min(LONGEST, Math.max(length + count, 2 * line.length)));
        }
        System.arraycopy(bytes, from, line, length, count);
        length += count;
    }

    private void emit() {
        int end = !cut && length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        String text = new String(line, 0, end, StandardCharsets.UTF_8) + (cut ? "…" : "");
        length = 0;
        cut = false;
        sink.accept(text);
    }
}
