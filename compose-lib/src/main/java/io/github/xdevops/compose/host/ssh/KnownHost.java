package io.github.xdevops.compose.host.ssh;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One line of a known_hosts file.
 *
 * @param mark the marker of the line
 * @param names patterns, or one hashed name
 * @param type such as {@code ssh-ed25519}
 * @param key the public key in wire format
 * @param where file and line number, for people
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record KnownHost(Mark mark, String names, String type, byte[] key, String where) {
    /** The marker of a line. */
    enum Mark {
        TRUSTED,
        AUTHORITY,
        REVOKED
    }

    boolean is(byte[] other) {
        return Arrays.equals(key, other);
    }

    /** Whether these patterns match this name. A matching pattern that begins with {@code !} excludes the whole line. */
    static boolean names(String patterns, String name) {
        if (patterns.startsWith("|1|")) {
            return hashed(patterns, name);
        }
        boolean found = false;
        for (String pattern : patterns.toLowerCase(Locale.ROOT).split(",", -1)) {
            if (pattern.startsWith("!")) {
                if (fits(pattern.substring(1), name)) {
                    return false;
                }
            } else {
                found |= fits(pattern, name);
            }
        }
        return found;
    }

    private static boolean hashed(String text, String name) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != 4) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
            return MessageDigest.isEqual(
                    mac.doFinal(name.getBytes(StandardCharsets.UTF_8)),
                    Base64.getDecoder().decode(parts[3]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Matches {@code *} and {@code ?} like OpenSSH, without a regular expression that a line could make slow. */
    static boolean fits(String pattern, String name) {
        int p = 0;
        int star = -1;
        int resume = 0;
        for (int n = 0; n < name.length(); ) {
            if (p < pattern.length()
                    && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))
                    && pattern.charAt(p) != '*') {
                p++;
                n++;
            } else if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    @Override
    public String toString() {
        return mark + " " + type + " at " + where;
    }
}
