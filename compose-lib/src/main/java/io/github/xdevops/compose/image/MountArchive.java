package io.github.xdevops.compose.image;

import io.github.xdevops.compose.file.mount.MountedEntry;
import io.github.xdevops.compose.file.mount.MountedFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Packs mounted files, with owners and modes, for {@code docker cp}, which extracts them at the root of a container. */
public final class MountArchive {
    /** The mount point of the volumes to fill, in a container that is never started. */
    private static final String DIRECTORY = ".compose-files/";

    private MountArchive() {}

    /** A gzip-compressed tar; empty without files. */
    public static byte[] of(List<MountedFiles> files) {
        var bytes = new ByteArrayOutputStream();
        if (files.isEmpty()) {
            return bytes.toByteArray();
        }
        try (var gzip = new GZIPOutputStream(bytes);
                var tar = new TarArchiveOutputStream(gzip, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            for (var mount : files) {
                var place = DIRECTORY + mount.name() + (mount.isDirectory() ? "/" : "/content");
                for (var entry : mount.entries()) {
                    add(entry, place + entry.path(), tar);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory is no disk", e);
        }
        return bytes.toByteArray();
    }

    private static void add(MountedEntry entry, String name, TarArchiveOutputStream tar) throws IOException {
        var header = switch (entry.type()) {
            case FILE -> new TarArchiveEntry(name, true);
            case DIRECTORY -> new TarArchiveEntry(name.endsWith("/") ? name : name + "/", true);
            case LINK -> new TarArchiveEntry(name, TarConstants.LF_SYMLINK, true);
        };
        var isFile = entry.type() == MountedEntry.Type.FILE;
        if (entry.type() == MountedEntry.Type.LINK) {
            header.setLinkName(
                    entry.text().orElseThrow(() -> new IOException("the target of a symbolic link is not valid text")));
        }
        header.setMode(entry.attributes().mode());
        header.setUserId(entry.attributes().user());
        header.setGroupId(entry.attributes().group());
        header.setUserName("");
        header.setGroupName("");
        header.setModTime(entry.attributes().modified());
        header.setSize(isFile ? entry.size() : 0);
        tar.putArchiveEntry(header);
        if (isFile) {
            entry.content().transferTo(tar);
        }
        tar.closeArchiveEntry();
    }
}
