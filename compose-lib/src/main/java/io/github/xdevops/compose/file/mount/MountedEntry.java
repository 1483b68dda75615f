package io.github.xdevops.compose.file.mount;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** A file, a directory or a symbolic link of a mount. Immutable. */
public final class MountedEntry {
    private static final byte[] NOTHING = {};

    private final String path;
    private final Type type;
    private final Attributes attributes;
    private final byte[] content;

    /** The type of an entry. */
    public enum Type {
        FILE,
        DIRECTORY,
        LINK
    }

    /**
     * The attributes of an entry in the file system.
     *
     * @param mode permission bits, with set-user-ID, set-group-ID and sticky
     * @param user its number
     * @param group its number
     * @param modified milliseconds since 1970
     */
    public record Attributes(int mode, long user, long group, long modified) {}

    private MountedEntry(String path, Type type, Attributes attributes, byte[] content) {
        this.path = path;
        this.type = type;
        this.attributes = attributes;
        this.content = content;
    }

    public static MountedEntry file(String path, Attributes attributes, byte[] content) {
        return new MountedEntry(path, Type.FILE, attributes, content.clone());
    }

    public static MountedEntry directory(String path, Attributes attributes) {
        return new MountedEntry(path, Type.DIRECTORY, attributes, NOTHING);
    }

    public static MountedEntry link(String path, Attributes attributes, String target) {
        return new MountedEntry(path, Type.LINK, attributes, target.getBytes(StandardCharsets.UTF_8));
    }

    /** The path relative to the mount, separated by {@code /}; empty for the mount itself. */
    public String path() {
        return path;
    }

    public Type type() {
        return type;
    }

    public Attributes attributes() {
        return attributes;
    }

    /** The size of a file in bytes. */
    public int size() {
        return content.length;
    }

    public byte[] bytes() {
        return content.clone();
    }

    /** The bytes of a file; for a link, its target in UTF-8. */
    public InputStream content() {
        return new ByteArrayInputStream(content);
    }

    /** The content of a file or link as text, if it is UTF-8 without NUL. */
    public Optional<String> text() {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Hashes everything that a container can see of it, except the time. */
    void addTo(MessageDigest digest) {
        var about = "\0" + type + " " + Integer.toOctalString(attributes.mode()) + " " + attributes.user() + ":"
                + attributes.group() + " " + content.length + " " + path + "\0";
        digest.update(about.getBytes(StandardCharsets.UTF_8));
        digest.update(content);
    }

    @Override
    public String toString() {
        return type + " " + path;
    }
}
