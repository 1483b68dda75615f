package io.github.xdevops.compose.host;

import io.github.xdevops.compose.host.HostException.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a connection within a time that holds for all of it: a server that is slow with every single byte, or a name
 * server that does not answer, cannot stretch it.
 */
final class Dial {
    private static final int ATTEMPTS = 6;
    private static final Duration ONE_ADDRESS = Duration.ofSeconds(10);

    private final SshAddress address;
    private final SshAccess access;
    private final SshConnection.Entry entry;
    private final Deadline deadline;
    private final Duration patience;
    private volatile @Nullable Wire wire;
    private volatile boolean reached;
    private volatile boolean over;

    Dial(SshAddress address, SshAccess access, SshConnection.Entry entry, Duration patience) {
        this.address = address;
        this.access = access;
        this.entry = entry;
        this.patience = patience;
        this.deadline = Deadline.in(patience);
    }

    SshConnection connect() {
        FutureTask<SshConnection> task = new FutureTask<>(this::attempt);
        Thread thread = new Thread(task, "compose-connect");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw late();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException(Fault.PROTO, "Connecting to " + address.server() + " was interrupted", e);
        } catch (ExecutionException e) {
            if (deadline.over()) {
                throw late();
            }
            if (e.getCause() instanceof HostException known) {
                throw known;
            }
            throw new HostException(
                    Fault.PROTO,
                    "Connecting to " + address.server() + " failed: " + Visible.line(String.valueOf(e.getCause()), 200),
                    e.getCause());
        } finally {
            giveUp(task, thread);
        }
    }

    private void giveUp(FutureTask<SshConnection> task, Thread thread) {
        if (!task.isDone()) {
            over = true;
            Wire open = wire;
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
                        address.server()
                                + " accepted the connection but did not complete SSH's handshake and login within "
                                + Spoken.of(patience) + "; check that it is an SSH server, and its load")
                : unreachable("no answer within " + Spoken.of(patience), null);
    }

    private SshConnection attempt() throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Wire open = reach();
            try {
                return SshConnection.over(open, address, access, entry, deadline.left());
            } catch (WireInput.Dropped e) {
                // Full jitter: many pipelines start in the same second and would come back in the same second.
                long wait = ThreadLocalRandom.current().nextLong(100, 100 + (200L << attempt));
                if (attempt == ATTEMPTS || over || deadline.left().toMillis() <= wait) {
                    throw hungUp(attempt, e.getMessage());
                }
                Thread.sleep(wait);
            }
        }
    }

    private HostException hungUp(int attempts, @Nullable String said) {
        return new HostException(
                Fault.PROTO,
                address.server() + " hung up " + (attempts == 1 ? "once" : attempts + " times")
                        + " before saying who it is"
                        + (said == null || said.isBlank() ? "" : " (\"" + Visible.line(said, 60) + "\")")
                        + "; it is overloaded (MaxStartups), or keeps this address out after failed logins"
                        + " (PerSourcePenalties, fail2ban): try again in some minutes");
    }

    private Wire reach() {
        IOException last = null;
        try {
            for (InetAddress one : InetAddress.getAllByName(address.host())) {
                Wire open = new Wire();
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
            throw unreachable("no such host name", e);
        } catch (IOException e) {
            last = e;
        }
        throw unreachable(last == null ? "no address" : String.valueOf(last.getMessage()), last);
    }

    private HostException unreachable(String why, @Nullable Throwable cause) {
        return new HostException(
                Fault.NOHOST,
                "Cannot reach " + address.host() + " port " + address.port() + ": " + Visible.line(why, 100)
                        + "; check the address, and firewalls in between",
                cause);
    }
}
