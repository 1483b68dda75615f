package io.github.xdevops.compose.host.ssh.sshj;

import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.text.Printable;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Bytes from a server. sshj would read an identification of any length in quadratic time, and would loop endlessly after a read
 * timeout of the socket. Here the identification has a limited length, and a timeout ends the connection.
 */
public final class WireInput extends InputStream {
    private static final int LONGEST_GREETING = 64 * 1024;
    private static final int LONGEST_LINE = 255;

    private final WatchedSocket wire;
    private final InputStream in;
    private volatile @Nullable InputStream greeting;
    private volatile @Nullable Thread reader;

    WireInput(WatchedSocket wire, InputStream in) {
        this.wire = wire;
        this.in = new BufferedInputStream(in, 32 * 1024);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        reader = Thread.currentThread();
        if (greeting == null) {
            greeting = new ByteArrayInputStream(greet());
        }
        int n = greeting.read(bytes, offset, length);
        return n > 0 || length == 0 ? n : fromServer(bytes, offset, length);
    }

    private int fromServer(byte[] bytes, int offset, int length) throws IOException {
        try {
            int n = in.read(bytes, offset, length);
            if (n < 0) {
                wire.ended(new IOException("the server closed the connection"));
            }
            return n;
        } catch (SocketTimeoutException e) {
            IOException silent = new IOException("the server has been silent for too long", e);
            wire.ended(silent);
            // Before anything else: a writer that is stuck in this socket holds locks which sshj needs to clean up.
            wire.cut();
            throw silent;
        } catch (IOException e) {
            wire.ended(e);
            throw e;
        }
    }

    /** Whether the server has sent its identification. */
    boolean hasGreeted() {
        return greeting != null;
    }

    /** The current or last thread that reads. */
    @Nullable
    Thread reader() {
        return reader;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() {
        wire.cut();
    }

    /** Reads the identification line; lines before it (RFC 4253, 4.2) are dropped. */
    private byte[] greet() throws IOException {
        int total = 0;
        String first = "";
        while (true) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = one(); b != '\n'; b = one()) {
                if (b < 0 && (total == 0 || busy(text(line)))) {
                    throw new Dropped(text(line));
                }
                if (++total > LONGEST_GREETING || b < 0) {
                    throw strange(first.isEmpty() ? text(line) : first, b >= 0);
                }
                line.write(b);
            }
            String said = text(line);
            if (said.startsWith("SSH-2.0-") || said.startsWith("SSH-1.99-")) {
                if (line.size() >= LONGEST_LINE || !said.matches("[ -~]+\r?")) {
                    throw strange(said, false);
                }
                line.write('\n');
                return line.toByteArray();
            }
            if (said.startsWith("SSH-")) {
                throw strange(said, false);
            }
            if (busy(said)) {
                throw new Dropped(said);
            }
            first = first.isEmpty() ? said : first;
        }
    }

    private int one() throws IOException {
        byte[] one = new byte[1];
        try {
            return fromServer(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        } catch (SocketException e) {
            return -1; // reset: the same as closed
        }
    }

    private static boolean busy(String line) {
        return line.startsWith("Exceeded MaxStartups") || line.startsWith("Not allowed at this time");
    }

    private static String text(ByteArrayOutputStream line) {
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static HostException strange(String said, boolean endless) {
        return new HostException(
                Fault.PROTO,
                "does not speak SSH 2.0: it " + (endless ? "goes on and on with \"" : "said \"")
                        + Printable.line(said, 60) + "\"; check the address and the port");
    }

    /** The server closed the connection before its identification: it is busy, or blocks this client for a while. */
    public static final class Dropped extends IOException {
        private static final long serialVersionUID = 1L;

        /**
         * @param said the server's text before, or empty
         */
        public Dropped(String said) {
            super(said);
        }
    }
}
