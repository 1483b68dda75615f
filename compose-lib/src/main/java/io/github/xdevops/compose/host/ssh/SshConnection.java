package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.host.Deadline;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.NotStarted;
import io.github.xdevops.compose.host.OutcomeUnknown;
import io.github.xdevops.compose.host.ssh.sshj.ExecChannel;
import io.github.xdevops.compose.host.ssh.sshj.FixedSocketFactory;
import io.github.xdevops.compose.host.ssh.sshj.WatchedSocket;
import io.github.xdevops.compose.host.ssh.sshj.WireInput;
import io.github.xdevops.compose.text.Printable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.schmizz.keepalive.KeepAlive;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** An authenticated connection to an SSH server. */
final class SshConnection {
    private static final int FOR_EVER = Integer.MAX_VALUE; // ms
    private static final int GOODBYE = 1000; // ms

    private final SshAddress address;
    private final SSHClient client;
    private final WatchedSocket wire;

    private SshConnection(SshAddress address, SSHClient client, WatchedSocket wire) {
        this.address = address;
        this.client = client;
        this.wire = wire;
    }

    /**
     * Performs the SSH handshake over a TCP connection and logs in.
     *
     * @throws WireInput.Dropped if the server closed the connection before its identification; a retry may help
     */
    static SshConnection over(WatchedSocket wire, SshAddress address, SshAccess access, Entry entry, Duration patience)
            throws WireInput.Dropped {
        HostKeyCheck check = new HostKeyCheck(address, entry.knownHosts());
        SSHClient client = new SSHClient(Algorithms.config(
                check.certificates(), entry.identities().stream().anyMatch(Identity::certified)));
        client.addHostKeyVerifier(check);
        client.setSocketFactory(new FixedSocketFactory(wire));
        int seconds = (int) access.keepAlive().toSeconds();
        client.setTimeout(3 * 1000 * seconds);
        client.getTransport().setTimeoutMs((int) Math.max(1, patience.toMillis()));
        client.getConnection().setTimeoutMs((int) Math.max(1, patience.toMillis()));
        client.getConnection().getKeepAlive().setKeepAliveInterval(seconds);
        SshConnection connection = new SshConnection(address, client, wire);
        boolean in = false;
        try {
            connection.shake(check);
            new Login(client, address, access).enter(entry.identities());
            in = true;
            return connection;
        } finally {
            if (!in) {
                connection.close();
            }
        }
    }

    private void shake(HostKeyCheck check) throws WireInput.Dropped {
        try {
            client.connect(address.host(), address.port());
        } catch (IOException | SSHRuntimeException | IllegalStateException e) {
            HostException refusal = check.refusal();
            if (refusal != null) {
                throw refusal;
            }
            Exception reason = e instanceof IllegalStateException ? endOfTransport(e) : e;
            for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
                if (cause instanceof WireInput.Dropped dropped) {
                    throw dropped;
                }
                // A bastion has closed the channel before our greeting was sent.
                if (cause instanceof ConnectionException && !wire.hasGreeted()) {
                    throw new WireInput.Dropped("");
                }
            }
            throw broken(reason);
        } catch (HostException e) {
            throw new HostException(e.fault(), address.server() + " " + e.getMessage());
        }
    }

    /** The reader may end the connection before the client asks for keys, which then only says that it is not connected. */
    private Exception endOfTransport(Exception known) {
        try {
            client.getTransport().join(1, TimeUnit.SECONDS);
            return known;
        } catch (TransportException reason) {
            return reason;
        }
    }

    private HostException broken(Exception e) {
        String why = String.valueOf(e.getMessage());
        String settlement = "Unable to reach a settlement of ";
        if (why.contains(settlement)) {
            int from = why.indexOf(settlement) + settlement.length();
            int server = why.lastIndexOf(" and [");
            return new HostException(
                    Fault.PROTO,
                    address.server() + " has no common algorithm with us, it offers only "
                            + Printable.line(why.substring(Math.max(from, server + 5)), 150) + " ("
                            + Printable.line(why.substring(from).split(":", 2)[0], 40)
                            + "); its SSH server has to be updated or configured");
        }
        if (why.contains("certificate check failed")) {
            return new HostException(
                    Fault.NOPERM,
                    "The host certificate of " + address.server() + " cannot be trusted: " + Printable.line(why, 250)
                            + "; the server's owner has to renew it");
        }
        return new HostException(
                Fault.PROTO,
                address.server() + " broke off the SSH handshake: " + Printable.line(why, 200)
                        + "; try again, and look into the server's SSH log",
                e);
    }

    /**
     * Opens a connection from this server to the next one; it owns this connection from then on.
     *
     * @throws HostException {@code NOHOST} if it cannot reach the next server, {@code NOPERM} if it does not allow forwarding
     */
    Tunnel tunnel(SshAddress next) {
        try {
            client.getConnection().setTimeoutMs(FOR_EVER);
            DirectConnection channel = client.newDirectConnection(next.host(), next.port());
            if (channel.getRemoteMaxPacketSize() < 1) {
                throw new HostException(Fault.PROTO, address.server() + " only accepts packets of size 0");
            }
            return new Tunnel(this, channel);
        } catch (OpenFailException e) {
            String said = Printable.line(e.getMessage(), 150);
            throw e.getReason() == OpenFailException.Reason.ADMINISTRATIVELY_PROHIBITED
                    ? new HostException(
                            Fault.NOPERM,
                            address.server() + " does not connect " + address.login() + " to " + next.host() + " port "
                                    + next.port() + ": " + said
                                    + "; its SSH server has to allow it (AllowTcpForwarding, PermitOpen)")
                    : new HostException(
                            Fault.NOHOST,
                            "Cannot reach " + next.host() + " port " + next.port() + " from " + address.server() + ": "
                                    + said + "; check the address, and firewalls in between");
        } catch (IOException | SSHRuntimeException e) {
            throw new HostException(
                    Fault.PROTO,
                    address.server() + " closed the connection on the way to " + next.server() + ": "
                            + Printable.line(e.getMessage(), 150) + "; try again",
                    e);
        }
    }

    boolean alive() {
        return client.isConnected() && !wire.isClosed();
    }

    /**
     * Sends the command.
     *
     * @throws NotStarted if it has certainly not been started
     * @throws OutcomeUnknown if it may have been started
     */
    ExecChannel exec(String text, Deadline deadline) throws NotStarted, OutcomeUnknown {
        client.getConnection().setTimeoutMs(deadline.millis(Duration.ofDays(20)));
        ExecChannel channel = new ExecChannel(client.getConnection(), wire);
        try {
            channel.begin(deadline);
            channel.request(text, deadline);
            return channel;
        } catch (NotStarted e) {
            if (e.reason != NotStarted.Reason.BUSY) {
                close();
            }
            throw e;
        } catch (OutcomeUnknown e) {
            close();
            throw e;
        }
    }

    /** Closes the connection and stops its threads. */
    void close() {
        // First: everything that waits for the other side gets away, and saying goodbye cannot take long.
        wire.cut();
        try {
            client.disconnect();
        } catch (IOException | SSHRuntimeException e) {
            // It is gone either way.
        }
        KeepAlive keepAlive = client.getConnection().getKeepAlive();
        keepAlive.interrupt();
        await(keepAlive);
        await(wire.reader());
    }

    /** Waits for a thread: it would fail if the class loader were closed before it ends. */
    private static void await(@Nullable Thread thread) {
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(GOODBYE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The settings before the first packet: trusted host keys and own keys. */
    record Entry(KnownHosts knownHosts, List<Identity> identities) {}
}
