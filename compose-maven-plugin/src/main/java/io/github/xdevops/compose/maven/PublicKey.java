package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;

/** The file of {@code compose.gate.key}. */
final class PublicKey {
    private PublicKey() {}

    /**
     * Reads the only line of the file.
     *
     * @throws ComposeException {@code USAGE} if it cannot be read, or is not a public key of OpenSSH
     */
    static String read(File file) {
        try {
            var line = Files.readString(file.toPath()).strip();
            if (!line.matches("(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\\r\\n]*)?")) {
                throw new ComposeException(
                        Outcome.USAGE, "compose.gate.key = " + file + " is not a public key of OpenSSH");
            }
            return line;
        } catch (IOException e) {
            throw new ComposeException(
                    Outcome.USAGE, "compose.gate.key = " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
