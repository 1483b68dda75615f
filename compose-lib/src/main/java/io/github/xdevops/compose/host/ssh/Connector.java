package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.host.Deadline;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.ssh.sshj.WatchedSocket;
import io.github.xdevops.compose.host.ssh.sshj.WireInput;
import io.github.xdevops.compose.text.Printable;
import io.github.xdevops.compose.text.Spoken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Opens a connection, through bastions if there are any. One time limit applies to all steps, so that neither a server that sends
 * slowly nor a DNS server without answers can exceed it.
 */
final class Connector {
    private static final int ATTEMPTS = 6;
    private static final Duration ONE_ADDRESS = Duration.ofSeconds(10);

    private final List<SshAddress> route;
    private final SshAccess access;
    private final SshConnection.Entry entry;
    private final Deadline deadline;
    private final Duration patience;
    private volatile @Nullable WatchedSocket wire;
    private volatile SshAddress current;
    private volatile boolean reached;
    private volatile boolean over;

    /**
     * @param address the last server, behind the bastions of {@code access}
     */
    Connector(SshAddress address, SshAccess access, SshConnection.Entry entry, Duration patience) {
        this.route = access.routeTo(address);
        this.current = route.get(0);
        this.access = access;
        this.entry = entry;
        this.patience = patience;
        this.deadline = Deadline.in(patience);
    }

    SshConnection connect() {
        FutureTask<SshConnection> task = new FutureTask<>(() -> enter(route.size() - 1));
        Thread thread = new Thread(task, "compose-connect");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw late();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException(Fault.PROTO, "Connecting to " + current.server() + " was interrupted", e);
        } catch (ExecutionException e) {
            if (deadline.over()) {
                throw late();
            }
            if (e.getCause() instanceof HostException known) {
                throw known;
            }
            throw new HostException(
                    Fault.PROTO,
                    "Connecting to " + current.server() + " failed: "
                            + Printable.line(String.valueOf(e.getCause()), 200),
                    e.getCause());
        } finally {
            giveUp(task, thread);
        }
    }

    private void giveUp(FutureTask<SshConnection> task, Thread thread) {
        if (!task.isDone()) {
            over = true;
            WatchedSocket open = wire;
            if (open != null) {
                open.cut();
            }
            thread.interrupt();
        }
    }

    private HostException late() {
        return reached
                ? new HostException(
                        Fault.PROTO,
                        current.server()
                                + " accepted the connection but did not complete SSH's handshake and login within "
                                + Spoken.of(patience) + "; check that it is an SSH server, and its load")
                : unreachable(current, "no answer within " + Spoken.of(patience), null);
    }

    private SshConnection enter(int hop) throws InterruptedException {
        SshAddress address = route.get(hop);
        boolean last = hop == route.size() - 1;
        for (int attempt = 1; ; attempt++) {
            WatchedSocket open = hop == 0 ? reach(address) : tunnel(enter(hop - 1), address);
            boolean entered = false;
            try {
                SshConnection connection =
                        SshConnection.over(open, address, last ? access : access.toBastion(), entry, deadline.left());
                entered = true;
                return connection;
            } catch (WireInput.Dropped e) {
                // Full jitter: many pipelines start in the same second and would come back in the same second.
                long wait = ThreadLocalRandom.current().nextLong(100, 100 + (200L << attempt));
                if (attempt == ATTEMPTS || over || deadline.left().toMillis() <= wait) {
                    throw hungUp(address, attempt, e.getMessage());
                }
                Thread.sleep(wait);
            } finally {
                if (!entered) {
                    open.cut(); // and with it the bastions behind it
                }
            }
        }
    }

    private HostException hungUp(SshAddress address, int attempts, @Nullable String said) {
        return new HostException(
                Fault.PROTO,
                address.server() + " hung up " + (attempts == 1 ? "once" : attempts + " times")
                        + " before saying who it is"
                        + (said == null || said.isBlank() ? "" : " (\"" + Printable.line(said, 60) + "\")")
                        + "; it is overloaded (MaxStartups), or keeps this address out after failed logins"
                        + " (PerSourcePenalties, fail2ban): try again in some minutes");
    }

    private WatchedSocket tunnel(SshConnection bastion, SshAddress address) {
        current = address;
        reached = false;
        boolean made = false;
        try {
            WatchedSocket open = bastion.tunnel(address);
            wire = open;
            made = true;
            if (over) {
                open.cut();
            }
            reached = true;
            return open;
        } finally {
            if (!made) {
                bastion.close();
            }
        }
    }

    private WatchedSocket reach(SshAddress address) {
        current = address;
        reached = false;
        IOException last = null;
        try {
            for (InetAddress one : InetAddress.getAllByName(address.host())) {
                WatchedSocket open = new WatchedSocket();
                wire = open;
                try {
                    if (over) {
                        throw new IOException("given up");
                    }
                    open.connect(new InetSocketAddress(one, address.port()), deadline.millis(ONE_ADDRESS));
                    reached = true;
                    return open;
                } catch (IOException e) {
                    open.cut();
                    last = e;
                }
            }
        } catch (UnknownHostException e) {
            throw unreachable(address, "no such host name", e);
        }
        throw unreachable(address, last == null ? "no address" : String.valueOf(last.getMessage()), last);
    }

    private HostException unreachable(SshAddress address, String why, @Nullable Throwable cause) {
        int hop = route.indexOf(address);
        return new HostException(
                Fault.NOHOST,
                "Cannot reach " + address.host() + " port " + address.port()
                        + (hop > 0 ? " from " + route.get(hop - 1).server() : "") + ": " + Printable.line(why, 100)
                        + "; check the address, and firewalls in between",
                cause);
    }
}
