package io.github.xdevops.compose.host;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.host.ssh.Keys;
import io.github.xdevops.compose.host.ssh.SshAccess;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users of the plugin have no Bouncy Castle. */
class WithoutBouncyCastleTest {
    @TempDir
    Path scratch;

    private URLClassLoader classes;

    @BeforeEach
    void leaveItOut() throws MalformedURLException {
        var urls = new ArrayList<URL>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("bouncycastle")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        classes = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @AfterEach
    void close() throws IOException {
        classes.close();
    }

    @ParameterizedTest
    @CsvSource({"ed25519, OpenSSH", "ecdsa, OpenSSH", "rsa, OpenSSH", "rsa, PKCS8"})
    void lockedKeysOfTodayAreRead(String type, String format) throws IOException {
        Path key = format.equals("PKCS8")
                ? Keys.make(scratch, "key", type, "open sesame", "-m", format)
                : Keys.make(scratch, "key", type, "open sesame");
        assertThat(load(key)).isEqualTo("read");
    }

    @Test
    void aLockedKeyInTheOldPemFormatNamesTheCommandThatConvertsIt() throws IOException {
        Path key = Keys.make(scratch, "key", "rsa", "open sesame", "-m", "PEM");
        assertThat(load(key))
                .startsWith("The private key " + key + " is encrypted in the old PEM format")
                .contains("ssh-keygen -p -f FILE", "org.bouncycastle:bcpkix-jdk18on");
        Keys.call(List.of("ssh-keygen", "-p", "-f", key.toString(), "-P", "open sesame", "-N", "open sesame"));
        assertThat(load(key)).isEqualTo("read");
    }

    @Test
    void anOpenKeyInTheOldPemFormatIsRead() throws IOException {
        assertThat(load(Keys.make(scratch, "key", "rsa", "", "-m", "PEM"))).isEqualTo("read");
    }

    @Test
    void aLockedPuttyKeyNamesTheCommandThatConvertsIt() throws IOException {
        Path key = Keys.make(scratch, "key", "ed25519", "");
        Path putty = scratch.resolve("key.ppk");
        Path secret = Files.writeString(scratch.resolve("secret"), "open sesame");
        try {
            Keys.call(List.of(
                    "puttygen",
                    key.toString(),
                    "-O",
                    "private",
                    "-o",
                    putty.toString(),
                    "--new-passphrase",
                    secret.toString()));
        } catch (IOException e) {
            assumeTrue(false, "puttygen is not installed, so its keys were not checked");
        }
        assertThat(load(putty)).contains("encrypted PuTTY key of version 3", "puttygen FILE -O private-openssh-new");
    }

    /** {@code read}, or why not. */
    private String load(Path key) {
        try {
            var builder = call(classes.loadClass(SshAccess.class.getName()), null, "builder");
            builder = call(builder.getClass(), builder, "privateKey", key.toString());
            builder = call(builder.getClass(), builder, "passphrase", "open sesame");
            var access = call(builder.getClass(), builder, "build");
            var identity = ((List<?>) call(access.getClass(), access, "identities")).get(0);
            call(identity.getClass(), identity, "load");
            return "read";
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getTargetException().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the class has changed", e);
        }
    }

    private static Object call(Class<?> type, @Nullable Object target, String name, Object... arguments)
            throws ReflectiveOperationException {
        var method = Arrays.stream(type.getDeclaredMethods())
                .filter(one -> one.getName().equals(name) && one.getParameterCount() == arguments.length)
                .findFirst()
                .orElseThrow();
        method.setAccessible(true);
        return requireNonNull(method.invoke(target, arguments));
    }
}
