package io.github.xdevops.compose.testimage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An image made by a test, without any Docker, and the archives that tools write of it. */
public final class TestImage {
    /** Whose kind of archive. */
    public enum Form {
        /** {@code docker save} of engines before 25: a directory for each layer, one that comes again as a link. */
        CLASSIC,
        /** {@code docker save} since: an OCI layout with a manifest.json for those who know no better. */
        OCI,
        /** Jib's buildTar: compressed layers. */
        JIB
    }

    private final List<byte[]> layers = new ArrayList<>();
    private final String settings;

    /** @param settings what the configuration says below {@code config}, as JSON */
    public TestImage(String settings) {
        this.settings = settings;
    }

    /** Adds a layer with these files, all of which may be run. */
    public TestImage layer(Map<String, byte[]> files) {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (var file : new LinkedHashMap<>(files).entrySet()) {
                add(tar, file.getKey(), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        layers.add(bytes.toByteArray());
        return this;
    }

    /** The hash of the configuration. */
    public String id() {
        return sha256(config());
    }

    /** The hashes of the layers. */
    public List<String> hashes() {
        return layers.stream().map(TestImage::sha256).toList();
    }

    /** How many bytes a layer has, counted from 0. */
    public int size(int layer) {
        return layers.get(layer).length;
    }

    /** The bytes whose hash is the ID. */
    public byte[] config() {
        var hashes = hashes().stream().map(hash -> "\"sha256:" + hash + "\"").collect(Collectors.joining(","));
        return ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":" + settings
                        + ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + hashes + "]}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the archive. */
    public Path write(Path file, Form form) {
        var names = new ArrayList<String>();
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            var config = form == Form.OCI ? "blobs/sha256/" + id() : id() + ".json";
            for (int i = 0; i < layers.size(); i++) {
                var hash = hashes().get(i);
                var again = hashes().indexOf(hash);
                var name =
                        switch (form) {
                            case CLASSIC -> hash + (again < i ? "-" + i : "") + "/layer.tar";
                            case OCI -> "blobs/sha256/" + hash;
                            case JIB -> hash + ".tar.gz";
                        };
                names.add(name);
                if (again == i) {
                    add(tar, name, form == Form.JIB ? gzip(layers.get(i)) : layers.get(i));
                } else if (form == Form.CLASSIC) {
                    var link = new TarArchiveEntry(name, TarArchiveEntry.LF_SYMLINK);
                    link.setLinkName("../" + hash + "/layer.tar");
                    tar.putArchiveEntry(link);
                    tar.closeArchiveEntry();
                }
            }
            add(tar, config, config());
            var quoted = names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(","));
            var manifest = "[{\"Config\":\"" + config + "\",\"RepoTags\":[\"test/image:1\"],\"Layers\":[" + quoted + "]}]";
            add(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A layer, compressed. */
    public byte[] compressed(int layer) {
        try {
            return gzip(layers.get(layer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entry.setMode(0755);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
