package io.github.xdevops.compose.file.tree;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves unquoted words to values, and formats values as words.
 *
 * <p>Compose reads YAML 1.2 with some rules of 1.1: {@code 0777} is octal and {@code 1_000} a number, but {@code yes} and
 * {@code 22:22} are strings.
 */
public final class Scalars {

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern WHOLE =
            Pattern.compile("[-+]?(0|[1-9][0-9]*|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|0[bB][01]+)");
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private Scalars() {}

    /** The value of an unquoted word. */
    static @Nullable Object resolve(String word) {
        return switch (word) {
            case "", "~", "null", "Null", "NULL" -> null;
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> Double.POSITIVE_INFINITY;
            case "-.inf", "-.Inf", "-.INF" -> Double.NEGATIVE_INFINITY;
            case ".nan", ".NaN", ".NAN" -> Double.NaN;
            case "-0" -> -0.0;
            default -> "+-.0123456789".indexOf(word.charAt(0)) < 0 ? word : number(word);
        };
    }

    private static Object number(String word) {
        String digits = word.replace("_", "");
        if (digits.length() > 400) {
            return word;
        }
        if (WHOLE.matcher(digits).matches()) {
            BigInteger whole = whole(digits.toLowerCase(Locale.ROOT));
            if (whole.compareTo(MAX) <= 0 && whole.compareTo(MIN) >= 0) {
                return whole.longValue();
            }
            if (whole.signum() > 0 && whole.bitLength() <= 64) {
                return whole;
            }
        }
        if (NUMBER.matcher(digits).matches()) {
            double number = Double.parseDouble(digits);
            return Double.isInfinite(number) ? (Object) word : (Object) number;
        }
        return word;
    }

    private static BigInteger whole(String digits) {
        String sign = digits.startsWith("-") ? "-" : "";
        String rest = digits.startsWith("-") || digits.startsWith("+") ? digits.substring(1) : digits;
        if (rest.startsWith("0x")) {
            return new BigInteger(sign + rest.substring(2), 16);
        }
        if (rest.startsWith("0b")) {
            return new BigInteger(sign + rest.substring(2), 2);
        }
        if (rest.startsWith("0o")) {
            return new BigInteger(sign + rest.substring(2), 8);
        }
        return new BigInteger(sign + rest, rest.length() > 1 && rest.startsWith("0") ? 8 : 10);
    }

    /** Formats a scalar as Compose does where a string is expected. */
    public static String text(@Nullable Object value) {
        if (value instanceof Double number) {
            return text(number.doubleValue());
        }
        return value == null ? "" : value.toString();
    }

    private static String text(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "+Inf" : "-Inf";
        }
        BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exact.signum() == 0 || (exponent >= -4 && exponent < 6)) {
            return exact.signum() == 0 ? (1 / number < 0 ? "-0" : "0") : exact.toPlainString();
        }
        String digits = exact.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String power = String.format(Locale.ROOT, "%02d", Math.abs(exponent));
        return (exact.signum() < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+") + power;
    }
}
