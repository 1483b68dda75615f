package io.github.xdevops.compose.provision;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.server.ScriptText;
import io.github.xdevops.compose.server.ServerScript;
import io.github.xdevops.compose.text.Printable;
import io.github.xdevops.compose.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The program that sets a server up, sent with each call on its standard input; nothing of it stays there. */
final class ProvisionScript {
    /** Longer than the script waits for what an earlier client began, and than packages take to arrive. */
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    /** With the port of this connection, which sudo would hide. */
    private static final String RUN = "set -- \"$@\" \"ssh_port=${SSH_CONNECTION##* }\"; "
            + "[ \"$(id -u)\" != 0 ] || exec /bin/sh -s \"$@\"; "
            + "if sudo -n true 2>/dev/null; then exec sudo -n /bin/sh -s \"$@\"; fi; "
            + "echo \"@$1 result NOPERM $(id -un) is neither root nor may use sudo without a password\"";

    private static final String GATE = ScriptText.printing(
            "gate_program", "gate_program", new String(ServerScript.text(), StandardCharsets.UTF_8));
    private static final String PAGES = ScriptText.printing(
            "pages_program", "pages_program", new String(ScriptText.of("pages"), StandardCharsets.UTF_8));
    private static final String BACKUP = ScriptText.printing(
            "backup_text", "backup_text", new String(ScriptText.of("backup"), StandardCharsets.UTF_8));
    private static final byte[] TEXT = (GATE
                    + PAGES
                    + BACKUP
                    + new String(ScriptText.of("provision"), StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8);

    /** The version that is written into the server's record. */
    static final String VERSION = Sha256.hex(TEXT).substring(0, 16);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Host host;
    private final byte[] text;

    /**
     * Sends secrets on standard input, like the script, so that no process list shows them.
     *
     * @param variables of a DNS provider, as lines
     * @param user who may see the list of environments, as {@code name:hash}; empty if that does not change
     */
    ProvisionScript(Host host, String variables, String user) {
        this.host = host;
        this.text = (ScriptText.printing("dns_variables", "dns_variables", variables)
                        + "basic_auth='" + user + "'\n"
                        + new String(TEXT, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The answer of a step. */
    record Answer(List<String> changes, List<String> notes, Map<String, String> answers, List<String> hostKeys) {}

    /**
     * Runs one step to its end.
     *
     * @throws ComposeException if it does not end with {@code OK}
     */
    Answer run(String step, List<String> words) {
        var bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        var nonce = HexFormat.of().formatHex(bytes);
        var arguments = new ArrayList<>(List.of(nonce, step));
        arguments.addAll(words);
        var answer = new Answer(new ArrayList<>(), new ArrayList<>(), new HashMap<>(), new ArrayList<>());
        var end = new ArrayList<String>();
        var result = host.run(
                Command.script(RUN, arguments).withStdin(text).withDeadline(PATIENCE),
                line -> hear(line, "@" + nonce + " ", answer, end));
        if (end.isEmpty()) {
            throw new ComposeException(
                    Outcome.UNKNOWN,
                    "The step " + step + " on " + host.address() + " ended with exit code " + result.exit()
                            + " and without an answer: "
                            + Printable.line(result.err().strip(), 200)
                            + "; run compose:provision again, it goes on from there");
        }
        var last = end.get(end.size() - 1).split(" ", 2);
        if (!last[0].equals("OK")) {
            throw new ComposeException(outcome(last[0]), step + ": " + last[1] + " (on " + host.address() + ")");
        }
        return answer;
    }

    private static void hear(String line, String mark, Answer answer, List<String> end) {
        if (!line.startsWith(mark)) {
            return;
        }
        var words = Printable.line(line.substring(mark.length())).split(" ", 2);
        var rest = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "change" -> answer.changes().add(rest);
            case "note" -> answer.notes().add(rest);
            case "hostkey" -> answer.hostKeys().add(rest);
            case "result" -> end.add(rest + " ");
            case "answer" -> {
                var pair = rest.split(" ", 2);
                answer.answers().put(pair[0], pair.length > 1 ? pair[1] : "");
            }
            default -> throw new ComposeException(Outcome.PROTO, "The server answered `" + words[0] + "`");
        }
    }

    private static Outcome outcome(String word) {
        try {
            return Outcome.valueOf(word);
        } catch (IllegalArgumentException e) {
            throw new ComposeException(Outcome.PROTO, "The server answered `" + word + "`", e);
        }
    }
}
