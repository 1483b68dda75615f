package io.github.xdevops.compose.host;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A command: shell text, the bytes of its standard input, and its time limit.
 *
 * @param text read by the login shell: a constant script and quoted arguments, see {@link #script}. At most 120,000 bytes, which
 *     every system takes as one argument; larger things go to standard input
 * @param stdin may be empty; copied in and out
 * @param deadline counted from the call of {@link Host#run}, positive
 */
@SuppressWarnings("ArrayRecordComponent") // equals, hashCode and toString below look into the array
public record Command(String text, byte[] stdin, Duration deadline) {
    /** The default time limit. */
    public static final Duration DEADLINE = Duration.ofMinutes(2);

    private static final int LIMIT = 120_000;

    /** Words that no shell changes. zsh expands a leading {@code =}, fish a leading {@code %}. */
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9._:/@+,-][A-Za-z0-9._:/=@%+,-]*");

    /** Checks the text and copies the bytes. */
    public Command {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("A command cannot contain a NUL character");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("A command cannot contain half of a surrogate pair");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > LIMIT) {
            throw new IllegalArgumentException(
                    "A command is at most " + LIMIT + " bytes long; send the rest to its standard input");
        }
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("A deadline is positive, not " + deadline);
        }
        stdin = stdin.clone();
    }

    /**
     * A POSIX shell script with arguments, independent of the login shell: {@code exec /bin/sh -c '…' compose arguments}.
     *
     * @param constant the script. It is a constant without data and without single quotes
     * @param arguments the script's arguments {@code $1}, {@code $2} …, byte for byte
     */
    public static Command script(String constant, List<String> arguments) {
        if (constant.indexOf('\'') >= 0) {
            throw new IllegalArgumentException("A script must not contain a single quote");
        }
        StringBuilder text =
                new StringBuilder("exec /bin/sh -c ").append(quote(constant)).append(" compose");
        arguments.forEach(argument -> text.append(' ').append(quote(argument)));
        return new Command(text.toString(), new byte[0], DEADLINE);
    }

    /** Returns a copy with other bytes on its standard input. */
    public Command withStdin(byte[] bytes) {
        return new Command(text, bytes, deadline);
    }

    /** Returns a copy with another time limit. */
    public Command withDeadline(Duration limit) {
        return new Command(text, stdin, limit);
    }

    /** A copy of the bytes on standard input. */
    @Override
    public byte[] stdin() {
        return stdin.clone();
    }

    /** The bytes without a copy: a bundle can have many megabytes. */
    byte[] input() {
        return stdin;
    }

    /**
     * Quotes one word for every shell. Backslashes stay outside of the quotes: between single quotes they are literal in POSIX
     * shells but not in fish.
     */
    static String quote(String word) {
        if (BARE.matcher(word).matches()) {
            return word;
        }
        StringBuilder quoted = new StringBuilder("'");
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            quoted.append(c == '\'' ? "'\\''" : c == '\\' ? "'\\\\'" : String.valueOf(c));
        }
        return quoted.append('\'').toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Command that
                && text.equals(that.text)
                && Arrays.equals(stdin, that.stdin)
                && deadline.equals(that.deadline);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, Arrays.hashCode(stdin), deadline);
    }

    /** Shows sizes only: arguments and input are not for logs. */
    @Override
    public String toString() {
        return "Command[" + text.length() + " characters, " + stdin.length + " bytes of input, within " + deadline
                + "]";
    }
}
