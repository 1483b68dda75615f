package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.ssh.KnownHost.Mark;
import io.github.xdevops.compose.text.Printable;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trusted host keys.
 *
 * @param sources known_hosts files
 * @param pins fingerprints of keys that are trusted under any name
 */
record KnownHosts(List<TextSource> sources, List<String> pins, Consumer<String> warnings) {
    private static final Pattern PIN = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");
    private static final Pattern WEAK = Pattern.compile("(?i)(MD5:|SHA1:|SHA512:|SHA256:|([0-9a-f]{2}:){15}).*");
    private static final Pattern LINE = Pattern.compile("(@\\S+\\s+)?\\S+\\s+(ssh-|ecdsa-|sk-)\\S+\\s+AAAA.*");

    static KnownHosts of(List<TextSource> sources, Consumer<String> warnings) {
        List<TextSource> files = new ArrayList<>();
        List<String> pins = new ArrayList<>();
        for (TextSource source : sources) {
            if (source.file() == null && WEAK.matcher(source.text().strip()).lookingAt()) {
                for (String pin : source.text().strip().split("[\\s,]+", -1)) {
                    pins.add(pin(pin));
                }
            } else {
                files.add(source);
            }
        }
        return new KnownHosts(List.copyOf(files), List.copyOf(pins), warnings);
    }

    /** Whether a value is the text of a file or fingerprints, and not a file name. */
    static boolean isText(String value) {
        return value.indexOf('\n') >= 0
                || WEAK.matcher(value.strip()).lookingAt()
                || LINE.matcher(value.strip()).lookingAt();
    }

    private static String pin(String pin) {
        if (!PIN.matcher(pin).matches()) {
            throw new HostException(
                    Fault.USAGE,
                    "A host key is pinned by its SHA256 fingerprint, as ssh-keygen -l prints it (SHA256: and 43"
                            + " characters); this is not one");
        }
        return pin.endsWith("=") ? pin.substring(0, pin.length() - 1) : pin;
    }

    /**
     * All lines about a server. As in OpenSSH, a server on another port than 22 may use the key of its plain name if no line
     * contains {@code [name]:port}. Revoked keys count under both names.
     */
    List<KnownHost> about(SshAddress address) {
        String exact = address.knownAs().toLowerCase(Locale.ROOT);
        String plain = address.host().toLowerCase(Locale.ROOT);
        List<KnownHost> lines = named(exact);
        if (!plain.equals(exact)) {
            boolean trusted = lines.stream().anyMatch(line -> line.mark() != Mark.REVOKED);
            named(plain).stream()
                    .filter(line -> line.mark() == Mark.REVOKED || !trusted)
                    .forEach(lines::add);
        }
        return lines;
    }

    private List<KnownHost> named(String name) {
        List<KnownHost> found = new ArrayList<>();
        for (TextSource source : sources) {
            int number = 0;
            for (String line : (Iterable<String>) source.text().lines()::iterator) {
                number++;
                KnownHost known = parse(line.strip(), name, source + ":" + number);
                if (known != null) {
                    found.add(known);
                }
            }
        }
        return found;
    }

    private @Nullable KnownHost parse(String line, String name, String where) {
        if (line.isEmpty() || line.startsWith("#")) {
            return null;
        }
        String[] words = line.split("\\s+", 5);
        int first = words[0].startsWith("@") ? 1 : 0;
        if (words.length < first + 3) {
            return null;
        }
        if (!KnownHost.names(words[first], name)) {
            return null;
        }
        Mark mark = switch (first == 0 ? "" : words[0]) {
            case "" -> Mark.TRUSTED;
            case "@cert-authority" -> Mark.AUTHORITY;
            case "@revoked" -> Mark.REVOKED;
            default -> null;
        };
        try {
            if (mark != null) {
                byte[] key = Base64.getDecoder().decode(words[first + 2]);
                return new KnownHost(mark, words[first], words[first + 1], key, where);
            }
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        String what = "The known hosts line " + Printable.line(where, 200) + " cannot be read";
        if (words[0].equals("@revoked")) {
            // Skipping it could let in exactly the key that it is meant to keep out.
            throw new HostException(Fault.USAGE, what + "; repair or remove it");
        }
        warnings.accept(what + " and is left out");
        return null;
    }
}
