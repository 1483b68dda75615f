package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.ssh.sshj.EcdsaKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownHostsTest {
    private static final SshAddress CI = new SshAddress(null, "ci.example.com", 22);
    private static final SshAddress PORT = new SshAddress(null, "ci.example.com", 2222);

    @TempDir
    static Path keys;

    @TempDir
    Path scratch;

    private static Path a;
    private static Path b;
    private static Path ecdsa;
    private final List<String> warnings = new ArrayList<>();

    @BeforeAll
    static void makeKeys() throws IOException {
        EcdsaKeys.register();
        a = Keys.make(keys, "a", "ed25519", "");
        b = Keys.make(keys, "b", "ed25519", "");
        ecdsa = Keys.make(keys, "ecdsa", "ecdsa", "");
    }

    private static PublicKey key(Path file) throws IOException {
        try {
            return new Buffer.PlainBuffer(
                            Base64.getDecoder().decode(Keys.publicKey(file).split(" ", -1)[1]))
                    .readPublicKey();
        } catch (Buffer.BufferException e) {
            throw new IOException(e);
        }
    }

    private @Nullable HostException check(String knownHosts, SshAddress address, Path shown) throws IOException {
        HostKeyCheck check = new HostKeyCheck(
                address,
                SshAccess.builder()
                        .knownHosts(knownHosts)
                        .warnings(warnings::add)
                        .build()
                        .knownHosts());
        boolean trusted = check.verify(address.host(), address.port(), key(shown));
        assertThat(trusted).isEqualTo(check.refusal() == null);
        return check.refusal();
    }

    private static String line(String names, Path key) throws IOException {
        return names + " " + Keys.publicKey(key) + "\n";
    }

    @ParameterizedTest
    @Tag("K5")
    @ValueSource(
            strings = {
                "ci.example.com",
                "CI.Example.COM",
                "*.example.com",
                "ci.example.co?",
                "other,ci.example.com",
                "*",
                "*.example.com,!old.example.com",
                "c*i*.example.*"
            })
    void namesAndPatternsAreTrusted(String names) throws IOException {
        assertThat(check(line(names, a), CI, a)).isNull();
    }

    @ParameterizedTest
    @Tag("K5")
    @ValueSource(
            strings = {
                "example.com", "ci.example.com.evil", "[ci.example.com]:2222", "*.example.com,!ci.example.com",
                "!ci.example.com,*", "!*,ci.example.com", "ci.example", "?.example.com"
            })
    void otherNamesAndNegationsAreNot(String names) throws IOException {
        assertThat(check(line(names, a), CI, a)).hasMessageContaining("is unknown");
    }

    @Test
    @Tag("K5")
    void aPortHasItsOwnNameAndMayShowTheKeyOfThePlainOne() throws IOException {
        assertThat(check(line("[ci.example.com]:2222", a), PORT, a)).isNull();
        assertThat(check(line("[*.example.com]:2222", a), PORT, a)).isNull();
        assertThat(check(line("ci.example.com", a), PORT, a)).isNull();
        assertThat(check(line("ci.example.com", a) + line("[ci.example.com]:2222", b), PORT, a))
                .hasMessageContaining("CHANGED");
    }

    @Test
    @Tag("K5")
    @Tag("R19")
    void hashedNamesAreFound() throws IOException {
        Path file = scratch.resolve("known_hosts");
        Files.writeString(file, line("ci.example.com", a) + line("[ci.example.com]:2222", b));
        Keys.call(List.of("ssh-keygen", "-Hf", file.toString()));
        assertThat(Files.readString(file)).startsWith("|1|").doesNotContain("example");
        assertThat(check(file.toString(), CI, a)).isNull();
        assertThat(check(file.toString(), PORT, b)).isNull();
        assertThat(check(file.toString(), CI, b)).hasMessageContaining("CHANGED");
        assertThat(check(file.toString(), new SshAddress(null, "else", 22), a)).hasMessageContaining("is unknown");
    }

    @Test
    @Tag("K5")
    void severalKeysOfAHostAreAllTrusted() throws IOException {
        String text = line("ci.example.com", a) + line("ci.example.com", b) + line("ci.example.com", ecdsa);
        assertThat(check(text, CI, a)).isNull();
        assertThat(check(text, CI, b)).isNull();
        assertThat(check(text, CI, ecdsa)).isNull();
    }

    @Test
    @Tag("K5")
    @Tag("R19")
    void pastedTextMayHaveOddLineEndsCommentsAndAByteOrderMark() throws IOException {
        String text = "\uFEFF# ours\r\n\r\n  " + line("ci.example.com", a).strip() + " a comment\r\nnonsense\r\n"
                + line("x", b).strip();
        assertThat(check(text, CI, a)).isNull();
        assertThat(check(line("ci.example.com", a).strip(), CI, a)).isNull();
    }

    @Test
    @Tag("K5")
    void tenMegabytesOfLinesAreSearchedQuickly() throws IOException {
        Path file = scratch.resolve("known_hosts");
        String other = line("host-that-is-not-ours.example.com", b);
        Files.writeString(file, other.repeat(10_000_000 / other.length()) + line("ci.example.com", a));
        long start = System.nanoTime();
        assertThat(check(file.toString(), CI, a)).isNull();
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    @Test
    @Tag("K5")
    void aFileThatCannotBeReadIsAnErrorAndNotEmpty() throws IOException {
        Path directory = Files.createDirectories(scratch.resolve("home/.ssh/known_hosts"));
        assertThatThrownBy(() -> check(directory.toString(), CI, a))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE))
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> SshAccess.builder()
                        .home(scratch.resolve("home"))
                        .build()
                        .knownHosts())
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> check(scratch.resolve("none").toString(), CI, a))
                .hasMessageContaining("does not exist");
    }

    @Test
    @Tag("K1")
    void anUnknownHostIsRefusedWithFingerprintAndRemedy() throws IOException {
        HostException e = check(line("other", b), PORT, a);
        assertThat(e)
                .isNotNull()
                .hasFieldOrPropertyWithValue("fault", Fault.NOPERM)
                .message()
                .contains(Keys.fingerprint(a), "ssh-keyscan -p 2222 ci.example.com", "COMPOSE_KNOWN_HOSTS")
                .doesNotContain("\n");
    }

    @Test
    @Tag("K2")
    void aChangedKeyIsRefusedWithTheLineItDiffersFrom() throws IOException {
        HostException e = check("# first\n" + line("ci.example.com", a), CI, b);
        assertThat(e)
                .isNotNull()
                .hasFieldOrPropertyWithValue("fault", Fault.NOPERM)
                .message()
                .contains("CHANGED", Keys.fingerprint(a), Keys.fingerprint(b), "known hosts:2")
                .doesNotContain("\n");
    }

    @Test
    @Tag("K3")
    void aKeyOfATypeThatIsNotKnownWhileAnotherIsWillBeRefused() throws IOException {
        assertThat(check(line("ci.example.com", a), CI, ecdsa))
                .hasMessageContaining("another type")
                .hasMessageContaining(Keys.fingerprint(ecdsa))
                .extracting("fault")
                .isEqualTo(Fault.NOPERM);
    }

    @Test
    @Tag("K3")
    void algorithmsOfKnownKeysAreOfferedFirst() throws IOException {
        HostKeyCheck check = new HostKeyCheck(
                CI,
                SshAccess.builder()
                        .knownHosts(line("ci.example.com", ecdsa))
                        .build()
                        .knownHosts());
        assertThat(check.findExistingAlgorithms("ci.example.com", 22)).containsExactly("ecdsa-sha2-nistp256");
    }

    @ParameterizedTest
    @Tag("K4")
    @CsvSource({"true, ci.example.com", "false, ci.example.com", "true, *", "false, *", "true, [ci.example.com]:2222"})
    void aRevokedKeyIsRefusedWhateverElseTrustsIt(boolean first, String names) throws IOException {
        SshAddress address = names.startsWith("[") ? PORT : CI;
        String revoked = "@revoked " + line(names, a);
        String trusted = line("ci.example.com", a) + line("[ci.example.com]:2222", a);
        assertThat(check(first ? revoked + trusted : trusted + revoked, address, a))
                .hasMessageContaining("REVOKED")
                .extracting("fault")
                .isEqualTo(Fault.NOPERM);
        assertThat(check(revoked + line("ci.example.com", b), CI, b)).isNull();
    }

    @Test
    @Tag("K4")
    void aKeyThatIsRevokedForThePlainNameIsRevokedAtEveryPort() throws IOException {
        assertThat(check("@revoked " + line("ci.example.com", a) + line("[ci.example.com]:2222", a), PORT, a))
                .hasMessageContaining("REVOKED");
    }

    @Test
    @Tag("K4")
    void aRevokedLineThatCannotBeReadStopsEverything() {
        assertThatThrownBy(() -> check("@revoked ci.example.com ssh-ed25519 AAAA!\n" + line("*", a), CI, a))
                .hasMessageContaining("cannot be read");
    }

    @Test
    void linesThatCannotBeReadAreReportedIfTheyAreAboutTheHost() throws IOException {
        assertThat(check("ci.example.com ssh-ed25519 AAAA!\nx ssh-ed25519 !\n" + line("*", a), CI, a))
                .isNull();
        assertThat(warnings).singleElement().asString().contains("known hosts:1", "cannot be read");
    }

    @Test
    @Tag("K5")
    void anAuthorityIsNotAHostKey() throws IOException {
        assertThat(check("@cert-authority " + line("*", a), CI, a)).hasMessageContaining("not signed by the known");
        assertThat(check("@something-new " + line("*", a), CI, a)).hasMessageContaining("is unknown");
    }

    @Test
    @Tag("K7")
    void aKeyMayBePinnedByItsSha256Fingerprint() throws IOException {
        assertThat(check(Keys.fingerprint(a), CI, a)).isNull();
        assertThat(check(Keys.fingerprint(b) + ", " + Keys.fingerprint(a), CI, a))
                .isNull();
        assertThat(check(Keys.fingerprint(b), CI, a))
                .hasMessageContaining("not the pinned one")
                .hasMessageContaining(Keys.fingerprint(a));
    }

    @ParameterizedTest
    @Tag("K7")
    @ValueSource(
            strings = {
                "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
                "16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
                "SHA1:47DEQpj8HBSa+/TImW+5JCeuQeR",
                "SHA256:tooshort",
                "sha512:abc"
            })
    void aWeakerFingerprintIsAMistake(String pin) {
        assertThatThrownBy(() -> check(pin, CI, a))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE))
                .hasMessageContaining("SHA256");
    }

    @Test
    @Tag("K7")
    @Tag("R19")
    void hostKeysMayBePastedInOneLine() throws IOException {
        var lines = line("ci.example.com", a) + line("other.example.com", b);
        for (var pasted : List.of(
                Base64.getEncoder().encodeToString(lines.getBytes(StandardCharsets.US_ASCII)),
                Base64.getMimeEncoder().encodeToString(lines.getBytes(StandardCharsets.US_ASCII)),
                lines.replace("\n", "\\n"),
                lines.replace("\n", "\r\n").indent(4),
                "'" + lines + "'")) {
            assertThat(check(pasted, CI, a)).isNull();
        }
    }

    @ParameterizedTest
    @Tag("K7")
    @ValueSource(strings = {"SHA256:t00sh0rt", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB"})
    void noByteOfWhatAreNoHostKeysIsInTheMessage(String wrong) {
        assertThatThrownBy(() -> check(wrong, CI, a))
                .isInstanceOf(HostException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(wrong.substring(wrong.length() - 6)));
    }

    @Test
    @Tag("K8")
    void thereIsNoWayToSwitchTheCheckOff() {
        for (Class<?> type : List.of(SshAccess.class, SshAccess.Builder.class, SshHost.class)) {
            for (var method : type.getMethods()) {
                assertThat(method.getParameterTypes())
                        .noneMatch(parameter -> parameter.getName().startsWith("net.schmizz"));
                assertThat(method.getName())
                        .doesNotContainIgnoringCase("insecure")
                        .doesNotContain("strict");
            }
        }
    }

    @Test
    void withoutAnythingGivenTheFilesOfTheUserAndTheSystemCount() throws IOException {
        Path home = Files.createDirectories(scratch.resolve("home"));
        Path system = Files.createDirectories(scratch.resolve("etc"));
        Files.createDirectories(home.resolve(".ssh"));
        Files.writeString(home.resolve(".ssh/known_hosts"), line("ci.example.com", a));
        Files.writeString(system.resolve("ssh_known_hosts"), "@revoked " + line("*", a));
        HostKeyCheck check = new HostKeyCheck(
                CI, SshAccess.builder().home(home).system(system).build().knownHosts());
        assertThat(check.verify("ci.example.com", 22, key(a))).isFalse();
        assertThat(check.refusal()).hasMessageContaining("REVOKED").hasMessageContaining("ssh_known_hosts:1");
    }
}
