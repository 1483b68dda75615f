package io.github.xdevops.compose.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** One layer of an image in an open archive. */
public final class ImageLayer {
    private static final int CHUNK = 64 * 1024;

    private final String hash;
    private final long size;
    private final Source source;

    /** Opens the layer as it is in the archive, compressed or not. */
    interface Source {
        InputStream open() throws IOException;
    }

    ImageLayer(String hash, long size, Source source) {
        this.hash = hash;
        this.size = size;
        this.source = source;
    }

    /** The SHA-256 of its uncompressed content, as 64 hexadecimal digits; Docker's diff ID. */
    public String hash() {
        return hash;
    }

    /** Its size in the archive in bytes, 0 or more. */
    public long size() {
        return size;
    }

    /**
     * Writes the layer compressed by gzip, whether it is compressed in the archive or not.
     *
     * @param progress receives, repeatedly, the number of its {@link #size()} bytes that were read
     */
    public void writeCompressed(OutputStream out, LongConsumer progress) throws IOException {
        try (var in = new BufferedInputStream(source.open(), CHUNK)) {
            if (isCompressed(in)) {
                copy(in, out, progress);
            } else {
                var compressed = new QuickGzip(out);
                copy(in, compressed, progress);
                compressed.finish();
            }
        }
    }

    /**
     * Reads the layer and checks its hash.
     *
     * @throws ImageException if the hash differs
     */
    public void verify() {
        try (var in = new BufferedInputStream(source.open(), CHUNK)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var plain = isCompressed(in) ? new GZIPInputStream(in, CHUNK) : in;
            new DigestInputStream(plain, digest).transferTo(OutputStream.nullOutputStream());
            var found = HexFormat.of().formatHex(digest.digest());
            if (!found.equals(hash)) {
                throw new ImageException(
                        "the layer " + hash.substring(0, 12) + " has another hash, " + found.substring(0, 12));
            }
        } catch (IOException e) {
            throw new ImageException("the layer " + hash.substring(0, 12) + " cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private boolean isCompressed(BufferedInputStream in) throws IOException {
        in.mark(4);
        var begin = in.readNBytes(4);
        in.reset();
        if (begin.length == 4 && (begin[0] & 0xff) == 0x28 && (begin[1] & 0xff) == 0xb5 && begin[2] == 0x2f) {
            throw new IOException("it is compressed by zstd; build the image with gzip or without compression");
        }
        return begin.length > 1 && (begin[0] & 0xff) == 0x1f && (begin[1] & 0xff) == 0x8b;
    }

    private static void copy(InputStream in, OutputStream out, LongConsumer progress) throws IOException {
        var buffer = new byte[CHUNK];
        long done = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            done += n;
            progress.accept(done);
        }
    }

    /** Fast gzip: the network is slower than this, but faster than gzip at its best. */
    private static final class QuickGzip extends GZIPOutputStream {
        QuickGzip(OutputStream out) throws IOException {
            super(out, CHUNK);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
