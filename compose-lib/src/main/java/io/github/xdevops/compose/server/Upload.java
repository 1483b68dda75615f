package io.github.xdevops.compose.server;

import io.github.xdevops.compose.file.mount.MountedFiles;
import io.github.xdevops.compose.image.MountArchive;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.text.Sha256;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The upload of a deploy: the bundle with the compose file, an archive of mounted files and one of mounted directories. The
 * archives are separate so that a link in a directory cannot lead to the record, which contains the files.
 */
final class Upload {
    private final byte[] bundle;
    private final byte[] files;
    private final byte[] directories;

    private Upload(byte[] bundle, byte[] files, byte[] directories) {
        this.bundle = bundle;
        this.files = files;
        this.directories = directories;
    }

    static Upload of(Stack stack) {
        return new Upload(
                Bundle.of(stack),
                MountArchive.of(stack.files().stream()
                        .filter(mount -> !mount.isDirectory())
                        .toList()),
                MountArchive.of(
                        stack.files().stream().filter(MountedFiles::isDirectory).toList()));
    }

    /**
     * The hash of the bundle, which identifies the deployed version; with archives also their sizes and the hash of the whole,
     * because archives contain times.
     */
    List<String> words() {
        var words = new ArrayList<>(List.of("sha256=" + Sha256.hex(bundle)));
        if (files.length + directories.length > 0) {
            words.add("upload=" + Sha256.hex(bytes()));
            words.add("files=" + files.length);
            words.add("trees=" + directories.length);
        }
        return words;
    }

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream(bundle.length + files.length + directories.length);
        bytes.writeBytes(bundle);
        bytes.writeBytes(files);
        bytes.writeBytes(directories);
        return bytes.toByteArray();
    }
}
