package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.CommandIo;
import io.github.xdevops.compose.host.Deadline;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.NotStarted;
import io.github.xdevops.compose.host.OutcomeUnknown;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.host.ssh.sshj.ExecChannel;
import io.github.xdevops.compose.text.Printable;
import io.github.xdevops.compose.text.Spoken;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A machine behind an SSH server. One connection serves all commands one after the other, so {@code MaxSessions 1} is enough. If
 * the connection turns out to be lost before a command is sent, it is opened once more.
 */
public final class SshHost implements Host {
    private static final long[] PAUSES = {0, 20, 100, 400}; // ms

    private final SshAddress address;
    private final SshAccess access;
    private final SshConnection.Entry entry;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable SshConnection connection;
    private volatile boolean closed;

    private SshHost(SshAddress address, SshAccess access, SshConnection.Entry entry) {
        this.address = address;
        this.access = access;
        this.entry = entry;
    }

    /**
     * Opens the connection and logs in.
     *
     * @throws HostException naming the server or the bastion: {@code USAGE} a key or known_hosts file that cannot be used,
     *     {@code NOHOST} nothing answers, {@code NOPERM} the host key is not trusted or we are not let in, {@code PROTO} anything
     *     else in between
     */
    public static SshHost connect(SshAddress address, SshAccess access) {
        SshConnection.Entry entry = new SshConnection.Entry(access.knownHosts(), access.identities());
        if (entry.identities().isEmpty() && access.password() == null) {
            throw nothingToShow(address, access);
        }
        if (access.jumps()) {
            refuseForBastions(address, entry);
        }
        if (access.explicit()) {
            entry.identities().get(0).load(); // what is wrong with it shows before anybody is called
        }
        SshHost host = new SshHost(address, access, entry);
        host.connection = new Connector(address, access, entry, access.connectTimeout()).connect();
        return host;
    }

    private static void refuseForBastions(SshAddress address, SshConnection.Entry entry) {
        if (!entry.knownHosts().pins().isEmpty()) {
            throw new HostException(
                    Fault.USAGE,
                    "Fingerprints do not say which host they belong to, so a bastion could pose as " + address.server()
                            + "; give known_hosts lines for both as compose.knownHosts or COMPOSE_KNOWN_HOSTS");
        }
        if (entry.identities().isEmpty()) {
            throw new HostException(
                    Fault.USAGE,
                    "A bastion on the way to " + address.server() + " gets no password; set compose.privateKey or"
                            + " COMPOSE_SSH_KEY (a file or its text)");
        }
    }

    private static HostException nothingToShow(SshAddress address, SshAccess access) {
        return new HostException(
                Fault.USAGE,
                "No private key to log in to " + address.server() + " with: "
                        + (access.agent() ? "ssh-agent is unsupported, and " : "")
                        + "there is no id_ed25519, id_ecdsa or id_rsa in ~/.ssh; set compose.privateKey or COMPOSE_SSH_KEY"
                        + " (a file or its text)");
    }

    @Override
    public String address() {
        return address.user() == null ? address.login() + "@" + address : address.toString();
    }

    @Override
    public Result run(Command command, Input input, Consumer<String> lines) {
        Deadline deadline = Deadline.in(command.deadline());
        turn.lock();
        try {
            return new CommandIo(start(command.text(), deadline), deadline).carry(input, lines);
        } catch (OutcomeUnknown e) {
            drop();
            throw unknown(e, command.deadline());
        } finally {
            turn.unlock();
        }
    }

    private ExecChannel start(String text, Deadline deadline) throws OutcomeUnknown {
        for (int attempt = 0; ; attempt++) {
            SshConnection open = connection;
            boolean reused = open != null && open.alive();
            if (open == null || !reused) {
                drop();
                open = reconnect(deadline);
            }
            try {
                return open.exec(text, deadline);
            } catch (NotStarted e) {
                if (!reused || e.reason == NotStarted.Reason.REFUSED || !again(e, attempt)) {
                    throw new HostException(
                            Fault.PROTO,
                            address() + " " + e.getMessage() + "; the command was not started, try again",
                            e.getCause());
                }
            }
        }
    }

    /**
     * Whether to retry a command that was not started. sshd counts a session until it has reaped its process, possibly after it
     * reported the end. With MaxSessions 1 the next session can be refused for a moment. The last try uses a new connection.
     */
    private boolean again(NotStarted e, int attempt) {
        if (e.reason == NotStarted.Reason.BUSY) {
            if (attempt >= PAUSES.length) {
                drop();
                return true;
            }
            try {
                Thread.sleep(PAUSES[attempt]);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private SshConnection reconnect(Deadline deadline) {
        if (closed) {
            throw new IllegalStateException(address() + " is closed");
        }
        Duration patience = access.connectTimeout().compareTo(deadline.left()) < 0
                ? access.connectTimeout()
                : Duration.ofMillis(Math.max(1, deadline.left().toMillis()));
        SshConnection open = new Connector(address, access, entry, patience).connect();
        connection = open;
        if (closed) { // while we were connecting
            drop();
        }
        return open;
    }

    private HostException unknown(OutcomeUnknown e, Duration limit) {
        String next = "the outcome is unknown and it may still be running there: ask for the status, or try again";
        return switch (e.reason) {
            case DEADLINE -> e.unknown("A command on " + address() + " did not end within " + Spoken.of(limit), next);
            case INTERRUPTED -> e.unknown("Waiting for a command on " + address() + " was interrupted", next);
            case LOST ->
                e.unknown(
                        "The connection to " + address() + " was lost while a command ran ("
                                + Printable.line(reason(e.getCause()), 120) + ")",
                        next);
        };
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null ? "no reason given" : String.valueOf(cause.getMessage());
    }

    private void drop() {
        SshConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        drop();
    }

    @Override
    public String toString() {
        return "SshHost[" + address() + "]";
    }
}
