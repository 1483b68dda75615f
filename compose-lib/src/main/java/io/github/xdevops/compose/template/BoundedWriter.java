package io.github.xdevops.compose.template;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;

/** Text in memory with a size limit, because a template may never end. */
final class BoundedWriter extends Writer {
    private static final int LONGEST = 1 << 20;

    private final StringWriter text = new StringWriter();

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
        if (text.getBuffer().length() + length > LONGEST) {
            throw new IOException("the output is longer than " + LONGEST + " characters; does a loop never end?");
        }
        text.write(characters, offset, length);
    }

    @Override
    public void flush() {
        // memory has nothing to flush
    }

    @Override
    public void close() {
        // memory has nothing to close
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
