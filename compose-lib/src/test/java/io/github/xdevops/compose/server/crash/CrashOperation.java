package io.github.xdevops.compose.server.crash;

import io.github.xdevops.compose.text.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * One call of the server's script, after some time has gone by.
 *
 * @param name unique
 * @param bundle what it reads on stdin
 * @param ended projects whose lease ends before it
 * @param takenDown projects that it may remove although their lease has not ended
 * @param late whether hours go by before it, so that leftovers are old
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CrashOperation(
        String name,
        String verb,
        List<String> words,
        byte[] bundle,
        Set<String> ended,
        Set<String> takenDown,
        boolean late) {
    static final int LIFETIME = 400_000;
    private static final Pattern MOUNT = Pattern.compile("\\./files/([a-z0-9-]+)/content");
    static final String FIRST = """
            services:
              web: {image: web1}
              db: {image: db1}
            volumes:
              data: {}
            """;
    static final String CHANGED = """
            services:
              web: {image: web2}
              cache: {image: cache1}
            volumes:
              data: {}
            """;
    static final String FAILING = """
            services:
              web: {image: crash1}
              db: {image: db1}
            volumes:
              data: {}
            """;
    /** With a mounted file that travels beside the compose file. */
    static final String MOUNTED = mounting("web3", "file-page-00000000000000aa");

    static final String MOUNTED_CHANGED = mounting("web3", "file-page-00000000000000bb");
    static final Set<String> VERSIONS = Set.of(FIRST, CHANGED, FAILING, MOUNTED, MOUNTED_CHANGED);
    private static final byte[] NOTHING = {};

    static final CrashOperation DEPLOY = deploy("deploy", "one", FIRST);
    static final CrashOperation DEPLOY_CHANGED = deploy("deploy changed", "one", CHANGED);
    static final CrashOperation DEPLOY_FAILING = deploy("deploy failing", "one", FAILING);
    static final CrashOperation DEPLOY_MOUNTED = deploy("deploy mounted", "one", MOUNTED);
    static final CrashOperation DEPLOY_MOUNTED_CHANGED = deploy("deploy mounted changed", "one", MOUNTED_CHANGED);
    static final CrashOperation DOWN = new CrashOperation(
            "down",
            "down",
            List.of("project=one", "budget=8000", "lock_wait=20"),
            NOTHING,
            Set.of(),
            Set.of("one"),
            false);
    static final CrashOperation EXTEND = new CrashOperation(
            "extend",
            "extend",
            List.of("project=one", "lifetime=" + 2 * LIFETIME, "lock_wait=20"),
            NOTHING,
            Set.of(),
            Set.of(),
            false);
    static final CrashOperation SWEEP = sweep("sweep", Set.of(), false);
    static final CrashOperation SWEEP_AFTER_ITS_END = sweep("sweep after its end", Set.of("one"), false);
    static final CrashOperation SWEEP_AFTER_ALL_ENDS = sweep("sweep after all ends", Set.of("one", "zed"), false);
    static final CrashOperation SWEEP_HOURS_LATER = sweep("sweep hours later", Set.of(), true);

    static final CrashOperation SWEEP_WHEN_FREE = sweep("sweep when nobody uses it", Set.of("one"), false);

    static CrashOperation deploy(String name, String project, String text) {
        var bundle = "{\"branch\":\"x\"}\n" + text;
        var upload = new ByteArrayOutputStream();
        upload.writeBytes(bundle.getBytes(StandardCharsets.UTF_8));
        var files = new byte[] {};
        var mount = MOUNT.matcher(text);
        if (mount.find()) {
            files = archive(mount.group(1));
            upload.writeBytes(files);
        }
        var words = List.of(
                "project=" + project,
                "sha256=" + Sha256.hex(bundle.getBytes(StandardCharsets.UTF_8)),
                "upload=" + Sha256.hex(upload.toByteArray()),
                "files=" + files.length,
                "trees=0",
                "identity=abcd",
                "sequence=7",
                "hosts=" + project + ".test",
                "routed=web",
                "lifetime=" + LIFETIME,
                "budget=8000",
                "lock_wait=20",
                "ready_wait=5");
        return new CrashOperation(name, "deploy", words, upload.toByteArray(), Set.of(), Set.of(), false);
    }

    private static String mounting(String image, String file) {
        return """
                services:
                  web: {image: %s}
                      - source: "./files/%s/content"
                volumes:
                  data: {}
                """.formatted(image, file);
    }

    private static byte[] archive(String mount) {
        var packed = new ByteArrayOutputStream();
        var text = ("of " + mount + "\n").getBytes(StandardCharsets.UTF_8);
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(packed))) {
            var entry = new TarArchiveEntry(".compose-files/" + mount + "/content");
            entry.setSize(text.length);
            tar.putArchiveEntry(entry);
            tar.write(text);
            tar.closeArchiveEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static CrashOperation sweep(String name, Set<String> ended, boolean late) {
        return new CrashOperation(name, "sweep", List.of(), NOTHING, ended, Set.of(), late);
    }

    /** Lets the time go by in a home. A lease that cannot be read never ends. */
    void prepare(Path home) throws IOException {
        var state = home.resolve(".yourlabs.compose");
        if (equals(SWEEP_WHEN_FREE)) {
            Files.deleteIfExists(home.resolve("stub/stuck.one"));
        }
        for (var project : ended) {
            endLease(state.resolve(project));
        }
        if (late) {
            var then = FileTime.from(Instant.now().minus(Duration.ofHours(3)));
            try (Stream<Path> files = Files.walk(state)) {
                for (var file : (Iterable<Path>) files::iterator) {
                    Files.setLastModifiedTime(file, then);
                }
            }
        }
    }

    static void endLease(Path record) throws IOException {
        var lease = record.resolve("removeat");
        if (Files.isRegularFile(lease) && CrashHost.isLease(Files.readString(lease))) {
            Files.writeString(lease, "1500000000\n");
        }
        // Back-off after a failed sweep is over, too: COUNT SECONDS REASON.
        var failures = record.resolve("sweep-failures");
        if (Files.isRegularFile(failures)) {
            Files.writeString(failures, Files.readString(failures).replaceFirst(" \\d+", " 1500000000"));
        }
    }
}
