package io.github.xdevops.compose.host.ssh;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import com.hierynomus.sshj.userauth.keyprovider.OpenSSHKeyV1KeyFile;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.ssh.sshj.EcdsaKeys;
import io.github.xdevops.compose.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Set;
import java.util.function.Consumer;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.userauth.keyprovider.FileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.PKCS8KeyFile;
import net.schmizz.sshj.userauth.keyprovider.PuTTYKeyFile;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/** A private key to offer to a server, with or without passphrase. */
final class Identity {
    private static final String ADD_BOUNCY_CASTLE =
            "add org.bouncycastle:bcpkix-jdk18on to the plugin's (or the program's) dependencies";

    private final TextSource given;
    private final @Nullable String passphrase;
    private final Consumer<String> warnings;
    private final boolean anyMode;
    private @Nullable KeyPair loaded;

    Identity(TextSource given, @Nullable String passphrase, Consumer<String> warnings, boolean anyMode) {
        this.given = given;
        this.passphrase = passphrase;
        this.warnings = warnings;
        this.anyMode = anyMode;
    }

    /** The origin of the key, for people. */
    String label() {
        return Printable.line(given.label(), 200);
    }

    /**
     * Reads and decrypts the key at the first call.
     *
     * @throws HostException {@code USAGE} if the key is invalid, {@code NOPERM} if the passphrase is wrong
     */
    synchronized KeyPair load() {
        if (loaded == null) {
            warnIfOthersCanRead();
            loaded = read();
        }
        return loaded;
    }

    /** Whether a certificate file is beside the key. */
    boolean certified() {
        return UserCertificate.beside(given) != null;
    }

    /** The certificate of the key; null without a usable one. */
    @Nullable
    KeyPair certificate() {
        KeyPair plain = load();
        PublicKey certificate = UserCertificate.of(given, plain.getPublic(), warnings);
        return certificate == null ? null : new KeyPair(certificate, plain.getPrivate());
    }

    private KeyPair read() {
        EcdsaKeys.register();
        FileKeyProvider reader = reader();
        boolean locked = locked();
        if (locked && passphrase == null) {
            throw new HostException(
                    Fault.USAGE, "The private key " + label() + " is encrypted; set its passphrase too");
        }
        if (locked) {
            requireBouncyCastle();
        }
        try {
            reader.init(given.text(), null, locked ? new Passphrase(secret()) : null);
            return new KeyPair(reader.getPublic(), reader.getPrivate());
        } catch (HostException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw refused(locked, e);
        }
    }

    /** Requires BouncyCastle for an encrypted PEM file: without it, sshj treats the file as unencrypted and fails to parse it. */
    private void requireBouncyCastle() {
        if (given.text().startsWith("PuTTY-User-Key-File-3") && isMissing("crypto.generators.Argon2BytesGenerator")) {
            throw new HostException(
                    Fault.USAGE,
                    "The private key " + label()
                            + " is an encrypted PuTTY key of version 3. Convert it with: puttygen FILE -O"
                            + " private-openssh-new -o NEW-FILE. Or " + ADD_BOUNCY_CASTLE);
        }
        if (given.text().contains("\nProc-Type:") && isMissing("openssl.PEMParser")) {
            throw new HostException(
                    Fault.USAGE,
                    "The private key " + label()
                            + " is encrypted in the old PEM format (Proc-Type: 4,ENCRYPTED). Convert it"
                            + " with: ssh-keygen -p -f FILE. Or " + ADD_BOUNCY_CASTLE);
        }
    }

    private static boolean isMissing(String name) {
        try {
            Class.forName("org.bouncycastle." + name, false, Identity.class.getClassLoader());
            return false;
        } catch (ClassNotFoundException e) {
            return true;
        }
    }

