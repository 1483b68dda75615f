package io.github.xdevops.compose.server;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Forwards the output of a program on the server, without the script's own lines. The script terminates the program's last line,
 * which can add an empty line; that one is dropped.
 */
public final class ProgramOutput implements BiConsumer<String, String> {
    private final Consumer<String> lines;
    private final String beat;
    private boolean empty;

    /**
     * @param nonce the nonce of the call: the script prints it in its own lines, which may interrupt another line
     */
    public ProgramOutput(String nonce, Consumer<String> lines) {
        this.lines = lines;
        this.beat = "@" + nonce + " alive";
    }

    @Override
    public void accept(String word, String text) {
        if (!word.isEmpty()) {
            return;
        }
        if (empty) {
            lines.accept("");
        }
        empty = text.isEmpty();
        if (!empty) {
            lines.accept(text.endsWith(beat) ? text.substring(0, text.length() - beat.length()) : text);
        }
    }
}
