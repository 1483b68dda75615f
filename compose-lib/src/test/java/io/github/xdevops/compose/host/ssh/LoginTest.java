package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.auth.keyboard.InteractiveChallenge;
import org.apache.sshd.server.auth.keyboard.KeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.PromptEntry;
import org.apache.sshd.server.auth.password.PasswordChangeRequiredException;
import org.apache.sshd.server.session.ServerSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is let in, and what is said to those who are not. */
@Timeout(60)
class LoginTest extends ThroughRelay {
    private static final String SECRET = "hüsh 'n\" $x";

    private final List<String> warnings = new ArrayList<>();

    @Override
    SshAccess.Builder access() throws IOException {
        return SshAccess.builder()
                .home(scratch)
                .knownHosts(server.knownHosts())
                .warnings(warnings::add)
                .connectTimeout(Duration.ofSeconds(10));
    }

    private void works(SshAccess.Builder access) {
        try (Host host = SshHost.connect(new SshAddress("deploy", "127.0.0.1", relay.port()), access.build())) {
            assertThat(host.run(Command.script("echo in", List.of()), line -> {})
                            .out())
                    .isEqualTo("in\n");
        }
        assertThat(relay.connections).hasValue(1);
    }

    private HostException refused(SshAccess.Builder access) {
        HostException e = catchThrowableOfType(
                HostException.class,
                () -> SshHost.connect(new SshAddress("deploy", "127.0.0.1", relay.port()), access.build()));
        assertThat(e).isNotNull();
        assertThat(e.getMessage()).doesNotContain("\n", SECRET);
        assertThat(relay.connections).hasValueLessThanOrEqualTo(1);
        return e;
    }

    @ParameterizedTest
    @Tag("K12")
    @CsvSource({"ed25519, 256", "ecdsa, 256", "ecdsa, 384", "ecdsa, 521", "rsa, 2048", "rsa, 4096"})
    void everyTypeOfKeyOpensTheDoor(String type, String bits) throws IOException {
        Path other = Keys.make(scratch, "other", type, "", "-b", bits);
        TestServer.letIn(other).accept(server.server);
        works(access().privateKey(other.toString()));
    }

    @Test
    @Tag("K11")
    void aLockedKeyOpensTheDoorWithItsPassphrase() throws IOException {
        Path locked = Keys.make(scratch, "locked", "ed25519", SECRET);
        TestServer.letIn(locked).accept(server.server);
        works(access().privateKey(Files.readString(locked)).passphrase(SECRET));
    }

    @Test
    @Tag("K11")
    void aKeyThatCannotBeOpenedIsFoundOutBeforeAnybodyIsCalled() throws IOException {
        Path locked = Keys.make(scratch, "locked", "ed25519", SECRET);
        assertThat(refused(access().privateKey(locked.toString())).fault()).isEqualTo(Fault.USAGE);
        assertThat(refused(access().privateKey(locked.toString()).passphrase("no"))
                        .fault())
                .isEqualTo(Fault.NOPERM);
        assertThat(relay.connections).hasValue(0);
    }

    @Test
    @Tag("N19")
    void aKeyThatIsNotKnownThereIsNoPermissionAndNotTriedAgain() throws IOException {
        Path wrong = Keys.make(scratch, "wrong", "ed25519", "");
        HostException e = refused(access().privateKey(wrong.toString()));
        assertThat(e.fault()).isEqualTo(Fault.NOPERM);
        assertThat(e)
                .hasMessageContaining("does not let deploy in")
                .hasMessageContaining(Keys.fingerprint(wrong))
                .hasMessageContaining("authorized_keys");
    }

    @Test
    @Tag("K12")
    void keysOfTheHomeDirectoryAreTriedInTurn() throws IOException {
        Path home = Files.createDirectories(scratch.resolve(".ssh"));
        Keys.make(home, "id_ed25519", "ed25519", "locked");
        Keys.make(home, "id_ecdsa", "ecdsa", "");
        Path rsa = Keys.make(home, "id_rsa", "rsa", "");
        TestServer.letIn(rsa).accept(server.server);
        works(access());
        assertThat(warnings).singleElement().asString().contains("id_ed25519", "is encrypted", "left out");
    }

    @Test
    @Tag("K11")
    void whenTheOnlyKeyOfTheHomeDirectoryIsLockedThatIsTheMessage() throws IOException {
        Path home = Files.createDirectories(scratch.resolve(".ssh"));
        Keys.make(home, "id_ed25519", "ed25519", "locked");
        assertThat(refused(access())).hasMessageContaining("is encrypted; set its passphrase");
    }

