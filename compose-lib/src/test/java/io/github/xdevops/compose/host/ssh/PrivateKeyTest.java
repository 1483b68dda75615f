package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeyTest {
    private static final String SECRET = "öpen \"sésame\"";

    @TempDir
    Path scratch;

    private final List<String> warnings = new ArrayList<>();

    private KeyPair load(String fileOrText, @Nullable String passphrase) {
        return SshAccess.builder()
                .privateKey(fileOrText)
                .passphrase(passphrase)
                .warnings(warnings::add)
                .build()
                .identities()
                .get(0)
                .load();
    }

    private HostException refusal(String fileOrText, @Nullable String passphrase) throws IOException {
        HostException e = catchThrowableOfType(HostException.class, () -> load(fileOrText, passphrase));
        assertThat(e).isNotNull().hasNoCause();
        assertThat(e.getMessage()).doesNotContain("\n", SECRET, "wrong horse", "AAAA", "b3BlbnNzaC");
        return e;
    }

    private static String print(KeyPair pair) {
        return Fingerprint.of(
                new Buffer.PlainBuffer().putPublicKey(pair.getPublic()).getCompactData());
    }

    private Path make(String type, String bits, String format, String passphrase) throws IOException {
        List<String> options = new ArrayList<>(List.of("-m", format));
        if (!bits.equals("-")) {
            options.addAll(List.of("-b", bits));
        }
        return Keys.make(scratch, "key", type, passphrase, options.toArray(String[]::new));
    }

    private static final String FORMATS = """
            ed25519, -,    RFC4716
            ecdsa,   256,  RFC4716
            ecdsa,   384,  RFC4716
            ecdsa,   521,  RFC4716
            rsa,     2048, RFC4716
            rsa,     4096, RFC4716
            ecdsa,   256,  PKCS8
            ecdsa,   384,  PKCS8
            ecdsa,   521,  PKCS8
            rsa,     2048, PKCS8
            ecdsa,   256,  PEM
            ecdsa,   384,  PEM
            ecdsa,   521,  PEM
            rsa,     2048, PEM
            """;

    @ParameterizedTest
    @Tag("K12")
    @CsvSource(textBlock = FORMATS)
    void everyFormatOfSshKeygenIsRead(String type, String bits, String format) throws IOException {
        Path key = make(type, bits, format, "");
        assertThat(print(load(key.toString(), null))).isEqualTo(Keys.fingerprint(key));
        assertThat(print(load(key.toString(), "not needed"))).isEqualTo(Keys.fingerprint(key));
    }

    @ParameterizedTest
    @Tag("K11")
    @CsvSource(textBlock = FORMATS)
    void aLockedKeyNeedsItsPassphrase(String type, String bits, String format) throws IOException {
        String secret = format.equals("PKCS8") ? "open sesame" : SECRET;
        Path key = make(type, bits, format, secret);
        assertThat(print(load(key.toString(), secret))).isEqualTo(Keys.fingerprint(key));
        HostException wrong = refusal(key.toString(), "wrong horse");
        assertThat(wrong).hasMessageContaining("passphrase does not decrypt");
        assertThat(wrong.fault()).isEqualTo(Fault.NOPERM);
        for (String missing : new String[] {null, ""}) {
            HostException locked = refusal(key.toString(), missing);
            assertThat(locked).hasMessageContaining("is encrypted; set its passphrase");
            assertThat(locked.fault()).isEqualTo(Fault.USAGE);
        }
    }

    @Test
    @Tag("K11")
    void aPassphraseThatTheFormatCannotTakeIsNamedAsTheReason() throws IOException {
        Path key = make("ecdsa", "256", "PKCS8", "open sesame");
        assertThat(refusal(key.toString(), SECRET)).hasMessageContaining("ssh-keygen -p");
    }

    @ParameterizedTest
    @Tag("K12")
    @CsvSource({"ed25519, RFC4716", "rsa, PEM", "ecdsa, PKCS8"})
    void aPastedKeyMayHaveOddLineEnds(String type, String format) throws IOException {
        Path key = Keys.make(scratch, "key", type, "", "-m", format);
        String text = Files.readString(key);
        for (String pasted : List.of(
                text,
                text.strip(),
                text.replace("\n", "\r\n"),
                text.replace("\n", "\r\n").strip(),
                "\n  " + text,
                "\uFEFF" + text)) {
            assertThat(print(load(pasted, null))).isEqualTo(Keys.fingerprint(key));
        }
        Files.writeString(key, text.replace("\n", "\r\n").strip());
        assertThat(print(load(key.toString(), null))).isEqualTo(Keys.fingerprint(key));
    }

    @ParameterizedTest
    @Tag("K12")
    @CsvSource({"ed25519, RFC4716", "rsa, PEM", "ecdsa, PKCS8"})
    @Tag("R2")
    void aKeyMayBePastedAsPipelinesForceItOnPeople(String type, String format) throws IOException {
        Path key = Keys.make(scratch, "key", type, "", "-m", format);
        String text = Files.readString(key);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        String oneLine = Base64.getEncoder().encodeToString(bytes);
        for (String pasted : List.of(
                oneLine,
                "\"" + oneLine + "\"\n",
                Base64.getMimeEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                text.strip().replace("\n", "\\n"),
                text.replace("\n", "\\r\\n"),
                text.strip().replace('\n', ' '),
                text.indent(6),
                text.replace("\n", "\r\n").indent(2))) {
            assertThat(print(load(pasted, null))).isEqualTo(Keys.fingerprint(key));
        }
        Files.writeString(key, oneLine);
        assertThat(print(load(key.toString(), null))).isEqualTo(Keys.fingerprint(Files.writeString(key, text)));
    }

    @Test
    @Tag("K12")
    void theLinesBetweenTheFirstAndTheLastAreAKeyOfOpenSsh() throws IOException {
        Path key = Keys.make(scratch, "key", "ed25519", "");
        String body = Files.readString(key).replaceAll("-----.*-----", "").replaceAll("\\s", "");
        assertThat(print(load(body, null))).isEqualTo(Keys.fingerprint(key));
    }

    /** What is taken for a file's name may be a secret that is damaged. */
    @Test
    @Tag("K12")
    @Tag("R2")
    void noByteOfAValueThatIsNothingIsEverInAMessage() throws IOException {
        String text = Files.readString(Keys.make(scratch, "key", "rsa", ""));
        String oneLine = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
        for (String wrong : List.of(
                oneLine.substring(3),
                oneLine.substring(0, 90) + "-",
                "/" + oneLine,
                "correcthorse",
                "/no/such/file",
                "~/Pr1vate")) {
            HostException e = refusal(wrong, null);
            assertThat(e.fault()).isEqualTo(Fault.USAGE);
            for (int i = 0; i + 6 <= wrong.length(); i++) {
                assertThat(e.getMessage()).doesNotContain(wrong.substring(i, i + 6));
            }
        }
    }

    @Test
    void aTildeIsTheHomeDirectory() throws IOException {
        Path key = Keys.make(scratch, "key", "ed25519", "");
        KeyPair pair = SshAccess.builder()
                .home(scratch)
                .privateKey("~/key")
                .build()
                .identities()
                .get(0)
                .load();
        assertThat(print(pair)).isEqualTo(Keys.fingerprint(key));
    }

    @Test
    @Tag("K12")
    void aKeyThatOthersCanReadIsWarnedAbout() throws IOException {
        Path key = Keys.make(scratch, "key", "ed25519", "");
        load(key.toString(), null);
        assertThat(warnings).isEmpty();
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        load(key.toString(), null);
        assertThat(warnings).singleElement().asString().contains("Others can read", "chmod 600 " + key);
    }

    @Test
    @Tag("K12")
    void whereTheModeIsNotOursOnlyAGivenKeyMayHaveAny() throws IOException {
        Path key = Keys.make(Files.createDirectory(scratch.resolve(".ssh")), "id_ed25519", "ed25519", "");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-rw-rw-"));
        SshAccess.Builder access =
                SshAccess.builder().home(scratch).warnings(warnings::add).anyKeyMode(true);
        access.build().identities().get(0).load();
        assertThat(warnings).hasSize(1);
        access.privateKey(key.toString()).build().identities().get(0).load();
        assertThat(warnings).hasSize(1);
    }

    @Test
    @Tag("K12")
    void aPublicKeyIsToldApart() throws IOException {
        Path key = Keys.make(scratch, "key", "ed25519", "");
        assertThat(refusal(key + ".pub", null)).hasMessageContaining("is a public key");
        assertThat(refusal(Files.readString(Path.of(key + ".pub")), null)).hasMessageContaining("is a public key");
    }

    @Test
    @Tag("K12")
    void aDamagedKeySaysSoWithoutQuotingIt() throws IOException {
        Path key = Keys.make(scratch, "key", "ed25519", "");
        String text = Files.readString(key);
        for (String damaged : List.of(
                text.substring(0, text.length() / 2),
                text.replace('a', '#'),
                "-----BEGIN OPENSSH PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n")) {
            assertThat(refusal(damaged, null).fault()).isEqualTo(Fault.USAGE);
        }
    }

    @ParameterizedTest
    @Tag("K12")
    @ValueSource(strings = {"just text\nand more", "-----BEGIN CERTIFICATE-----\nAAAA\n", "/no/such/file", "a\0b"})
    void whatIsNoKeyAtAllIsAMistake(String value) throws IOException {
        assertThat(refusal(value, null).fault()).isEqualTo(Fault.USAGE);
    }

    @Test
    @Tag("K12")
    void aKeyOnAHardwareTokenIsNamedAsSuch() throws IOException {
        String body = "openssh-key-v1\0\0\0\0\4none\0\0\0\4none\0\0\0\0\0\0\0\1\0\0\0\1sk-ssh-ed25519@openssh.com";
        String text = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
                + java.util.Base64.getEncoder()
                        .encodeToString(body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                + "\n-----END OPENSSH PRIVATE KEY-----\n";
        assertThat(refusal(text, null)).hasMessageContaining("hardware token");
    }

    @Test
    @Tag("K13")
    void withoutAKeyAndAPasswordTheMessageNamesWhatIsMissing() {
        SshAccess.Builder access = SshAccess.builder().home(scratch).system(scratch);
        SshAddress nobody = new SshAddress("deploy", "192.0.2.1", 22);
        HostException none = catchThrowableOfType(
                HostException.class,
                () -> SshHost.connect(nobody, access.agent(null).build()));
        assertThat(none).hasMessageContaining("No private key").hasMessageNotContaining("agent");
        assertThat(none.fault()).isEqualTo(Fault.USAGE);
        HostException agent = catchThrowableOfType(
                HostException.class,
                () -> SshHost.connect(nobody, access.agent("/run/agent").build()));
        assertThat(agent).hasMessageContaining("ssh-agent is unsupported");
    }

    @Test
    void nothingThatHoldsASecretPrintsIt() throws IOException {
        Path key = Keys.make(scratch, "key", "ed25519", "");
        SshAccess.Builder builder = SshAccess.builder()
                .privateKey(Files.readString(key))
                .passphrase(SECRET)
                .password(SECRET);
        SshAccess access = builder.build();
        String printed = "" + builder + access + access.identities()
                + new SshConnection.Entry(access.knownHosts(), access.identities());
        assertThat(printed).doesNotContain(SECRET, "BEGIN", "b3BlbnNzaC");
    }
}
