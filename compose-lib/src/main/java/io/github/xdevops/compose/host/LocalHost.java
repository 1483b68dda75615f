package io.github.xdevops.compose.host;

import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.text.Printable;
import io.github.xdevops.compose.text.Spoken;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * This machine. Commands run under {@code /bin/sh} in the user's home directory, with the environment of this process. A command
 * that exceeds its time limit is stopped with all its child processes.
 */
public final class LocalHost implements Host {
    private final ReentrantLock turn = new ReentrantLock();

    @Override
    public String address() {
        return "local";
    }

    @Override
    public Result run(Command command, Input input, Consumer<String> lines) {
        Deadline deadline = Deadline.in(command.deadline());
        turn.lock();
        try {
            return new CommandIo(start(command.text()), deadline).carry(input, lines);
        } catch (OutcomeUnknown e) {
            throw switch (e.reason) {
                case DEADLINE ->
                    e.unknown(
                            "A command on this machine ran longer than " + Spoken.of(command.deadline())
                                    + " and was stopped",
                            "it may be partly done: check its state, or try again with more time");
                case INTERRUPTED ->
                    e.unknown(
                            "A command on this machine was interrupted and stopped",
                            "it may be partly done: check its state, or try again");
                case LOST ->
                    e.unknown(
                            "The output of a command on this machine was interrupted: "
                                    + Printable.line(String.valueOf(e.getCause()), 200),
                            "check its state, or try again");
            };
        } finally {
            turn.unlock();
        }
    }

    private static Running start(String text) {
        // Descendants whose parent is gone can only be found by their group, and it also keeps a Ctrl-C meant for the
        // terminal's foreground away from them, as it would be on a remote host.
        boolean group = new File("/usr/bin/setsid").canExecute();
        List<String> words = new ArrayList<>(group ? List.of("/usr/bin/setsid") : List.of());
        words.addAll(List.of("/bin/sh", "-c", ascii(text)));
        try {
            return new LocalProcess(
                    new ProcessBuilder(words)
                            .directory(new File(System.getProperty("user.home")))
                            .start(),
                    group);
        } catch (IOException e) {
            throw new HostException(
                    Fault.UNAVAIL,
                    "Cannot start /bin/sh in " + System.getProperty("user.home") + " on this machine: "
                            + Printable.line(e.getMessage(), 200) + "; a POSIX shell and a home directory are needed",
                    e);
        }
    }

    /** Escapes non-ASCII characters for printf: Java encodes arguments by the locale, which loses them under LANG=C. */
    private static String ascii(String text) {
        if (text.chars().allMatch(c -> c < 128)) {
            return text;
        }
        StringBuilder octal = new StringBuilder("eval \"$(printf ");
        octal.append('\'');
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= ' ' && b != '\\' && b != '\'' && b != '%';
            octal.append(plain ? String.valueOf((char) b) : String.format("\\%03o", b & 0xFF));
        }
        return octal.append("')\"").toString();
    }

    /** Nothing to close. */
    @Override
    public void close() {}
}
