package io.github.xdevops.compose;

import io.github.xdevops.compose.text.Sha256;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Creates names that are safe as a project name, a DNS label and a router name.
 *
 * <p>Every slug matches {@code [a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?}. If a character of the repository or the environment's name is
 * lost, the slug ends with 80 bits of their hash. So two environments do not share one in practice.
 */
public final class Slug {
    private static final Pattern LOSSLESS = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int LONGEST = 40;
    private static final int HASH = 16;
    /** Marks the name of an environment that belongs to no branch. A branch name cannot contain NUL. */
    private static final String NAMED = "\0named";

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private Slug() {}

    /**
     * The slug of a branch's environment: {@code shop--staging} where both names are safe, otherwise a readable beginning of the
     * environment's name and a hash, for example {@code feature-login-k2x7q4m3zq5ya6bn}; at most 40 characters. It is the same in
     * every version, on every machine and in every locale.
     *
     * @param repository the repository as its host calls it ({@code acme/shop}); any text
     * @param name the branch's name; any text
     */
    public static String of(String repository, String name) {
        if (LOSSLESS.matcher(repository).matches() && LOSSLESS.matcher(name).matches()) {
            var plain = repository + "--" + name;
            if (plain.length() <= LONGEST) {
                return plain;
            }
        }
        return hashed(name, repository + "\0" + name);
    }

    /**
     * The slug of an environment with its own name. It always ends with a hash, which differs from that of a branch of the same
     * name.
     *
     * @param repository the repository as its host calls it; any text
     * @param name the environment's name; any text
     */
    public static String ofNamed(String repository, String name) {
        return hashed(name, repository + "\0" + name + NAMED);
    }

    /**
     * GitLab's {@code CI_ENVIRONMENT_SLUG} for the name of an environment: at most 24 characters.
     *
     * @param name the environment's name as in {@code environment: name:}; any text
     */
    public static String gitlab(String name) {
        var slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
        if (slug.isEmpty() || slug.charAt(0) < 'a' || slug.charAt(0) > 'z') {
            slug = "env-" + slug;
        }
        slug = slug.replaceAll("-+", "-");
        if (slug.length() <= 24 && slug.equals(name)) {
            return slug.endsWith("-") ? slug.substring(0, slug.length() - 1) : slug;
        }
        var start = slug.substring(0, Math.min(17, slug.length()));
        var hash = new BigInteger(1, Sha256.of(name)).toString(36);
        return start + (start.endsWith("-") ? "" : "-") + hash.substring(hash.length() - 6);
    }

    /** The hash that identifies the owner of a record on a server: 64 hexadecimal digits. */
    static String identity(String repository, String name) {
        return HexFormat.of().formatHex(Sha256.of(repository + "\0" + name));
    }

    /** The identity hash of an environment with its own name. */
    static String identityOfNamed(String repository, String name) {
        return HexFormat.of().formatHex(Sha256.of(repository + "\0" + name + NAMED));
    }

    private static String hashed(String name, String whole) {
        var readable = readable(name, LONGEST - HASH - 1);
        return (readable.isEmpty() ? "env" : readable) + "-" + base32(Sha256.of(whole));
    }

    private static String readable(String name, int longest) {
        var words = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        var cut = words.length() <= longest ? words : words.substring(0, longest);
        return cut.endsWith("-") ? cut.substring(0, cut.length() - 1) : cut;
    }

    private static String base32(byte[] hash) {
        var bits = new BigInteger(1, hash).shiftRight(hash.length * 8 - HASH * 5);
        var text = new StringBuilder();
        for (int i = HASH - 1; i >= 0; i--) {
            text.append(BASE32.charAt(bits.shiftRight(i * 5).intValue() & 31));
        }
        return text.toString();
    }
}
