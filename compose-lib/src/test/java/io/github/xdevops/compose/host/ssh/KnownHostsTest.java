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
    void names_and_patterns_are_trusted_K5(String names) throws IOException {
        assertThat(check(line(names, a), CI, a)).isNull();
    }

    @ParameterizedTest
    @Tag("K5")
    @ValueSource(
            strings = {
                "example.com", "ci.example.com.evil", "[ci.example.com]:2222", "*.example.com,!ci.example.com",
                "!ci.example.com,*", "!*,ci.example.com", "ci.example", "?.example.com"
            })
    void other_names_and_negations_are_not_K5(String names) throws IOException {
        assertThat(check(line(names, a), CI, a)).hasMessageContaining("is unknown");
    }

    @Test
    @Tag("K5")
    void a_port_has_its_own_name_and_may_show_the_key_of_the_plain_one_K5() throws IOException {
        assertThat(check(line("[ci.example.com]:2222", a), PORT, a)).isNull();
        assertThat(check(line("[*.example.com]:2222", a), PORT, a)).isNull();
        assertThat(check(line("ci.example.com", a), PORT, a)).isNull();
        assertThat(check(line("ci.example.com", a) + line("[ci.example.com]:2222", b), PORT, a))
                .hasMessageContaining("CHANGED");
    }

    @Test
    @Tag("K5")
    void hashed_names_are_found_K5() throws IOException {
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
    void several_keys_of_a_host_are_all_trusted_K5() throws IOException {
        String text = line("ci.example.com", a) + line("ci.example.com", b) + line("ci.example.com", ecdsa);
        assertThat(check(text, CI, a)).isNull();
        assertThat(check(text, CI, b)).isNull();
        assertThat(check(text, CI, ecdsa)).isNull();
    }

    @Test
    @Tag("K5")
    void pasted_text_may_have_odd_line_ends_comments_and_a_byte_order_mark_K5() throws IOException {
        String text = "\uFEFF# ours\r\n\r\n  " + line("ci.example.com", a).strip() + " a comment\r\nnonsense\r\n"
                + line("x", b).strip();
        assertThat(check(text, CI, a)).isNull();
        assertThat(check(line("ci.example.com", a).strip(), CI, a)).isNull();
    }

    @Test
    @Tag("K5")
    void ten_megabytes_of_lines_are_searched_quickly_K5() throws IOException {
        Path file = scratch.resolve("known_hosts");
        String other = line("host-that-is-not-ours.example.com", b);
        Files.writeString(file, other.repeat(10_000_000 / other.length()) + line("ci.example.com", a));
        long start = System.nanoTime();
        assertThat(check(file.toString(), CI, a)).isNull();
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    @Test
    @Tag("K5")
    void a_file_that_cannot_be_read_is_an_error_and_not_empty_K5() throws IOException {
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
    void an_unknown_host_is_refused_with_fingerprint_and_remedy_K1() throws IOException {
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
    void a_changed_key_is_refused_with_the_line_it_differs_from_K2() throws IOException {
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
    void a_key_of_a_type_that_is_not_known_while_another_is_will_be_refused_K3() throws IOException {
        assertThat(check(line("ci.example.com", a), CI, ecdsa))
                .hasMessageContaining("another type")
                .hasMessageContaining(Keys.fingerprint(ecdsa))
                .extracting("fault")
                .isEqualTo(Fault.NOPERM);
    }

    @Test
    @Tag("K3")
    void algorithms_of_known_keys_are_offered_first_K3() throws IOException {
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
    void a_revoked_key_is_refused_whatever_else_trusts_it_K4(boolean first, String names) throws IOException {
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
    void a_key_that_is_revoked_for_the_plain_name_is_revoked_at_every_port_K4() throws IOException {
        assertThat(check("@revoked " + line("ci.example.com", a) + line("[ci.example.com]:2222", a), PORT, a))
                .hasMessageContaining("REVOKED");
    }

    @Test
    @Tag("K4")
    void a_revoked_line_that_cannot_be_read_stops_everything_K4() {
        assertThatThrownBy(() -> check("@revoked ci.example.com ssh-ed25519 AAAA!\n" + line("*", a), CI, a))
                .hasMessageContaining("cannot be read");
    }

    @Test
    void lines_that_cannot_be_read_are_reported_if_they_are_about_the_host() throws IOException {
        assertThat(check("ci.example.com ssh-ed25519 AAAA!\nx ssh-ed25519 !\n" + line("*", a), CI, a))
                .isNull();
        assertThat(warnings).singleElement().asString().contains("known hosts:1", "cannot be read");
    }

    @Test
    @Tag("K5")
    void an_authority_is_not_a_host_key_K5() throws IOException {
        assertThat(check("@cert-authority " + line("*", a), CI, a)).hasMessageContaining("not signed by the known");
        assertThat(check("@something-new " + line("*", a), CI, a)).hasMessageContaining("is unknown");
    }

    @Test
    @Tag("K7")
    void a_key_may_be_pinned_by_its_sha256_fingerprint_K7() throws IOException {
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
    void a_weaker_fingerprint_is_a_mistake_K7(String pin) {
        assertThatThrownBy(() -> check(pin, CI, a))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE))
                .hasMessageContaining("SHA256");
    }

    @Test
    @Tag("K7")
    void hostKeysMayBePastedInOneLine() throws IOException {
        var lines = line("ci.example.com", a) + line("other.example.com", b);
        for (var pasted : List.of(
                Base64.getEncoder().encodeToString(lines.getBytes(StandardCharsets.US_ASCII)),
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
    void there_is_no_way_to_switch_the_check_off_K8() {
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
    void without_anything_given_the_files_of_the_user_and_the_system_count() throws IOException {
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
