package io.github.xdevops.compose.host.ssh;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.text.Printable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import net.schmizz.sshj.common.Buffer;

/**
 * Checks a host certificate. sshj has verified the authority's signature, but it checks neither the kind of the certificate nor
 * its signature algorithm, so a user's certificate would pass.
 */
final class HostCertificate {
    private static final long HOST = 2;

    private HostCertificate() {}

    static void check(Certificate<?> certificate, SshAddress address) {
        if (certificate.getType() != HOST) {
            throw refuse(address, "it is not a host certificate");
        }
        Instant now = Instant.now();
        if (now.isBefore(certificate.getValidAfter().toInstant())) {
            throw refuse(
                    address,
                    "it is not valid before " + certificate.getValidAfter().toInstant());
        }
        if (!now.isBefore(certificate.getValidBefore().toInstant())) {
            throw refuse(
                    address, "it expired at " + certificate.getValidBefore().toInstant());
        }
        String host = address.host().toLowerCase(Locale.ROOT);
        List<String> names = certificate.getValidPrincipals();
        if (names.stream().noneMatch(name -> KnownHost.fits(name.toLowerCase(Locale.ROOT), host))) {
            throw refuse(address, "it is for " + Printable.line(String.join(", ", names), 200) + " only");
        }
        if (!certificate.getCritOptions().isEmpty()) {
            throw refuse(address, "it has options that are not understood");
        }
        if (signedWith(certificate).equals("ssh-rsa")) {
            throw refuse(address, "its authority signed it with SHA-1");
        }
    }

    private static String signedWith(Certificate<?> certificate) {
        try {
            return new Buffer.PlainBuffer(certificate.getSignature()).readString();
        } catch (Buffer.BufferException e) {
            return "ssh-rsa";
        }
    }

    private static HostException refuse(SshAddress address, String why) {
        return new HostException(
                Fault.NOPERM,
                "The host certificate of " + address.server() + " cannot be trusted: " + why
                        + "; the server's owner has to renew it");
    }
}
