package io.github.xdevops.compose.host.ssh;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.ssh.KnownHost.Mark;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/** Decides, once per connection, whether the server's key is trusted. Never asks. */
final class HostKeyCheck implements HostKeyVerifier {
    private final SshAddress address;
    private final List<String> pins;
    private final List<KnownHost> lines;
    private volatile @Nullable HostException refusal;

    HostKeyCheck(SshAddress address, KnownHosts known) {
        this.address = address;
        this.pins = known.pins();
        this.lines = known.about(address);
    }

    /** The reason of a refusal, or {@code null}. */
    @Nullable
    HostException refusal() {
        return refusal;
    }

    /** Whether a certificate can be accepted. */
    boolean certificates() {
        return lines.stream().anyMatch(line -> line.mark() == Mark.AUTHORITY);
    }

    /** The algorithms to offer first: those of the known keys. */
    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        List<String> first = new ArrayList<>();
        if (certificates()) {
            Stream.of("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")
                    .forEach(type -> first.add(type + "-cert-v01@openssh.com"));
            first.add("rsa-sha2-512-cert-v01@openssh.com");
            first.add("rsa-sha2-256-cert-v01@openssh.com");
        }
        trusted()
                .forEach(line -> first.addAll(
                        line.type().equals("ssh-rsa")
                                ? List.of("rsa-sha2-512", "rsa-sha2-256")
                                : List.of(line.type())));
        return first;
    }

    @Override
    public boolean verify(String hostname, int port, PublicKey shown) {
        try {
            check(shown);
            return true;
        } catch (HostException e) {
            refusal = e;
            return false;
        }
    }

    private void check(PublicKey shown) {
        if (shown instanceof Certificate<?> certificate) {
            byte[] authority = certificate.getSignatureKey();
            refuseRevoked(authority, "its certificate's authority");
            refuseRevoked(blob(certificate.getKey()), "its certificate's key");
            if (lines.stream().anyMatch(line -> line.mark() == Mark.AUTHORITY && line.is(authority))) {
                HostCertificate.check(certificate, address);
                return;
            }
            checkPlain(certificate.getKey());
        } else {
            checkPlain(shown);
        }
    }

    private void checkPlain(PublicKey key) {
        byte[] blob = blob(key);
        String type = KeyType.fromKey(key).toString();
        String print = Fingerprint.of(blob);
        refuseRevoked(blob, "the key");
        if (pins.contains(print) || trusted().anyMatch(line -> line.is(blob))) {
            return;
        }
        String shown = "it shows " + type + " " + print;
        if (!pins.isEmpty()) {
            throw refuse("The host key of " + address.server() + " is not the pinned one: " + shown + ", pinned is "
                    + String.join(", ", pins) + "; if the server was set up anew, check and pin again");
        }
        List<KnownHost> trusted = trusted().toList();
        List<KnownHost> same =
                trusted.stream().filter(line -> line.type().equals(type)).toList();
        if (!same.isEmpty()) {
            throw refuse("The host key of " + address.server() + " has CHANGED: " + shown + ", known is "
                    + Fingerprint.of(same.get(0).key()) + " (" + same.get(0).where()
                    + "). Somebody may be listening in. If the server was set up anew, check the fingerprint there, then"
                    + " remove that line and pin the new key");
        }
        if (!trusted.isEmpty()) {
            throw refuse("The host key of " + address.server() + " is of another type than the known ones: " + shown
                    + ", known is " + trusted.get(0).type() + " "
                    + Fingerprint.of(trusted.get(0).key()) + " ("
                    + trusted.get(0).where() + "). Somebody may be listening in. Check the fingerprint, then " + pin());
        }
        if (certificates()) {
            throw refuse("The host key of " + address.server() + " is not signed by the known authority: " + shown
                    + ". Check the fingerprint, then " + pin());
        }
        throw refuse("The host key of " + address.server() + " is unknown: " + shown
                + ". Compare it with the server's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub there), then "
                + pin());
    }

    private Stream<KnownHost> trusted() {
        return lines.stream().filter(line -> line.mark() == Mark.TRUSTED);
    }

    private void refuseRevoked(byte[] blob, String what) {
        for (KnownHost line : lines) {
            if (line.mark() == Mark.REVOKED && line.is(blob)) {
                throw refuse("The host key of " + address.server() + " is REVOKED: " + what + " "
                        + Fingerprint.of(blob) + " is revoked in " + line.where()
                        + "; do not connect until the server has a new one");
            }
        }
    }

    private String pin() {
        return "pin it: ssh-keyscan -p " + address.port() + " " + address.host()
                + " >> ~/.ssh/known_hosts (or give its output as compose.knownHosts or COMPOSE_KNOWN_HOSTS)";
    }

    private static HostException refuse(String message) {
        return new HostException(Fault.NOPERM, message);
    }

    private static byte[] blob(PublicKey key) {
        return new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
    }
}
