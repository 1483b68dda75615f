package io.github.xdevops.compose.host.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A bad network: passes bytes on to a local port until it is told to cut, freeze, or slow them down. */
final class Relay implements AutoCloseable {
    final AtomicInteger connections = new AtomicInteger();
    final AtomicLong up = new AtomicLong();
    final AtomicLong down = new AtomicLong();
    volatile long cutUpAfter = Long.MAX_VALUE;
    volatile long cutDownAfter = Long.MAX_VALUE;
    volatile int drop;
    volatile boolean frozen;
    volatile long delay;
    volatile int chunk = 16 * 1024;
    volatile int stallEvery = Integer.MAX_VALUE;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int target;

    Relay(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                if (connections.incrementAndGet() <= drop) {
                    client.close();
                    continue;
                }
                Socket onward = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                onward.setTcpNoDelay(true);
                sockets.add(onward);
                daemon(() -> pass(client, onward, up, true));
                daemon(() -> pass(onward, client, down, false));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void pass(Socket from, Socket to, AtomicLong count, boolean upward) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            long passed = 0;
            int reads = 0;
            byte[] buffer = new byte[32 * 1024];
            while (true) {
                long left = (upward ? cutUpAfter : cutDownAfter) - passed;
                if (left <= 0) {
                    return;
                }
                int n = in.read(buffer, 0, (int) Math.min(chunk, left));
                if (n < 0) {
                    return;
                }
                if (delay > 0) {
                    Thread.sleep(++reads % stallEvery == 0 ? 3 * delay : delay);
                }
                while (frozen) {
                    Thread.sleep(20);
                }
                out.write(buffer, 0, n);
                passed += n;
                count.addAndGet(n);
            }
        } catch (IOException | InterruptedException e) {
            // Cut.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "test-relay");
        thread.setDaemon(true);
        thread.start();
    }

    /** Cuts what is open now; who comes next is let through. */
    void cutAll() {
        try {
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        frozen = false;
        server.close();
        cutAll();
    }
}
