package io.github.xdevops.compose.it.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A long way to a local port: every byte arrives later, however many are under way. */
final class DelayingRelay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final long nanos;

    /** @param millis each way */
    DelayingRelay(int target, long millis) throws IOException {
        this.target = target;
        this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                var onward = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                onward.setTcpNoDelay(true);
                delay(client, onward);
                delay(onward, client);
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void delay(Socket from, Socket to) {
        var underWay = new LinkedBlockingQueue<Packet>();
        daemon(() -> {
            var buffer = new byte[64 * 1024];
            try {
                for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
                    underWay.add(new Packet(System.nanoTime() + nanos, Arrays.copyOf(buffer, n)));
                }
            } catch (IOException e) {
                // its other side is gone
            }
            underWay.add(new Packet(System.nanoTime() + nanos, new byte[0]));
        });
        daemon(() -> {
            try {
                for (var packet = underWay.take(); packet.bytes().length > 0; packet = underWay.take()) {
                    TimeUnit.NANOSECONDS.sleep(packet.due() - System.nanoTime());
                    to.getOutputStream().write(packet.bytes());
                }
                to.shutdownOutput();
            } catch (IOException | InterruptedException e) {
                // the connection is over
            }
        });
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "delaying-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Packet(long due, byte[] bytes) {}
}
