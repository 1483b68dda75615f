package io.github.xdevops.compose.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.testimage.TestImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImageArchiveTest {
    @TempDir
    Path directory;

    private final TestImage image = new TestImage("{}")
            .layer(Map.of("one", bytes("1")))
            .layer(Map.of("two", bytes("2")))
            .layer(Map.of("one", bytes("1")));

    @ParameterizedTest
    @EnumSource
    void everyToolsArchiveIsTheSameImage(TestImage.Form form) throws Exception {
        try (var archive = ImageArchive.open(image.write(directory.resolve("image.tar"), form))) {
            assertThat(archive.id()).isEqualTo(image.id());
            assertThat(archive.platform()).isEqualTo("linux/amd64");
            assertThat(archive.config()).isEqualTo(image.config());
            assertThat(archive.layers()).extracting(ImageLayer::hash).isEqualTo(image.hashes());
            for (var layer : archive.layers()) {
                layer.verify();
                var sent = new ByteArrayOutputStream();
                var heard = new ArrayList<Long>();
                layer.writeCompressed(sent, heard::add);
                var content = new GZIPInputStream(new ByteArrayInputStream(sent.toByteArray())).readAllBytes();
                assertThat(HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(content)))
                        .isEqualTo(layer.hash());
                assertThat(heard.get(heard.size() - 1)).isEqualTo(layer.size());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no manifest.json | '' | no file manifest.json",
                "two images | [{},{}] | it has 2 images",
                "no JSON | [ | not JSON",
                "no config | [{\"Layers\":[]}] | no Config",
                "config elsewhere | [{\"Config\":\"../c.json\",\"Layers\":[]}] | no file ../c.json",
                "a layer too many | [{\"Config\":\"c.json\",\"Layers\":[\"a\",\"a\"]}] | 2 layers and its configuration 1",
                "a layer missing | [{\"Config\":\"c.json\",\"Layers\":[\"b\"]}] | no file b in it",
                "a hash that is none | [{\"Config\":\"d.json\",\"Layers\":[\"a\"]}] | has a layer `sha256:x`",
            })
    void whatIsNoImageSaysWhy(String name, String manifest, String why) throws IOException {
        var file = tar(Map.of(
                manifest.isEmpty() ? "other.json" : "manifest.json",
                bytes(manifest),
                "c.json",
                bytes("{\"rootfs\":{\"diff_ids\":[\"sha256:" + "0".repeat(64) + "\"]}}"),
                "d.json",
                bytes("{\"rootfs\":{\"diff_ids\":[\"sha256:x\"]}}"),
                "a",
                bytes("content")));
        assertThatThrownBy(() -> ImageArchive.open(file))
                .as(name)
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }

    @Test
    void aLayerThatIsNotWhatTheConfigurationSaysIsFound() throws IOException {
        var file = tar(Map.of(
                "manifest.json",
                bytes("[{\"Config\":\"c.json\",\"Layers\":[\"a\",\"z\"]}]"),
                "c.json",
                bytes("{\"rootfs\":{\"diff_ids\":[\"sha256:" + "0".repeat(64) + "\",\"sha256:" + "1".repeat(64)
                        + "\"]}}"),
                "a",
                bytes("content"),
                "z",
                new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0}));
        try (var archive = ImageArchive.open(file)) {
            assertThatThrownBy(() -> archive.layers().get(0).verify())
                    .hasMessageContaining("layer 000000000000 has another hash");
            assertThatThrownBy(() -> archive.layers().get(1).verify()).hasMessageContaining("zstd");
        }
    }

    @Test
    void whatIsNoTarAndWhatIsNotThereIsTold() throws IOException {
        var file = Files.write(directory.resolve("x.tar"), bytes("x".repeat(2000)));
        for (var place : List.of(file, directory.resolve("missing.tar"))) {
            assertThatThrownBy(() -> ImageArchive.open(place))
                    .isInstanceOf(ImageException.class)
                    .hasMessageContaining(place.toString());
        }
    }

    private Path tar(Map<String, byte[]> files) throws IOException {
        var file = directory.resolve("made.tar");
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            for (var one : files.entrySet()) {
                var entry = new TarArchiveEntry(one.getKey());
                entry.setSize(one.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(one.getValue());
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
