package io.github.xdevops.compose.file.schema;

import java.util.regex.Pattern;

/** Distinguishes addresses from names without a DNS lookup. */
final class Addresses {

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

    private Addresses() {}

    static boolean isV4(String text) {
        return V4.matcher(text).matches();
    }

    static boolean isV6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        int before = gap == 0 ? 0 : groups(text.substring(0, gap), false);
        String rest = text.substring(gap + 2);
        int after = rest.isEmpty() ? 0 : groups(rest, true);
        return before >= 0 && after >= 0 && before + after < 8;
    }

    /** The number of 16-bit groups, or a number that makes every sum invalid. */
    private static int groups(String text, boolean last) {
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            if (GROUP.matcher(parts[i]).matches()) {
                count++;
            } else if (last && i == parts.length - 1 && isV4(parts[i])) {
                count += 2;
            } else {
                return -100;
            }
        }
        return count;
    }
}
