package io.github.xdevops.compose.file.mount;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The content of one mount: a file, or a directory with everything below it. Immutable.
 *
 * <p>Its {@link #name()} ends with a hash of the content, the modes and the owners, so a changed file has another name and
 * Docker Compose sees another mount. A directory becomes a volume of this name, anything else the file
 * {@code ./files/NAME/content} beside the compose file.
 */
public final class MountedFiles {
    private static final Pattern NAME = Pattern.compile("(?:file|dir|config|secret)-[a-z0-9-]+-[0-9a-f]{16}");
    private static final Pattern SECRET = Pattern.compile("(\\bsecret-[a-z0-9-]+-)[0-9a-f]{16}");
    private static final int LONGEST_LABEL = 60;

    /** The kind of source that is mounted. */
    public enum Kind {
        FILE,
        DIR,
        CONFIG,
        SECRET
    }

    private final String name;
    private final Kind kind;
    private final List<MountedEntry> entries;

    private MountedFiles(String name, Kind kind, List<MountedEntry> entries) {
        this.name = name;
        this.kind = kind;
        this.entries = entries;
    }

    /**
     * Creates a mount whose name is derived from its content.
     *
     * @param label the path in the project, or the name of the config or secret
     */
    public static MountedFiles of(Kind kind, String label, List<MountedEntry> entries) {
        var sorted = entries.stream()
                .sorted(Comparator.comparing(MountedEntry::path))
                .toList();
        var words = label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        var shown = words.isEmpty() ? "x" : words.substring(Math.max(0, words.length() - LONGEST_LABEL));
        var prefix = kind.name().toLowerCase(Locale.ROOT) + "-";
        return new MountedFiles(
                prefix + (shown.startsWith("-") ? "x" : "") + shown + "-" + hash(prefix + label, sorted), kind, sorted);
    }

    private static String hash(String label, List<MountedEntry> entries) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(label.getBytes(StandardCharsets.UTF_8));
            for (var entry : entries) {
                entry.addTo(digest);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether a volume of a compose file holds a directory of the project. */
    public static boolean isVolume(String name) {
        return name.startsWith("dir-") && NAME.matcher(name).matches();
    }

    /** Whether the source of a bind mount has the form of {@link #source()}. */
    public static boolean isSource(String source) {
        return source.startsWith("./files/")
                && source.endsWith("/content")
                && NAME.matcher(source.substring(8, Math.max(8, source.length() - 8)))
                        .matches();
    }

    /** Replaces the hashes of secrets by {@code ***}: a hash would confirm a guess. */
    public static String maskedNames(String text) {
        return SECRET.matcher(text).replaceAll("$1***");
    }

    /** A unique name for this path and content, of {@code [a-z0-9-]}. */
    public String name() {
        return name;
    }

    /** The source of the mount in the compose file. */
    public String source() {
        return isDirectory() ? name : "./files/" + name + "/content";
    }

    /** Whether this is a directory; it may be empty. */
    public boolean isDirectory() {
        return kind == Kind.DIR;
    }

    /** Whether the compose file declares it as a secret. */
    public boolean isSecret() {
        return kind == Kind.SECRET;
    }

    /** The entries, parents first. The path of the file or directory itself is empty. */
    public List<MountedEntry> entries() {
        return entries;
    }

    @Override
    public String toString() {
        return maskedNames(name);
    }
}
