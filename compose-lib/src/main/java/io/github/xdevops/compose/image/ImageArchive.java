package io.github.xdevops.compose.image;

import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.jspecify.annotations.Nullable;

/**
 * An image in a file of {@code docker save} or Jib: a tar with a {@code manifest.json} that names the image's configuration and
 * layers, also inside an OCI layout.
 */
public final class ImageArchive implements AutoCloseable {
    private static final int LARGEST = 4_000_000;

    private final Path file;
    private final TarFile tar;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();
    private final byte[] config;
    private final String id;
    private final String platform;
    private final List<ImageLayer> layers = new ArrayList<>();

    private ImageArchive(Path file, TarFile tar) throws IOException {
        this.file = file;
        this.tar = tar;
        tar.getEntries().forEach(entry -> entries.put(entry.getName(), entry));
        var manifest = manifest();
        config = read(text(manifest.get("Config"), "Config"));
        id = sha256(config);
        var members = json(config, id) instanceof Map<?, ?> map ? map : Map.of();
        platform = members.get("os") + "/" + members.get("architecture");
        var hashes = hashes(members);
        var names = list(manifest.get("Layers"));
        if (names.size() != hashes.size()) {
            throw damaged("its manifest has " + names.size() + " layers and its configuration " + hashes.size());
        }
        for (int i = 0; i < names.size(); i++) {
            var entry = entry(text(names.get(i), "Layers"));
            layers.add(new ImageLayer(hashes.get(i), entry.getSize(), () -> tar.getInputStream(entry)));
        }
    }

    /**
     * Opens a file with one image.
     *
     * @throws ImageException if it cannot be read, has another format, or contains several images
     */
    public static ImageArchive open(Path file) {
        try {
            var tar = new TarFile(file.toFile());
            try {
                return new ImageArchive(file, tar);
            } catch (IOException | RuntimeException e) {
                tar.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ImageException(file + " cannot be read as the tar of an image: " + e.getMessage(), e);
        }
    }

    /** The SHA-256 of its configuration, as 64 hexadecimal digits. */
    public String id() {
        return id;
    }

    /** The platform of the image, for example {@code linux/amd64}. */
    public String platform() {
        return platform;
    }

    /** The configuration; its hash is the ID. */
    public byte[] config() {
        return config.clone();
    }

    /** The layers, lowest first; a layer may appear twice. */
    public List<ImageLayer> layers() {
        return List.copyOf(layers);
    }

    @Override
    public void close() {
        try {
            tar.close();
        } catch (IOException e) {
            // It was only read.
        }
    }

    private Map<?, ?> manifest() throws IOException {
        var images = list(json(read("manifest.json"), "manifest.json"));
        if (images.size() != 1 || !(images.get(0) instanceof Map<?, ?> image)) {
            throw damaged("it has " + images.size() + " images, and needs to have one");
        }
        return image;
    }

    private List<String> hashes(Map<?, ?> configuration) {
        var hashes = new ArrayList<String>();
        if (configuration.get("rootfs") instanceof Map<?, ?> rootfs) {
            for (var layer : list(rootfs.get("diff_ids"))) {
                if (!(layer instanceof String hash) || !hash.matches("sha256:[0-9a-f]{64}")) {
                    throw damaged("its configuration has a layer `" + layer + "`");
                }
                hashes.add(hash.substring("sha256:".length()));
            }
        }
        return hashes;
    }

    private byte[] read(String name) throws IOException {
        var entry = entry(name);
        if (entry.getSize() > LARGEST) {
            throw damaged(name + " in it is larger than " + LARGEST + " bytes");
        }
        try (InputStream in = tar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    /** Resolves links: older engines write a repeated layer as a link to the first. */
    private TarArchiveEntry entry(String name) {
        var entry = entries.get(name);
        if (entry != null && entry.isSymbolicLink()) {
            var parent = Path.of("/", name).getParent();
            var target = (parent == null ? Path.of("/") : parent)
                    .resolve(entry.getLinkName())
                    .normalize();
            entry = entries.get(target.toString().substring(1));
        } else if (entry != null && entry.isLink()) {
            entry = entries.get(entry.getLinkName());
        }
        if (entry == null || !entry.isFile()) {
            throw damaged("there is no file " + name + " in it; is it what docker save or Jib's buildTar writes?");
        }
        return entry;
    }

    private Object json(byte[] bytes, String name) {
        try {
            var value = Json.parse(new String(bytes, StandardCharsets.UTF_8));
            return value == null ? "" : value;
        } catch (IllegalArgumentException e) {
            throw damaged(name + " in it is not JSON: " + e.getMessage());
        }
    }

    private String text(@Nullable Object value, String member) {
        if (value instanceof String text) {
            return text;
        }
        throw damaged("its manifest.json has no " + member);
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private ImageException damaged(String why) {
        return new ImageException(file + " is not the archive of an image: " + why);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
