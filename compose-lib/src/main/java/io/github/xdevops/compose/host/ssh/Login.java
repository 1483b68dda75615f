package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.ssh.sshj.InteractivePasswordAuth;
import io.github.xdevops.compose.host.ssh.sshj.PasswordAuth;
import io.github.xdevops.compose.text.Printable;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyPairWrapper;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import org.jspecify.annotations.Nullable;

/** Offers keys and password to a server until one is accepted; fails if none is. */
final class Login {
    private final SSHClient client;
    private final SshAddress address;
    private final SshAccess access;
    private final List<String> tried = new ArrayList<>();

    Login(SSHClient client, SshAddress address, SshAccess access) {
        this.client = client;
        this.address = address;
        this.access = access;
    }

    void enter(List<Identity> identities) {
        HostException unusable = null;
        for (Identity identity : identities) {
            KeyPair pair;
            try {
                pair = identity.load();
            } catch (HostException e) {
                unusable = e;
                if (access.explicit()) {
                    throw e;
                }
                access.warnings().accept(e.getMessage() + "; it is left out");
                continue;
            }
            String print = Fingerprint.of(
                    new Buffer.PlainBuffer().putPublicKey(pair.getPublic()).getCompactData());
            KeyPair certificate = identity.certificate();
            if (certificate != null) {
                tried.add("certificate of " + identity);
                if (letsIn(new AuthPublickey(new KeyPairWrapper(certificate)))) {
                    return;
                }
            }
            tried.add("key " + identity + " " + print);
            if (letsIn(new AuthPublickey(new KeyPairWrapper(pair)))) {
                return;
            }
        }
        String password = access.password();
        if (password != null) {
            tried.add("password");
            if (letsIn(new PasswordAuth(password)) || letsIn(new InteractivePasswordAuth(password))) {
                return;
            }
        }
        if (tried.isEmpty() && unusable != null) {
            throw unusable;
        }
        throw refused(null);
    }

    private boolean letsIn(AuthMethod method) {
        Collection<String> allowed = client.getUserAuth().getAllowedMethods();
        if (!allowed.isEmpty() && !allowed.contains(method.getName())) {
            return false;
        }
        try {
            client.auth(address.login(), method);
            return true;
        } catch (UserAuthException e) {
            // A refusal has no cause. Anything else is wrapped the same way, a lost connection included.
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof PasswordAuth.Unanswerable) {
                    throw refused(cause.getMessage());
                }
                if (cause instanceof TransportException || cause instanceof TimeoutException) {
                    throw lost(cause);
                }
            }
            return false;
        } catch (TransportException | SSHRuntimeException e) {
            throw lost(e);
        }
    }

    private HostException lost(Throwable e) {
        boolean counted = String.valueOf(e.getMessage()).contains("Too many authentication failures");
        if (e instanceof TransportException transport) {
            counted |= transport.getDisconnectReason() == DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE;
        }
        return counted
                ? refused("it allows no further attempt")
                : new HostException(
                        Fault.PROTO,
                        address.server() + " broke off while " + address.login() + " was logging in: "
                                + Printable.line(e.getMessage(), 150)
                                + "; try again, and look into the server's SSH log",
                        e);
    }

    private HostException refused(@Nullable String why) {
        String user = Printable.line(address.login(), 60);
        String allowed = Printable.line(String.join(", ", client.getUserAuth().getAllowedMethods()), 80);
        return new HostException(
                Fault.NOPERM,
                address.server() + " does not let " + user + " in" + (why == null ? "" : " (" + why + ")") + ": tried "
                        + String.join(", ", tried) + "; it accepts " + (allowed.isEmpty() ? "nothing" : allowed)
                        + ". Check the user, and that the public key is in ~/.ssh/authorized_keys there; repeated attempts"
                        + " may be locked out for a while");
    }
}
