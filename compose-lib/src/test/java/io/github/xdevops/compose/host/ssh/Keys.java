package io.github.xdevops.compose.host.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Real keys, made by ssh-keygen and openssl. */
public final class Keys {
    private Keys() {}

    /** Makes a key pair: the private file is returned, the public one is beside it. */
    public static Path make(Path directory, String name, String type, String passphrase, String... options)
            throws IOException {
        Path file = directory.resolve(name);
        List<String> words = new ArrayList<>(
                List.of("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "test", "-f", file.toString()));
        words.addAll(List.of(options));
        call(words);
        return file;
    }

    public static String call(List<String> words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(words + ": " + said);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return said;
    }

    static String publicLine(Path key) throws IOException {
        return Files.readString(Path.of(key + ".pub")).strip();
    }

    /** {@code type base64}, without the comment. */
    static String publicKey(Path key) throws IOException {
        String[] words = publicLine(key).split(" ", -1);
        return words[0] + " " + words[1];
    }

    static String fingerprint(Path key) throws IOException {
        return call(List.of("ssh-keygen", "-lf", key + ".pub")).split(" ", -1)[1];
    }
}
