package io.github.xdevops.compose.host.ssh;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import io.github.xdevops.compose.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Consumer;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.SSHRuntimeException;
import org.jspecify.annotations.Nullable;

/** A user certificate of a key, in the file {@code KEY-cert.pub} beside it, as in OpenSSH. */
final class UserCertificate {
    private static final long USER = 1;
    private static final int LONGEST = 64 * 1024;

    private UserCertificate() {}

    /** The file beside a key, null if it does not exist. */
    static @Nullable Path beside(TextSource key) {
        Path file = key.file();
        if (file == null) {
            return null;
        }
        Path beside = Path.of(file + "-cert.pub");
        return Files.isRegularFile(beside) ? beside : null;
    }

    /** The certificate of a key; null without a usable one. A warning tells why it is not usable. */
    static @Nullable PublicKey of(TextSource key, PublicKey plain, Consumer<String> warnings) {
        Path file = beside(key);
        if (file == null) {
            return null;
        }
        try {
            if (Files.size(file) > LONGEST) {
                throw new IOException("it is larger than " + LONGEST + " bytes");
            }
            String[] words =
                    Files.readString(file, StandardCharsets.US_ASCII).strip().split("\\s+", 3);
            byte[] blob = Base64.getDecoder().decode(words.length > 1 ? words[1] : "");
            if (new Buffer.PlainBuffer(blob).readPublicKey() instanceof Certificate<?> certificate) {
                check(certificate, plain);
                return certificate;
            }
            throw new IOException("it is not a certificate");
        } catch (IOException | IllegalArgumentException | SSHRuntimeException e) {
            warnings.accept("The certificate " + Printable.line(file.toString(), 200) + " is left out: "
                    + Printable.line(e.getMessage(), 150));
            return null;
        }
    }

    private static void check(Certificate<?> certificate, PublicKey plain) throws IOException {
        if (certificate.getType() != USER) {
            throw new IOException("it is not a user's certificate");
        }
        if (!certificate.getKey().equals(plain)) {
            throw new IOException("it is for another key");
        }
        Instant end = certificate.getValidBefore().toInstant();
        if (!Instant.now().isBefore(end)) {
            throw new IOException("it expired at " + end);
        }
    }
}
