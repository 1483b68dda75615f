package io.github.xdevops.compose.template;

import freemarker.core.CommonMarkupOutputFormat;
import java.io.IOException;
import java.io.Writer;

/**
 * An output format that writes every {@code [=value]} as one complete, double-quoted YAML scalar. No value can become a key, a
 * comment, a tag or another line.
 */
final class YamlScalars extends CommonMarkupOutputFormat<YamlMarkup> {
    static final YamlScalars FORMAT = new YamlScalars();

    private static final int DELETE = 0x7f;
    private static final int LAST_C1 = 0x9f;

    private YamlScalars() {}

    @Override
    public String getName() {
        return "YAML";
    }

    @Override
    public String getMimeType() {
        return "application/yaml";
    }

    @Override
    public void output(String text, Writer out) throws IOException {
        out.write(quote(text));
    }

    @Override
    public String escapePlainText(String text) {
        return quote(text);
    }

    @Override
    public boolean isLegacyBuiltInBypassed(String name) {
        return false;
    }

    @Override
    protected YamlMarkup newTemplateMarkupOutputModel(String text, String markup) {
        return new YamlMarkup(text, markup);
    }

    private static String quote(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (isUnsafe(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static boolean isUnsafe(char c) {
        return c < ' '
                || (c >= DELETE && c <= LAST_C1)
                || c == '\u2028'
                || c == '\u2029'
                || c == '\ufeff'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
