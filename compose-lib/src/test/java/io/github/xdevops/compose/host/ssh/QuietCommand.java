package io.github.xdevops.compose.host.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/** A command on the server's side that reads and writes nothing, and ends in its own way. */
record QuietCommand(Ending ending) implements Command {
    /** What to do instead of running anything. */
    interface Ending {
        void now() throws IOException;
    }

    @Override
    public void start(ChannelSession channel, Environment env) throws IOException {
        Thread thread = new Thread(() -> {
            try {
                ending.now();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        thread.start();
    }

    @Override
    public void setInputStream(InputStream stream) {}

    @Override
    public void setOutputStream(OutputStream stream) {}

    @Override
    public void setErrorStream(OutputStream stream) {}

    @Override
    public void setExitCallback(ExitCallback callback) {}

    @Override
    public void destroy(ChannelSession channel) {}
}