    /** The passphrase in the encoding of the key's format; formats differ for non-ASCII letters. */
    private @Nullable String secret() {
        String secret = passphrase;
        if (secret == null || secret.chars().allMatch(c -> c < 128)) {
            return secret;
        }
        if (given.text().startsWith("-----BEGIN ENCRYPTED")) {
            throw new HostException(
                    Fault.USAGE,
                    "The private key " + label()
                            + " is a PKCS#8 file, where a passphrase can only be ASCII; give the key"
                            + " OpenSSH's own form with: ssh-keygen -p -f FILE");
        }
        boolean bytes = given.text().contains("\nProc-Type:");
        return bytes ? new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1) : secret;
    }

    private HostException refused(boolean locked, Exception e) {
        // No cause: a parser's message may quote the key.
        boolean unlocking = e instanceof KeyDecryptionFailedException || e instanceof SSHRuntimeException;
        if (locked && (unlocking || !given.text().contains("OPENSSH"))) {
            return new HostException(Fault.NOPERM, "The passphrase does not decrypt the private key " + label());
        }
        return new HostException(
                Fault.USAGE,
                "The private key " + label() + " is damaged or of a kind that is not supported; ed25519, ecdsa and rsa"
                        + " keys of ssh-keygen are. Check it with: ssh-keygen -y -f FILE");
    }

    private FileKeyProvider reader() {
        String text = given.text();
        if (text.startsWith("-----BEGIN OPENSSH PRIVATE KEY-----")) {
            if (contains("sk-ssh-ed25519@openssh.com") || contains("sk-ecdsa-sha2-nistp256@openssh.com")) {
                throw new HostException(
                        Fault.USAGE,
                        "The private key " + label() + " is on a hardware token, which is not supported; use a key"
                                + " made by: ssh-keygen -t ed25519");
            }
            return new OpenSSHKeyV1KeyFile();
        }
        if (text.startsWith("-----BEGIN ")
                && text.lines().findFirst().orElse("").endsWith("PRIVATE KEY-----")) {
            return new PKCS8KeyFile();
        }
        if (text.startsWith("PuTTY-User-Key-File-")) {
            return new PuTTYKeyFile();
        }
        boolean open = text.startsWith("ssh-") || text.startsWith("ecdsa-") || text.startsWith("sk-");
        throw new HostException(
                Fault.USAGE,
                open
                        ? "The private key " + label()
                                + " is a public key or a certificate; give the private key's file, which has no"
                                + " .pub at its end"
                        : "The private key " + label() + " is not a private key: it does not begin with -----BEGIN …"
                                + " PRIVATE KEY-----");
    }

    private boolean locked() {
        String text = given.text();
        if (text.startsWith("PuTTY")) {
            return text.lines().noneMatch("Encryption: none"::equals);
        }
        return text.startsWith("-----BEGIN ENCRYPTED")
                || text.contains("\nProc-Type: 4,ENCRYPTED")
                || (text.startsWith("-----BEGIN OPENSSH") && !contains("\0\0\0\4none\0\0\0\4none"));
    }

    /** Whether the binary form of an OpenSSH key contains this text. */
    private boolean contains(String bytes) {
        StringBuilder body = new StringBuilder();
        given.text().lines().filter(line -> !line.startsWith("-----")).forEach(body::append);
        try {
            byte[] decoded = Base64.getMimeDecoder().decode(body.toString());
            return new String(decoded, StandardCharsets.ISO_8859_1).contains(bytes);
        } catch (IllegalArgumentException e) {
            return true; // damaged; the reader will say so
        }
    }

    private void warnIfOthersCanRead() {
        Path file = given.file();
        if (file == null || anyMode) {
            return;
        }
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (mode.contains(PosixFilePermission.GROUP_READ) || mode.contains(PosixFilePermission.OTHERS_READ)) {
                warnings.accept("Others can read the private key " + label() + " ("
                        + PosixFilePermissions.toString(mode) + "); run: chmod 600 " + label());
            }
        } catch (IOException | UnsupportedOperationException e) {
            // A file system without modes has none to warn about.
        }
    }

    /** Shows the label only: a key is never printed. */
    @Override
    public String toString() {
        return label();
    }

    private record Passphrase(@Nullable String secret) implements PasswordFinder {
        @Override
        public char[] reqPassword(@Nullable Resource<?> resource) {
            return secret == null ? new char[0] : secret.toCharArray();
        }

        @Override
        public boolean shouldRetry(@Nullable Resource<?> resource) {
            return false;
        }

        @Override
        public String toString() {
            return "Passphrase";
        }
    }
}
