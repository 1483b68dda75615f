package io.github.xdevops.compose.host.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/** Runs what a client asks for with a real shell, as sshd does: three independent streams, then the exit status. */
final class ShellCommand implements Command {
    private final Path text;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private OutputStream err = OutputStream.nullOutputStream();
    private ExitCallback exit = (status, message, close) -> {};

    ShellCommand(ChannelSession channel, String text) throws IOException {
        // As a file: a Java process cannot pass every text as an argument in every locale.
        this.text = Files.createTempFile("command", ".sh");
        Files.writeString(this.text, text);
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment env) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", text.toString()).start();
        copy(in, process.getOutputStream(), true);
        Thread errors = copy(process.getErrorStream(), err, false);
        Thread output = copy(process.getInputStream(), out, false);
        daemon(() -> {
            try {
                int status = process.waitFor();
                output.join();
                errors.join();
                Files.deleteIfExists(text);
                exit.onExit(status);
            } catch (InterruptedException | IOException e) {
                exit.onExit(255, e.toString());
            }
        });
    }

    private static Thread copy(InputStream from, OutputStream to, boolean close) {
        return daemon(() -> {
            byte[] buffer = new byte[32 * 1024];
            try {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    to.write(buffer, 0, n);
                    to.flush();
                }
            } catch (IOException e) {
                // The other side is gone.
            }
            if (close) {
                try {
                    to.close();
                } catch (IOException e) {
                    // The process is gone.
                }
            }
        });
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "test-shell");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void destroy(ChannelSession channel) {}
}
