package io.github.xdevops.compose.host.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Something on a port that is not an SSH server, or a very odd one. */
final class FakeServer implements AutoCloseable {
    /** What to do with a connection; it is closed afterwards. */
    interface Talk {
        void with(Socket socket) throws IOException, InterruptedException;
    }

    final AtomicInteger connections = new AtomicInteger();

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    FakeServer(Talk talk) throws IOException {
        daemon(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    connections.incrementAndGet();
                    sockets.add(socket);
                    daemon(() -> {
                        try (socket) {
                            talk.with(socket);
                        } catch (IOException | InterruptedException e) {
                            // The client has gone.
                        }
                    });
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    /** Sends a text, then reads what comes until the other side goes. */
    static FakeServer saying(String text) throws IOException {
        return new FakeServer(socket -> {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().readAllBytes();
        });
    }

    SshAddress address() {
        return new SshAddress("deploy", "127.0.0.1", server.getLocalPort());
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "test-fake");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
