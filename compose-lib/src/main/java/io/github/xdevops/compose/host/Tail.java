package io.github.xdevops.compose.host;

import java.nio.charset.StandardCharsets;

/** The last bytes of a stream of any length. */
public final class Tail {
    private final byte[] ring;
    private long seen;

    public Tail(int size) {
        ring = new byte[size];
    }

    public synchronized void add(byte[] bytes, int length) {
        int from = Math.max(0, length - ring.length);
        for (int done = from; done < length; ) {
            int at = (int) ((seen + done) % ring.length);
            int count = Math.min(length - done, ring.length - at);
            System.arraycopy(bytes, done, ring, at, count);
            done += count;
        }
        seen += length;
    }

    public synchronized String text() {
        int kept = (int) Math.min(seen, ring.length);
        byte[] all = new byte[kept];
        for (int i = 0; i < kept; i++) {
            all[i] = ring[(int) ((seen - kept + i) % ring.length)];
        }
        int start = 0;
        while (seen > kept && start < Math.min(3, kept) && (all[start] & 0xC0) == 0x80) {
            start++; // the rest of a character whose beginning is gone
        }
        return new String(all, start, kept - start, StandardCharsets.UTF_8);
    }
}
