package io.github.xdevops.compose.file.tree;

import io.github.xdevops.compose.text.Characters;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes bytes to text, and refuses text that YAML readers interpret differently. */
public final class SourceText {

    /** Larger than any file written by hand; Compose itself has no limit. */
    public static final int MAX_BYTES = 256 * 1024;

    private SourceText() {}

    public static String decode(byte[] bytes, String file) {
        if (bytes.length > MAX_BYTES) {
            throw tooLarge(file);
        }
        if (startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE) || looksWide(bytes)) {
            throw ComposeFileException.at(new Mark(file, 1, 1), "this is UTF-16 or UTF-32; save the file as UTF-8");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return check(text, file);
        } catch (CharacterCodingException e) {
            throw ComposeFileException.at(badByte(bytes, file), "this is not UTF-8");
        }
    }

    public static ComposeFileException tooLarge(String file) {
        return ComposeFileException.at(Mark.of(file), "larger than " + MAX_BYTES / 1024 + " KiB");
    }

    /** Refuses characters that only some readers treat as a line break. */
    static String check(String text, String file) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (Characters.isUnsafeInSource(c)) {
                String what = c == 0xFEFF
                        ? "a byte order mark; save the file as UTF-8 without one"
                        : String.format(
                                java.util.Locale.ROOT, "the character U+%04X; write it as \"\\u%04x\" in quotes", c, c);
                throw ComposeFileException.at(new Mark(file, line, column), what);
            }
            i += Character.charCount(c);
            boolean ends = c == '\n' || (c == '\r' && (i == text.length() || text.charAt(i) != '\n'));
            line = ends ? line + 1 : line;
            column = ends ? 1 : column + 1;
        }
        return text;
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return bytes.length > 1 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
    }

    private static boolean looksWide(byte[] bytes) {
        return bytes.length > 1 && (bytes[0] == 0 || bytes[1] == 0);
    }

    private static Mark badByte(byte[] bytes, String file) {
        String replaced = new String(bytes, StandardCharsets.UTF_8);
        String before = replaced.substring(0, Math.max(0, replaced.indexOf('\uFFFD')));
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = before.codePointCount(before.lastIndexOf('\n') + 1, before.length()) + 1;
        return new Mark(file, line, column);
    }
}
