package io.github.xdevops.compose.server;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Passes on what a program on the server writes, and nothing of what the script says meanwhile. The script ends the program's
 * last line, which may make an empty one too many: that one is left out.
 */
public final class ProgramOutput implements BiConsumer<String, String> {
    private final Consumer<String> lines;
    private final String beat;
    private boolean empty;

    /** @param nonce that of the call: the script shows by a line with it that it is there, and may hit the middle of another */
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
