package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A shell program made of parts, which are resources in a directory of the base package. */
public final class ScriptText {
    private ScriptText() {}

    /**
     * Concatenates the parts in the order of the file {@code parts}. A part that is not shell becomes a function that prints it:
     * {@code gate/judge.awk} becomes {@code judge_awk}.
     *
     * @param directory {@code server}, {@code provision}, {@code doctor}, {@code backup} or {@code pages}
     */
    public static byte[] of(String directory) {
        var whole = new StringBuilder();
        resource(directory + "/parts").lines().forEach(part -> whole.append(part(directory, part)));
        return whole.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** One part, as {@link #of} joins them; with a slash first, it is of another directory. */
    private static String part(String directory, String part) {
        if (part.startsWith("/")) {
            var end = part.indexOf('/', 1);
            return part(part.substring(1, end), part.substring(end + 1));
        }
        return part.contains(".")
                ? printing(
                        part.substring(part.lastIndexOf('/') + 1).replace('.', '_'),
                        part,
                        resource(directory + "/" + part))
                : resource(directory + "/" + part + ".sh");
    }

    /**
     * Makes a shell function that prints a text.
     *
     * @param part the name of the text; no line of the text is {@code END OF part}
     * @param text ends with a line break
     */
    public static String printing(String function, String part, String text) {
        var mark = "END OF " + part;
        // The quotes of the mark keep the shell from looking into the text.
        return function + "() {\n  cat <<'" + mark + "'\n" + text + mark + "\n}\n";
    }

    /** A text of the library, by its path below {@code io/github/xdevops/compose}. */
    public static String resource(String resource) {
        try (var in = ComposeException.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
