package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PuttyTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @Tag("K12")
    @CsvSource({
        "ed25519, 2, false",
        "ed25519, 3, false",
        "ecdsa, 3, false",
        "rsa, 2, false",
        "rsa, 3, false",
        "ed25519, 2, true",
        "ed25519, 3, true",
        "rsa, 3, true"
    })
    void keysOfPuttyAreRead(String type, int version, boolean locked) throws IOException {
        Path key = Keys.make(scratch, "key", type, "");
        Path putty = scratch.resolve("key.ppk");
        List<String> words = new ArrayList<>(List.of(
                "puttygen",
                key.toString(),
                "-o",
                putty.toString(),
                "-O",
                "private",
                "--ppk-param",
                "version=" + version));
        if (locked) {
            words.addAll(List.of(
                    "--new-passphrase",
                    Files.writeString(scratch.resolve("secret"), "open sesame").toString()));
        }
        assumeTrue(installed(words), "puttygen is not installed, so its keys were not checked");
        assertThat(print(load(putty, locked ? "open sesame" : null))).isEqualTo(Keys.fingerprint(key));
        if (locked) {
            assertThatThrownBy(() -> load(putty, "wrong")).hasMessageContaining("does not decrypt");
            assertThatThrownBy(() -> load(putty, null)).hasMessageContaining("is encrypted");
        }
    }

    private static boolean installed(List<String> words) {
        try {
            Keys.call(words);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static KeyPair load(Path file, @Nullable String passphrase) {
        return SshAccess.builder()
                .privateKey(file.toString())
                .passphrase(passphrase)
                .build()
                .identities()
                .get(0)
                .load();
    }

    private static String print(KeyPair pair) {
        return Fingerprint.of(
                new Buffer.PlainBuffer().putPublicKey(pair.getPublic()).getCompactData());
    }
}
