package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Access settings for an SSH server: keys, trusted host keys, time limits. Immutable; it contains secrets and never prints them.
 * By default it uses the keys and host keys of {@code ~/.ssh}. It never asks and never writes a file.
 */
public final class SshAccess {
    private static final Pattern PUBLIC_KEY = Pattern.compile("(sk-)?(ssh|ecdsa)-\\S+ AAAA");

    private final Builder given;

    private SshAccess(Builder given) {
        this.given = given;
    }

    /** Starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Access with the keys and host keys of {@code ~/.ssh}. */
    public static SshAccess defaults() {
        return builder().build();
    }

    /** Reads the trusted host keys. */
    KnownHosts knownHosts() {
        String value = given.knownHosts;
        if (value != null) {
            var text = PastedText.knownHosts(value);
            return KnownHosts.of(
                    List.of(
                            KnownHosts.isText(text)
                                    ? TextSource.value("known hosts", text)
                                    : TextSource.file("known hosts", value, given.home)),
                    given.warnings);
        }
        return KnownHosts.of(
                Stream.of(
                                given.home.resolve(".ssh/known_hosts"),
                                given.home.resolve(".ssh/known_hosts2"),
                                given.system.resolve("ssh_known_hosts"))
                        .map(path -> TextSource.fileIfThere("known hosts", path))
                        .filter(Objects::nonNull)
                        .toList(),
                given.warnings);
    }

    /** The keys to offer, in this order; each is read when it is needed, except an explicit one. */
    List<Identity> identities() {
        List<Identity> identities = new ArrayList<>();
        String key = given.privateKey;
        if (key != null) {
            var pasted = PastedText.privateKey(key);
            TextSource text;
            if (pasted != null) {
                text = TextSource.value("private key", pasted);
            } else if (PUBLIC_KEY.matcher(key.strip()).lookingAt()) {
                throw new HostException(
                        Fault.USAGE,
                        "The value for the private key is a public key; the private one lies beside it, in the file"
                                + " without .pub");
            } else if (key.strip().indexOf('\n') >= 0) {
                text = TextSource.value("private key", key);
            } else {
                text = TextSource.file("private key", key, given.home);
                var own = PastedText.privateKey(text.text());
                text = own == null ? text : text.withText(own);
            }
            identities.add(new Identity(text, given.passphrase, given.warnings, given.anyKeyMode));
        } else if (given.password == null) {
            Stream.of("id_ed25519", "id_ecdsa", "id_rsa")
                    .map(name -> TextSource.fileIfThere(
                            "private key", given.home.resolve(".ssh").resolve(name)))
                    .filter(Objects::nonNull)
                    .forEach(text -> identities.add(new Identity(text, given.passphrase, given.warnings, false)));
        }
        return identities;
    }

    /** The bastions in order, then the address. A server without a user name uses that of the last server. */
    List<SshAddress> routeTo(SshAddress address) {
        return Stream.concat(
                        given.jumps.stream()
                                .map(jump -> new SshAddress(
                                        jump.user() == null ? address.user() : jump.user(), jump.host(), jump.port())),
                        Stream.of(address))
                .toList();
    }

    boolean jumps() {
        return !given.jumps.isEmpty();
    }

    /** Returns a copy without the password, which is for the last server only. */
    SshAccess toBastion() {
        return new Builder(given).password(null).build();
    }

    @Nullable
    String password() {
        return given.password;
    }

    /** Whether a key was set explicitly, so that an invalid one is an error and no other is tried. */
    boolean explicit() {
        return given.privateKey != null;
    }

    boolean agent() {
        return given.agent != null && !given.agent.isEmpty();
    }

    Duration connectTimeout() {
        return given.connectTimeout;
    }

    Duration keepAlive() {
        return given.keepAlive;
    }

    Consumer<String> warnings() {
        return given.warnings;
    }

    @Override
    public String toString() {
        return "SshAccess";
    }

