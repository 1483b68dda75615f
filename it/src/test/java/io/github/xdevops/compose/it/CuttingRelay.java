package io.github.xdevops.compose.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network that breaks: passes bytes on to a local port, and ends the connection after so many in one direction. */
final class CuttingRelay implements AutoCloseable {
    /** Where bytes are counted. */
    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int target;
    private volatile Cut cut = new Cut(Direction.TO_SERVER, Long.MAX_VALUE, false);

    CuttingRelay(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** From the next connection on: the first, or every one, ends after so many bytes. */
    Cut cutAfter(Direction direction, long bytes, boolean everyConnection) {
        cut = new Cut(direction, bytes, everyConnection);
        return cut;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                var onward = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(onward);
                client.setTcpNoDelay(true);
                onward.setTcpNoDelay(true);
                var cut = this.cut;
                var first = cut.begin();
                daemon(() -> pass(client, onward, cut, first, Direction.TO_SERVER));
                daemon(() -> pass(onward, client, cut, first, Direction.TO_CLIENT));
            } catch (IOException e) {
                // Closed, or a server that takes no more for a moment.
            }
        }
    }

    private void pass(Socket from, Socket to, Cut cut, boolean first, Direction direction) {
        try (from;
                to) {
            var left = cut.limit(direction, first);
            var buffer = new byte[16 * 1024];
            while (left > 0) {
                var n = from.getInputStream().read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    return;
                }
                to.getOutputStream().write(buffer, 0, n);
                left -= n;
            }
            cut.happened = true;
        } catch (IOException e) {
            // The other direction was cut, or both sides are done.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "cutting-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : sockets) {
            socket.close();
        }
    }

    /** One way to break connections, and whether it broke one. */
    static final class Cut {
        private final Direction direction;
        private final long bytes;
        private final boolean everyConnection;
        private boolean begun;
        private volatile boolean happened;

        private Cut(Direction direction, long bytes, boolean everyConnection) {
            this.direction = direction;
            this.bytes = bytes;
            this.everyConnection = everyConnection;
        }

        boolean happened() {
            return happened;
        }

        private synchronized boolean begin() {
            var first = !begun;
            begun = true;
            return first;
        }

        private long limit(Direction asked, boolean first) {
            return asked == direction && (first || everyConnection) ? bytes : Long.MAX_VALUE;
        }
    }
}
