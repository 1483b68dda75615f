package io.github.xdevops.compose.file.schema;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Amounts of memory: {@code 64}, {@code 512m}, {@code 1.5 GiB}; powers of 1024, as Compose counts. */
public final class Sizes {

    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,20}(?:\\.[0-9]{0,20})?|\\.[0-9]{1,20}) ?([kmgtp]?)(i?b)?");
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private Sizes() {}

    /** The number of bytes, or null when the text is no size. */
    static @Nullable public Long bytes(String text) {
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return null;
        }
        int power = "kmgtp".indexOf(form.group(2)) + 1;
        boolean unit = !form.group(2).isEmpty();
        if (!unit && "ib".equals(form.group(3))) {
            return null;
        }
        BigDecimal factor = BigDecimal.valueOf(1024).pow(unit ? power : 0);
        BigDecimal bytes = new BigDecimal(form.group(1)).multiply(factor);
        return bytes.compareTo(MAX) > 0 ? null : bytes.longValue();
    }
}