    /** Builder of access settings; every setting is optional. */
    public static final class Builder {
        private @Nullable String privateKey;
        private @Nullable String passphrase;
        private @Nullable String password;
        private @Nullable String knownHosts;
        private List<SshAddress> jumps = List.of();
        private Duration connectTimeout = Duration.ofSeconds(30);
        private Duration keepAlive = Duration.ofSeconds(15);
        private Consumer<String> warnings = warning -> {};
        private boolean anyKeyMode;
        private Path home = Path.of(System.getProperty("user.home"));
        private Path system = Path.of("/etc/ssh");
        private @Nullable String agent = System.getenv("SSH_AUTH_SOCK");

        private Builder() {}

        private Builder(Builder other) {
            privateKey = other.privateKey;
            passphrase = other.passphrase;
            password = other.password;
            knownHosts = other.knownHosts;
            jumps = other.jumps;
            connectTimeout = other.connectTimeout;
            keepAlive = other.keepAlive;
            warnings = other.warnings;
            anyKeyMode = other.anyKeyMode;
            home = other.home;
            system = other.system;
            agent = other.agent;
        }

        /**
         * The only key to offer: a path, where {@code ~/} is the home directory, or the text of a key. The text may be one line
         * of base64, or have {@code \n} for its line ends. A blank value counts as unset, here and for all other settings.
         */
        public Builder privateKey(@Nullable String fileOrText) {
            privateKey = orNull(fileOrText);
            return this;
        }

        /** The passphrase of the private key. */
        public Builder passphrase(@Nullable String secret) {
            passphrase = secret == null || secret.isEmpty() ? null : secret;
            return this;
        }

        /** The password, tried after the explicit key. The keys of {@code ~/.ssh} are not used then. */
        public Builder password(@Nullable String secret) {
            password = secret == null || secret.isEmpty() ? null : secret;
            return this;
        }

        /**
         * The only trusted host keys: the lines of a known_hosts file, its path, or {@code SHA256:…} fingerprints separated by
         * blanks or commas.
         */
        public Builder knownHosts(@Nullable String fileOrText) {
            knownHosts = orNull(fileOrText);
            return this;
        }

        /**
         * The bastions on the path to the server, nearest first; none by default. All use the same keys, their own user or else
         * that of the server, and their host keys are checked too. None receives the password.
         */
        public Builder jumps(List<SshAddress> bastions) {
            jumps = List.copyOf(bastions);
            return this;
        }

        /** The time limit until commands can run: DNS, TCP, keys, login, retries, bastions. 30 s by default. */
        public Builder connectTimeout(Duration limit) {
            if (limit.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("A connect timeout is positive, not " + limit);
            }
            connectTimeout = limit;
            return this;
        }

        /**
         * The interval of keep-alive requests to a silent server; whole seconds, 15 by default. After three intervals without a
         * byte, the connection counts as lost.
         */
        public Builder keepAlive(Duration interval) {
            if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("A keep-alive interval is 1 s to 1 h, not " + interval);
            }
            keepAlive = interval;
            return this;
        }

        /** Receives warnings, for example about a private key that others can read. */
        public Builder warnings(Consumer<String> sink) {
            warnings = sink;
            return this;
        }

        /**
         * Whether to accept a private key file that others can read without a warning: in a pipeline's job, the runner sets its
         * mode. Off by default.
         */
        public Builder anyKeyMode(boolean accepted) {
            anyKeyMode = accepted;
            return this;
        }

        Builder home(Path directory) {
            home = directory;
            return this;
        }

        Builder system(Path directory) {
            system = directory;
            return this;
        }

        Builder agent(@Nullable String socket) {
            agent = socket;
            return this;
        }

        /** Builds the settings. */
        public SshAccess build() {
            return new SshAccess(new Builder(this));
        }

        @Override
        public String toString() {
            return "SshAccess.Builder";
        }

        private static @Nullable String orNull(@Nullable String text) {
            return text == null || text.isBlank() ? null : text;
        }
    }
}
