package io.github.xdevops.compose.host.ssh.sshj;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Received but unread bytes of one stream. The writer limits their number. */
final class ReceivedStream extends InputStream {
    /** Receives the number of bytes read, outside of any lock. */
    interface Reading {
        void read(int bytes) throws IOException;
    }

    private final Reading reading;
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    /** The offset in the first chunk. */
    private int offset;

    private boolean ended;
    private @Nullable IOException failure;

    ReceivedStream(Reading reading) {
        this.reading = reading;
    }

    synchronized void add(byte[] chunk) {
        if (chunk.length > 0 && !ended) {
            chunks.add(chunk);
            notifyAll();
        }
    }

    /** Marks the end of the stream. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Marks the end of the stream after an error; received bytes can still be read. */
    synchronized void fail(IOException reason) {
        if (!ended) {
            failure = reason;
            end();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int start, int length) throws IOException {
        Objects.checkFromIndexSize(start, length, bytes.length);
        int n = length == 0 ? 0 : take(bytes, start, length);
        if (n > 0) {
            reading.read(n);
        }
        return n;
    }

    private synchronized int take(byte[] bytes, int start, int length) throws IOException {
        while (chunks.isEmpty()) {
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            if (ended) {
                return -1;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
        byte[] first = chunks.element();
        int n = Math.min(length, first.length - offset);
        System.arraycopy(first, offset, bytes, start, n);
        offset += n;
        if (offset == first.length) {
            chunks.remove();
            offset = 0;
        }
        return n;
    }
}
