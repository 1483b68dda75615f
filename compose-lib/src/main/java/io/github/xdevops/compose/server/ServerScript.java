package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.secret.Redaction;
import io.github.xdevops.compose.text.Printable;
import io.github.xdevops.compose.text.Sha256;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Runs verbs of the script on the server. If the script is missing, it is installed under the name of its own hash. So each call
 * is one remote command, and clients of different versions do not disturb each other.
 */
public final class ServerScript {
    private static final int MISSING = 91;
    private static final String RUN = "test -s \"$1\" || exit 91; exec /bin/sh \"$@\"";
    /** On one line, because csh does not allow line breaks between quotes. */
    private static final String INSTALL = "umask 077; mkdir -p \"${1%/*}\" && cat > \"$1.$$\""
            + " && [ \"$(sha256sum < \"$1.$$\" | cut -c 1-64)\" = \"$2\" ] && sync \"$1.$$\""
            + " && mv -f \"$1.$$\" \"$1\" && { sync \"${1%/*}\" || sync; } && exit 0;"
            + " rm -f \"$1.$$\"; exit 74";

    private static final String ANOTHER_LOGIN = "deploy as a user with a shell such as /bin/sh";
    private static final byte[] TEXT = text();
    private static final String HASH = Sha256.hex(TEXT);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Host host;
    private final String state;
    private final Redaction redaction;
    private final UnaryOperator<String> fit;

    ServerScript(Host host, String stateDirectory) {
        this(host, stateDirectory, Redaction.NONE, Printable::line);
    }

    private ServerScript(Host host, String stateDirectory, Redaction redaction, UnaryOperator<String> fit) {
        this.host = host;
        this.redaction = redaction;
        this.fit = fit;
        // Commands start in the home directory.
        this.state = stateDirectory.startsWith("~/") ? stateDirectory.substring(2) : stateDirectory;
        if (state.isEmpty() || state.startsWith("-") || state.matches("(?s).*[\\x00-\\x1f\\x7f].*")) {
            throw ComposeException.usage("The state directory `" + stateDirectory + "` is invalid");
        }
    }

    /** Returns a copy that removes secrets from all replies. */
    ServerScript hiding(Redaction secrets) {
        return new ServerScript(host, state, secrets, fit);
    }

    /** Returns a copy that does not cut long lines of other programs. */
    ServerScript inFull() {
        return new ServerScript(host, state, redaction, Printable::text);
    }

    String address() {
        return host.address();
    }

    static String nonce() {
        var bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Runs a verb and waits for its result line, regardless of the outcome.
     *
     * @param stdin may be requested twice
     * @param replies receives each other line of the script with its first word, and lines of other programs with an empty one
     */
    Reply run(Verb<?> verb, String nonce, Input stdin, Duration deadline, BiConsumer<String, String> replies) {
        var path = state + "/.host/stacks-" + HASH.substring(0, 16) + ".sh";
        var arguments = new ArrayList<>(List.of(path, verb.word(), "state=" + state, "nonce=" + nonce));
        arguments.addAll(verb.words());
        var command = Command.script(RUN, arguments).withDeadline(deadline);
        var listener = new Listener("@" + nonce + " ", replies, redaction, fit);
        try {
            var result = host.run(command, stdin, listener::hear);
            if (result.exit() == MISSING && listener.result.isEmpty()) {
                install(path);
                result = host.run(command, stdin, listener::hear);
            }
            if (listener.result.isEmpty()) {
                throw unanswered(verb.word(), result);
            }
            var reply = Reply.parse(listener.result);
            return new Reply(reply.word(), Printable.text(redaction.text(reply.message())), reply.members());
        } catch (HostException e) {
            throw redaction.cleaned(new ComposeException(
                    Outcome.valueOf(e.fault().name()), Objects.requireNonNullElse(e.getMessage(), "no reason"), e));
        } catch (ComposeException e) {
            throw redaction.cleaned(e);
        }
    }

    /**
     * Runs a verb and reads its result.
     *
     * @throws ComposeException if it does not end with {@code OK}
     */
    <R> R call(Verb<R> verb, String nonce, byte[] stdin, Duration deadline, BiConsumer<String, String> replies) {
        var reply = run(verb, nonce, out -> out.write(stdin), deadline, replies);
        return verb.result(reply.orThrow(host.address()));
    }

    /** Installs the script for the gate, which runs this copy for all client versions. */
    String installGate() {
        if (!state.matches("[A-Za-z0-9._/-]+")) {
            throw ComposeException.usage(
                    "Behind a gate, the state directory has none but A-Z a-z 0-9 . _ / -, not `" + state + "`");
        }
        var path = state + "/.host/gate.sh";
        try {
            install(path);
        } catch (HostException e) {
            throw new ComposeException(
                    Outcome.valueOf(e.fault().name()), Objects.requireNonNullElse(e.getMessage(), "no reason"), e);
        }
        return "/bin/sh " + path + " gate state=" + state;
    }

    private void install(String path) {
        var command =
                Command.script(INSTALL, List.of(path, HASH)).withStdin(TEXT).withDeadline(Duration.ofMinutes(1));
        var result = host.run(command, line -> {});
        if (result.exit() != 0) {
            throw new ComposeException(
                    Outcome.IOERR,
                    "The script could not be written to " + state + " on " + host.address() + ": " + lastLine(result));
        }
    }

    private ComposeException unanswered(String verb, Result result) {
        var said = lastLine(result);
        if (said.contains("This service allows sftp connections only")) {
            return new ComposeException(
                    Outcome.PROTO,
                    host.address() + " takes files and runs no commands (" + said + "); " + ANOTHER_LOGIN);
        }
        if (said.contains("account is currently not available") || said.contains(": restricted")) {
            return new ComposeException(
                    Outcome.NOPERM,
                    "The login shell of " + host.address() + " runs no commands (" + said + "); " + ANOTHER_LOGIN);
        }
        var reason = "`" + verb + "` on " + host.address() + " ended with exit code " + result.exit()
                + " and without an answer: " + lastLine(result);
        return new ComposeException(Outcome.UNKNOWN, reason + "; look with compose:list, or try again");
    }

    private String lastLine(Result result) {
        var text = result.err().isBlank() ? result.out() : result.err();
        var lines = text.strip().lines().toList();
        return lines.isEmpty() ? "it printed nothing" : Printable.line(redaction.text(lines.get(lines.size() - 1)));
    }

    /** The whole script. */
    public static byte[] text() {
        return ScriptText.of("server");
    }

    /** Separates the script's own lines from the output of other programs. */
    private static final class Listener {
        private final String mark;
        private final BiConsumer<String, String> replies;
        private final Redaction redaction;
        private final UnaryOperator<String> fit;
        private String result = "";

        Listener(String mark, BiConsumer<String, String> replies, Redaction redaction, UnaryOperator<String> fit) {
            this.mark = mark;
            this.replies = replies;
            this.redaction = redaction;
            this.fit = fit;
        }

        void hear(String line) {
            if (!line.startsWith(mark)) {
                // Before anything is cut off or taken out, which would leave half of a secret.
                replies.accept("", fit.apply(redaction.text(line)));
                return;
            }
            var rest = line.substring(mark.length());
            var space = rest.indexOf(' ');
            var word = space < 0 ? rest : rest.substring(0, space);
            var text = space < 0 ? "" : rest.substring(space + 1);
            if (word.equals("result")) {
                result = text;
            } else {
                replies.accept(word, redaction.text(Wording.of(text)));
            }
        }
    }
}
