package io.github.xdevops.compose.host.ssh.sshj;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The TCP connection of an SSH session. Incoming bytes are checked before sshj reads them. */
public class WatchedSocket extends Socket {
    private @Nullable WireInput input;
    private @Nullable IOException end;
    private @Nullable Consumer<IOException> watcher;

    @Override
    public void connect(SocketAddress address, int millis) throws IOException {
        setTcpNoDelay(true);
        setKeepAlive(true);
        super.connect(address, millis);
    }

    @Override
    public final synchronized InputStream getInputStream() throws IOException {
        if (input == null) {
            input = new WireInput(this, received());
        }
        return input;
    }

    /** Whether the server has sent its identification. */
    public final synchronized boolean hasGreeted() {
        return input != null && input.hasGreeted();
    }

    /** The incoming bytes. */
    public InputStream received() throws IOException {
        return super.getInputStream();
    }

    /**
     * Sets the receiver of the end of input; it is called at once if input has ended. sshj only notifies channels that are
     * registered at that moment.
     */
    void watch(@Nullable Consumer<IOException> next) {
        IOException already;
        synchronized (this) {
            watcher = next;
            already = end;
        }
        if (already != null && next != null) {
            next.accept(already);
        }
    }

    /** Records the first reason for the end of input. */
    void ended(IOException reason) {
        IOException first;
        Consumer<IOException> told;
        synchronized (this) {
            first = end == null ? reason : end;
            end = first;
            told = watcher;
        }
        if (told != null) {
            told.accept(first);
        }
    }

    /** The thread that reads incoming bytes. */
    public final synchronized @Nullable Thread reader() {
        return input == null ? null : input.reader();
    }

    /** Closes without notice; readers and writers of a stream get an exception. */
    public void cut() {
        try {
            close();
        } catch (IOException e) {
            // It is gone either way.
        }
        ended(new IOException("the connection was closed here"));
    }
}
