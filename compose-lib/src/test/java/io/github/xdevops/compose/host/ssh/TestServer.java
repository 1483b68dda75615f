package io.github.xdevops.compose.host.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.function.Consumer;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.loader.openssh.OpenSSHKeyPairResourceParser;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;

/** A real SSH server in this process; it runs commands with a real shell, as the user who runs the tests. */
final class TestServer implements AutoCloseable {
    final SshServer server;
    final Path hostKey;

    private TestServer(SshServer server, Path hostKey) {
        this.server = server;
        this.hostKey = hostKey;
    }

    static TestServer start(Path directory, Consumer<SshServer> setup) throws IOException {
        return with(Keys.make(directory, "host_ed25519", "ed25519", ""), setup);
    }

    static TestServer with(Path hostKey, Consumer<SshServer> setup) throws IOException {
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(load(hostKey)));
        server.setCommandFactory(ShellCommand::new);
        server.setPasswordAuthenticator(
                (user, password, session) -> false); // the server only asks for what it had at start
        setup.accept(server);
        server.start();
        return new TestServer(server, hostKey);
    }

    /** A setup that lets in whoever has this key. */
    static Consumer<SshServer> letIn(Path key) {
        return server -> server.setPublickeyAuthenticator((user, shown, session) -> same(key, shown));
    }

    private static boolean same(Path key, java.security.PublicKey shown) {
        try {
            return org.apache.sshd.common.config.keys.KeyUtils.compareKeys(
                    AuthorizedKeyEntry.parseAuthorizedKeyEntry(Keys.publicLine(key))
                            .resolvePublicKey(null, null),
                    shown);
        } catch (IOException | java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<KeyPair> load(Path key) throws IOException {
        try {
            return List.copyOf(
                    OpenSSHKeyPairResourceParser.INSTANCE.loadKeyPairs(null, key, FilePasswordProvider.EMPTY));
        } catch (java.security.GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    static List<KeyPair> loaded(Path key) {
        try {
            return load(key);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    SshAddress address() {
        return new SshAddress("deploy", "127.0.0.1", port());
    }

    /** The line that trusts this server, at any port. */
    String knownHosts() throws IOException {
        return "127.0.0.1,[127.0.0.1]:* " + Keys.publicKey(hostKey) + "\n";
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
