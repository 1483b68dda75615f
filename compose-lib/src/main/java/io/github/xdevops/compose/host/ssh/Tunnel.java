package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.host.ssh.sshj.WatchedSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import org.jspecify.annotations.Nullable;

/** A connection through a bastion, with the interface of a socket: reads time out, and closing ends every wait. */
final class Tunnel extends WatchedSocket {
    private static final byte[] END = new byte[0];
    private static final int CHUNK = 32 * 1024;

    private final SshConnection bastion;
    private final DirectConnection channel;
    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(8);
    private final Thread pump = new Thread(this::pump, "compose-tunnel");
    private final Object turn = new Object();
    private @Nullable Thread writer;
    private boolean woken;
    private volatile int silence;
    private volatile boolean closed;
    private volatile @Nullable IOException failure;

    /** Takes ownership of the bastion's connection, which is closed with this one. */
    Tunnel(SshConnection bastion, DirectConnection channel) {
        this.bastion = bastion;
        this.channel = channel;
        pump.setDaemon(true);
        pump.start();
    }

    private void pump() {
        byte[] buffer = new byte[CHUNK];
        try (InputStream from = channel.getInputStream()) {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                if (n > 0) {
                    chunks.put(Arrays.copyOf(buffer, n));
                }
            }
            chunks.put(END);
        } catch (IOException e) {
            failure = e;
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void end() {
        chunks.clear();
        chunks.offer(END);
    }

    @Override
    public InputStream received() {
        return new Received();
    }

    @Override
    public OutputStream getOutputStream() {
        return new Sent();
    }

    @Override
    public synchronized void setSoTimeout(int millis) {
        silence = millis;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed || !bastion.alive();
    }

    @Override
    public synchronized void close() throws IOException {
        synchronized (turn) {
            if (closed) {
                return;
            }
            closed = true;
            Thread waiting = writer;
            if (waiting != null) {
                woken = true;
                waiting.interrupt(); // sshj does not tell it that the window will never open
            }
        }
        bastion.close();
        pump.interrupt();
        end();
        super.close();
    }

    private final class Received extends InputStream {
        private byte[] chunk = END;
        private int at;
        private boolean over;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (at == chunk.length && !next()) {
                return -1;
            }
            int n = Math.min(length, chunk.length - at);
            System.arraycopy(chunk, at, bytes, offset, n);
            at += n;
            return n;
        }

        private boolean next() throws IOException {
            if (!over) {
                chunk = await();
                at = 0;
                over = chunk.length == 0;
            }
            if (!over) {
                return true;
            }
            if (closed) {
                throw new SocketException("the connection was closed here");
            }
            IOException why = failure;
            if (why != null) {
                throw why;
            }
            return false;
        }

        private byte[] await() throws IOException {
            try {
                byte[] next = silence == 0 ? chunks.take() : chunks.poll(silence, TimeUnit.MILLISECONDS);
                if (next == null) {
                    throw new SocketTimeoutException("silent for " + silence + " ms");
                }
                return next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }

        @Override
        public int available() {
            return chunk.length - at;
        }
    }

    private final class Sent extends OutputStream {
        private final OutputStream onward = channel.getOutputStream();

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            whileOpen(() -> onward.write(bytes, offset, length));
        }

        @Override
        public void flush() throws IOException {
            whileOpen(onward::flush);
        }

        private void whileOpen(Step step) throws IOException {
            synchronized (turn) {
                if (closed) {
                    throw new SocketException("the connection was closed here");
                }
                writer = Thread.currentThread();
            }
            try {
                step.run();
            } finally {
                synchronized (turn) {
                    writer = null;
                    if (woken) {
                        Thread.interrupted(); // that was meant for this wait, not for what its thread does next
                        woken = false;
                    }
                }
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }
}
