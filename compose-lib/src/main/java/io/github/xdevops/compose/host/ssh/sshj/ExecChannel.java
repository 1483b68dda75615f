package io.github.xdevops.compose.host.ssh.sshj;

import io.github.xdevops.compose.host.Deadline;
import io.github.xdevops.compose.host.NotStarted;
import io.github.xdevops.compose.host.OutcomeUnknown;
import io.github.xdevops.compose.host.OutcomeUnknown.Reason;
import io.github.xdevops.compose.host.Running;
import io.github.xdevops.compose.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.ChannelInputStream;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/**
 * A running command on an SSH server. It has its own events: sshj loses the error of a connection that fails between a request
 * and its answer, and never answers if the channel closes instead.
 */
public final class ExecChannel extends SessionChannel implements Running {
    /** Signal names by number, from 1. SSH names only some of them. */
    private static final List<String> SIGNALS = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM");

    private final WatchedSocket wire;
    private final CompletableFuture<String> opened = new CompletableFuture<>(); // holds why not, or is empty
    private final CompletableFuture<Boolean> accepted = new CompletableFuture<>();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    private final ReceivedStream out = new ReceivedStream(this::hasRead);
    private final ReceivedStream err = new ReceivedStream(this::hasRead);
    /** The number of bytes that the server may send until the next window adjustment. */
    private final long window = getLocalWinSize();
    /** The number of received bytes of both streams that are unread, and of read bytes that were not reported to the server. */
    private final AtomicLong unread = new AtomicLong();

    private final AtomicLong read = new AtomicLong();
    private volatile @Nullable String signal;
    private volatile @Nullable Thread writer;

    public ExecChannel(Connection connection, WatchedSocket wire) {
        super(connection, StandardCharsets.UTF_8);
        this.wire = wire;
    }

    /** Opens the channel. Nothing has been started yet. */
    public void begin(Deadline deadline) throws NotStarted {
        try {
            wire.watch(this::lost);
            trans.write(buildOpenReq());
            String refusal = await(opened, deadline.left());
            if (!refusal.isEmpty()) {
                throw new NotStarted(NotStarted.Reason.BUSY, "refused to open a session: " + refusal, null);
            }
        } catch (IOException | SSHRuntimeException e) {
            throw new NotStarted(
                    NotStarted.Reason.LOST, "lost the connection: " + Printable.line(e.getMessage(), 150), e);
        } catch (TimeoutException e) {
            throw new NotStarted(NotStarted.Reason.REFUSED, "did not open a session in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotStarted(NotStarted.Reason.REFUSED, "was not waited for: interrupted", e);
        }
    }

    /** Requests the command. From here on it may be running, unless the server refuses it. */
    public void request(String text, Deadline deadline) throws NotStarted, OutcomeUnknown {
        try {
            trans.write(newBuffer(Message.CHANNEL_REQUEST)
                    .putString("exec")
                    .putBoolean(true)
                    .putString(text, StandardCharsets.UTF_8));
            if (!await(accepted, deadline.left())) {
                throw new NotStarted(NotStarted.Reason.REFUSED, "refused to run a command", null);
            }
        } catch (IOException | SSHRuntimeException e) {
            throw new OutcomeUnknown(Reason.LOST, "", e);
        } catch (TimeoutException e) {
            throw new OutcomeUnknown(Reason.DEADLINE, "", null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknown(Reason.INTERRUPTED, "", e);
        }
    }

    private static <T> T await(CompletableFuture<T> event, Duration patience)
            throws IOException, TimeoutException, InterruptedException {
        try {
            return event.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        }
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        if (message == Message.CHANNEL_SUCCESS || message == Message.CHANNEL_FAILURE) {
            accepted.complete(message == Message.CHANNEL_SUCCESS);
            return;
        }
        if (message == Message.CHANNEL_OPEN_FAILURE) {
            SSHPacket copy = new SSHPacket(packet);
            copy.readUInt32();
            opened.complete(Printable.line(copy.readString(), 150));
        }
        super.handle(message, packet);
        if (message == Message.CHANNEL_OPEN_CONFIRMATION) {
            opened.complete("");
        }
    }

    /**
     * Disables sshj's own window adjustment. sshj has a buffer for each stream but one window for both, and opens it by the free
     * space of one buffer: a stream that is read slowly would overflow while the other is read fast (RFC 4254, 5.2).
     */
    @Override
    protected void receiveInto(ChannelInputStream stream, SSHPacket packet) throws SSHException {
        byte[] bytes;
        try {
            bytes = packet.readBytes();
        } catch (Buffer.BufferException e) {
            throw new ConnectionException(DisconnectReason.PROTOCOL_ERROR, e);
        }
        if (unread.addAndGet(bytes.length) > window) {
            throw new ConnectionException(DisconnectReason.PROTOCOL_ERROR, "the server sends more than it may");
        }
        (stream == getInputStream() ? out : err).add(bytes);
    }

    /** Lets the server send as many bytes again; reported in large steps. */
    private void hasRead(int bytes) throws IOException {
        unread.addAndGet(-bytes);
        if (read.addAndGet(bytes) >= window / 4 && !closed.isDone()) {
            long all = read.getAndSet(0);
            if (all > 0) {
                trans.write(newBuffer(Message.CHANNEL_WINDOW_ADJUST).putUInt32(all));
            }
        }
    }

    @Override
    protected void eofInputStreams() {
        super.eofInputStreams();
        out.end();
        err.end();
    }

    @Override
    public void handleRequest(String request, SSHPacket packet) throws ConnectionException, TransportException {
        if (request.equals("exit-signal")) {
            try {
                signal = new SSHPacket(packet).readString();
            } catch (Buffer.BufferException e) {
                throw new ConnectionException(e);
            }
        }
        super.handleRequest(request, packet);
    }

    /** Refuses a packet size of 0, which would make sshj's writer loop endlessly. */
    @Override
    protected void init(int recipient, long window, long packetSize) {
        if (packetSize < 1) {
            throw new SSHRuntimeException("the server only accepts packets of size 0");
        }
        super.init(recipient, window, packetSize);
    }

    /** Skips a step of sshj: it closes its output stream here and would wait for a writer that waits for a window. */
    @Override
    protected void closeAllStreams() {
        releaseWriter();
        out.end();
        err.end();
        super.closeAllStreams();
    }

    @Override
    protected void finishOff() {
        super.finishOff();
        accepted.completeExceptionally(new IOException("the server closed the session without an answer"));
        closed.complete(true);
    }

    @Override
    public void notifyError(SSHException error) {
        lost(error);
        super.notifyError(error);
    }

    private void lost(IOException reason) {
        opened.completeExceptionally(reason);
        accepted.completeExceptionally(reason);
        if (closed.completeExceptionally(reason)) {
            releaseWriter();
            out.fail(reason);
            err.fail(reason);
        }
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
        return out;
    }

    @Override
    public InputStream err() {
        return err;
    }

    @Override
    public int exit(Duration patience) throws IOException, TimeoutException, InterruptedException {
        await(closed, patience);
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

    /** Closes the whole connection: a half-closed channel still occupies a session on the server. */
    @Override
    public void abandon() {
        wire.cut();
    }
}