    @Test
    @Tag("N19")
    void tooManyFailuresAreNoPermission() throws IOException {
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server.server, 1);
        Path wrong = Keys.make(scratch, "wrong", "rsa", "");
        assertThat(refused(access().privateKey(wrong.toString())).fault()).isEqualTo(Fault.NOPERM);
    }

    @ParameterizedTest
    @CsvSource({"ed25519, ed25519", "ecdsa, ed25519", "rsa, ed25519", "ed25519, ecdsa", "ed25519, rsa"})
    @Tag("K12")
    void aCertificateBesideTheKeyOpensTheDoor(String type, String authorityType) throws IOException {
        Path other = Keys.make(scratch, "other", type, "");
        Path authority = Keys.make(scratch, "ca", authorityType, "");
        String trusted = Keys.fingerprint(authority);
        sign(authority, other, "-n", "deploy", "-V", "-1h:+1h");
        List<String> shown = new ArrayList<>();
        server.server.setSignatureFactories(List.copyOf(BuiltinSignatures.VALUES));
        server.server.setPublickeyAuthenticator((user, offered, session) -> {
            shown.add(KeyUtils.getKeyType(offered));
            return offered instanceof OpenSshCertificate certificate
                    && KeyUtils.getFingerPrint(certificate.getCaPubKey()).equals(trusted);
        });
        works(access().privateKey(other.toString()));
        assertThat(shown).isNotEmpty().allMatch(kind -> kind.contains("-cert-v01@openssh.com"));
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "-n deploy -V -2h:-1h, expired at",
        "-h -n deploy, is not a user's certificate",
        "-n somebody -V -1h:+1h, ''",
    })
    @Tag("K12")
    void withoutAFittingCertificateThePlainKeyOpensTheDoor(String options, String warning) throws IOException {
        Path authority = Keys.make(scratch, "ca", "ed25519", "");
        sign(authority, key, options.split(" ", -1));
        works(access().privateKey(key.toString()));
        if (warning.isEmpty()) {
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings).singleElement().asString().contains("id-cert.pub is left out", warning);
        }
    }

    @Test
    @Tag("K12")
    void aCertificateOfAnotherKeyOrWhatIsNoneIsLeftOut() throws IOException {
        Path beside = Path.of(key + "-cert.pub");
        Path other = Keys.make(scratch, "other", "ed25519", "");
        sign(Keys.make(scratch, "ca", "ed25519", ""), other, "-n", "deploy");
        for (String text : List.of(
                Files.readString(Path.of(other + "-cert.pub")),
                Keys.publicLine(key),
                "ssh-ed25519-cert-v01@openssh.com AAAA",
                "?",
                "")) {
            warnings.clear();
            Files.writeString(beside, text);
            try (Host host = SshHost.connect(
                    server.address(), access().privateKey(key.toString()).build())) {
                assertThat(host.address()).startsWith("deploy@");
            }
            assertThat(warnings).singleElement().asString().contains("id-cert.pub is left out");
        }
    }

    private static void sign(Path authority, Path signed, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("ssh-keygen", "-q", "-s", authority.toString(), "-I", "test"));
        words.addAll(List.of(options));
        words.add(signed + ".pub");
        Keys.call(words);
    }

    @Test
    @Tag("K14")
    void aPasswordOpensTheDoor() throws IOException {
        server.server.setPasswordAuthenticator((user, password, session) -> password.equals(SECRET));
        works(access().password(SECRET));
    }

    @Test
    @Tag("K14")
    void aWrongPasswordIsNoPermissionAndSentOnce() throws IOException {
        List<String> seen = new ArrayList<>();
        server.server.setKeyboardInteractiveAuthenticator(null);
        server.server.setPasswordAuthenticator((user, password, session) -> !seen.add(password));
        assertThat(refused(access().password("wrong")).fault()).isEqualTo(Fault.NOPERM);
        assertThat(seen).containsExactly("wrong");
    }

    @Test
    @Tag("K14")
    void keyboardInteractiveGetsThePassword() throws IOException {
        server.server.setKeyboardInteractiveAuthenticator(new Quiz(List.of("Password: ")));
        works(access().password(SECRET));
    }

    @Test
    @Tag("K14")
    void aSecondQuestionIsNoPermissionAndNamed() throws IOException {
        server.server.setKeyboardInteractiveAuthenticator(new Quiz(List.of("Password: ", "Token\u001b[31m: ")));
        HostException e = refused(access().password(SECRET));
        assertThat(e.fault()).isEqualTo(Fault.NOPERM);
        assertThat(e).hasMessageContaining("it asks \"Token: \"");
    }

    @Test
    @Tag("K14")
    void aPasswordThatMustBeChangedIsNoPermission() throws IOException {
        server.server.setPasswordAuthenticator((user, password, session) -> {
            throw new PasswordChangeRequiredException("expired", "New password: ", "en");
        });
        HostException e = refused(access().password(SECRET));
        assertThat(e.fault()).isEqualTo(Fault.NOPERM);
        assertThat(e).hasMessageContaining("requires a new password");
    }

    @Test
    @Tag("K14")
    void aServerMayWantAKeyAndAPassword() throws IOException {
        CoreModuleProperties.AUTH_METHODS.set(server.server, "publickey,password");
        server.server.setPasswordAuthenticator((user, password, session) -> password.equals(SECRET));
        works(access().privateKey(key.toString()).password(SECRET));
    }

    /** Asks hidden questions; the answer to all of them is the secret. */
    private record Quiz(List<String> questions) implements KeyboardInteractiveAuthenticator {
        @Override
        public InteractiveChallenge generateChallenge(
                ServerSession session, String username, String lang, String subMethods) {
            InteractiveChallenge challenge = new InteractiveChallenge();
            challenge.setInteractionName("");
            challenge.setInteractionInstruction("");
            challenge.setLanguageTag("");
            for (String question : questions) {
                challenge.addPrompt(new PromptEntry(question, false));
            }
            return challenge;
        }

        @Override
        public boolean authenticate(ServerSession session, String username, List<String> responses) {
            return responses.stream().allMatch(SECRET::equals);
        }
    }
}
