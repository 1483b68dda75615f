package io.github.xdevops.compose.host.ssh.sshj;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connection under an SSH session, by TCP: what comes in is looked at before sshj sees it. */
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

    /** Whether the server has said who it is. */
    public final synchronized boolean hasGreeted() {
        return input != null && input.hasGreeted();
    }

    /** What comes in, as it comes. */
    public InputStream received() throws IOException {
        return super.getInputStream();
    }

    /**
     * Who is told that nothing more will come, at once if that is so already. sshj tells the channels it knows in that
     * moment, and forgets whoever was just about to begin waiting.
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

    /** Notes the first reason why nothing more will come. */
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

    /** The thread that reads what comes in. */
    public final synchronized @Nullable Thread reader() {
        return input == null ? null : input.reader();
    }

    /** Closes without a word; whoever waits on a stream gets an exception. */
    public void cut() {
        try {
            close();
        } catch (IOException e) {
            // It is gone either way.
        }
        ended(new IOException("the connection was closed here"));
    }
}
