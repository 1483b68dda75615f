package io.github.xdevops.compose.text;

/** Classifies characters that are unsafe in documents. */
public final class Characters {

    private Characters() {}

    /** Control characters, line and paragraph separators, byte order marks and bidirectional controls. */
    public static boolean isHidden(int c) {
        return c < 0x20
                || (c >= 0x7F && c <= 0x9F)
                || (c >= 0x200B && c <= 0x200F)
                || (c >= 0x2028 && c <= 0x202E)
                || (c >= 0x2060 && c <= 0x2069)
                || c == 0x061C
                || c == 0xFEFF
                || (c >= 0xFFF9 && c <= 0xFFFB)
                || c == 0xFFFE
                || c == 0xFFFF
                || (c >= 0xD800 && c <= 0xDFFF);
    }

    /** Characters that YAML readers treat differently: as a line break, as an error, or as text. */
    public static boolean isUnsafeInSource(int c) {
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
                || (c >= 0x7F && c <= 0x9F)
                || c == 0x2028
                || c == 0x2029
                || c == 0xFEFF
                || c == 0xFFFE
                || c == 0xFFFF
                || (c >= 0xD800 && c <= 0xDFFF);
    }
}
