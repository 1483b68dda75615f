package io.github.xdevops.compose.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** A command under way on an SSH server. */
final class ExecChannel extends SessionChannel implements Running {
    /** By number, from 1; the names SSH knows are a few of these. */
    private static final List<String> SIGNALS = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM");

    private final Wire wire;
    private volatile boolean refused;
    private volatile @Nullable String signal;
    private volatile @Nullable Thread writer;

    ExecChannel(Connection connection, Wire wire) {
        super(connection, StandardCharsets.UTF_8);
        this.wire = wire;
    }

    /** Whether the server answered that it will not run the command. */
    boolean refused() {
        return refused;
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        refused |= message == Message.CHANNEL_FAILURE;
        super.handle(message, packet);
    }

    @Override
    public void handleRequest(String request, SSHPacket packet) throws ConnectionException, TransportException {
        if (request.equals("exit-signal")) {
            try {
                signal = new Buffer.PlainBuffer(packet.getCompactData()).readString();
            } catch (Buffer.BufferException e) {
                throw new ConnectionException(e);
            }
        }
        super.handleRequest(request, packet);
    }

    /** A packet size of 0 would make sshj's writer spin for ever. */
    @Override
    protected void init(int recipient, long window, long packetSize) {
        if (packetSize < 1) {
            throw new SSHRuntimeException("the server accepts packets of no size only");
        }
        super.init(recipient, window, packetSize);
    }

    /** sshj closes its output stream here and would wait for a writer that waits for a window. */
    @Override
    protected void closeAllStreams() {
        releaseWriter();
        super.closeAllStreams();
    }

    @Override
    public void notifyError(SSHException error) {
        releaseWriter();
        super.notifyError(error);
    }

    private void releaseWriter() {
        Thread thread = writer;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public OutputStream in() {
        writer = Thread.currentThread();
        return getOutputStream();
    }

    @Override
    public InputStream out() {
        return getInputStream();
    }

    @Override
    public InputStream err() {
        return getErrorStream();
    }

    @Override
    public int exit(Duration patience) throws IOException, TimeoutException {
        if (patience.isZero()) {
            throw new TimeoutException();
        }
        try {
            join(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS);
        } catch (ConnectionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new TimeoutException();
            }
            throw e;
        }
        Integer status = getExitStatus();
        if (status != null) {
            return status;
        }
        String name = signal;
        if (name == null) {
            throw new IOException("it ended without an exit status");
        }
        int number = SIGNALS.indexOf(name) + 1;
        return number > 0 ? 128 + number : 255;
    }

    /** A channel that is closed on one side still holds a session on the other, so the whole connection goes. */
    @Override
    public void abandon() {
        wire.cut();
    }
}
