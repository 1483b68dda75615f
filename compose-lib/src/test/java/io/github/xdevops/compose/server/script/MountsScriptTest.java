package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.text.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** How the files of mounts arrive on the server, with a stand-in for Docker that unpacks what it is given. */
@ParameterizedClass
@ValueSource(strings = {"dash", "bash", "busybox sh"})
class MountsScriptTest extends InEveryShell {
    private static final String ONE = "file-a-0000000000000001";
    private static final String OTHER = "file-a-0000000000000002";
    private static final String DIRECTORY = "dir-d-0000000000000003";

    @BeforeEach
    void letContainersHaveAnImage() throws IOException {
        Files.writeString(stub.resolve("image"), "sha256:1\n");
    }

    @Test
    void whatIsMountedIsThereBeforeAnythingStartsAndGoesWhenNothingMountsIt() throws IOException {
        assertThat(upload(ONE, "first", words -> words)).contains("\"word\":\"OK\"");
        assertThat(read("one/files/" + ONE + "/content")).isEqualTo("first");
        var calls = calls();
        assertThat(calls.indexOf(" up --no-start")).isLessThan(calls.indexOf("create "));
        assertThat(calls.indexOf("cp - filler:/"))
                .isGreaterThan(calls.indexOf("create "))
                .isLessThan(calls.indexOf(" start"));
        assertThat(calls).contains("rm -fv filler", "type=volume,source=one_" + DIRECTORY);
        assertThat(list("one/files")).containsExactlyInAnyOrder(ONE, DIRECTORY);

        Files.writeString(stub.resolve("volumes"), "one_" + DIRECTORY + "\n");
        assertThat(upload(OTHER, "second", words -> words)).contains("\"word\":\"OK\"");
        assertThat(read("one/files/" + OTHER + "/content")).isEqualTo("second");
        assertThat(list("one/files")).containsExactlyInAnyOrder(OTHER, DIRECTORY);
        assertThat(calls().substring(calls.length()))
                .as("the directory is as it was")
                .doesNotContain("type=volume");
    }

    @Test
    void anUploadThatIsCutOrChangedIsNotUsed() throws IOException {
        assertThat(upload(ONE, "x", words -> words.replace("upload=", "upload=0")))
                .contains("\"word\":\"PROTO\"", "arrived incomplete");
        assertThat(upload(ONE, "x", words -> words.replaceFirst("files=\\d+", "files=99999999")))
                .contains("\"word\":\"PROTO\"");
        assertThat(list("")).doesNotContain("one");
        assertThat(list(".staging")).isEmpty();
    }

    @Test
    void halfOfAFileIsWrittenAgainAndNothingThatIsNoFileIsMounted() throws IOException {
        Files.createFile(stub.resolve("cp-fails"));
        assertThat(upload(ONE, "first", words -> words)).contains("\"word\":\"IOERR\"", "no space left");
        assertThat(calls()).doesNotContain(" start");
        Files.delete(stub.resolve("cp-fails"));
        write("one/files/" + ONE + "/content", "fir");
        assertThat(upload(ONE, "first", words -> words)).contains("\"word\":\"OK\"");
        assertThat(read("one/files/" + ONE + "/content")).isEqualTo("first");

        var started = calls().split(" start", -1).length;
        assertThat(upload(OTHER, null, words -> words)).contains("is not a file");
        assertThat(upload(OTHER + "/../" + ONE, "x", words -> words)).contains("has an unexpected entry");
        assertThat(calls().split(" start", -1)).as("only the version before").hasSizeLessThanOrEqualTo(started + 2);
    }

    @Test
    void whatAKilledDeployWasFillingIsPutAwayByTheNext() {
        upload(ONE, "first", words -> words);
        write("one/files/.filling", "");
        upload(OTHER, "second", words -> words);
        assertThat(calls()).contains("ps -aq --filter label=io.github.xdevops.compose.fills=one");
        assertThat(list("one/files")).doesNotContain(".filling");
    }

    @Test
    void theComposeFileInAHomeNamesTheFilesOfTheRecordAndGoesWithIt() throws IOException {
        var place = home.resolve("shop");
        assertThat(upload(ONE, "first", words -> words.replace("lifetime=604800", "lifetime=forever home=" + place)))
                .contains("\"word\":\"OK\"");
        var mounted = home.resolve(".yourlabs.compose/one/files").resolve(ONE).resolve("content");
        assertThat(Files.readString(place.resolve("docker-compose.yml"))).contains("source: \"" + mounted + "\"");
        assertThat(run("down", List.of("project=one", "force=yes"), "")).contains("\"word\":\"OK\"");
        assertThat(place.resolve("docker-compose.yml")).doesNotExist();
    }

    @Test
    void aChangedNetworkIsMadeAnewAndAChangedVolumeIsNotTouched() {
        var text = """
                services:
                  web:
                    image: "x"
                networks:
                  front: {}
                volumes:
                  data: {}
                """;
        assertThat(deploy("one", text)).contains("\"word\":\"OK\"");
        var calls = calls();
        var changed = text.replace("{}", "\n    labels:\n      a: \"b\"");
        assertThat(deploy("one", changed))
                .contains("\"word\":\"OK\"", "warning the volume data was made with another definition");
        assertThat(calls().substring(calls.length()))
                .contains(
                        "network disconnect -f net web",
                        "network rm net",
                        "--force-recreate --no-build --quiet-pull web")
                .doesNotContain("volume rm");
        calls = calls();
        deploy("one", changed.replace("\"x\"", "\"y\""));
        assertThat(calls().substring(calls.length())).doesNotContain("network rm");
        assertThat(read("one/.definitions")).contains("volume data data: {}\n");
    }

    /** @param content of the mounted file, or null for a link in its place */
    private String upload(String name, @Nullable String content, UnaryOperator<String> change) {
        var text = """
                services:
                  web:
                    image: "x"
                    volumes:
                      - source: "./files/%s/content"
                        type: "bind"
                      - source: "%s"
                        type: "volume"
                """.formatted(name.replaceAll("/.*", ""), DIRECTORY);
        var files = archive(name + "/content", content);
        var trees = archive(DIRECTORY + "/x", "x");
        var all = new ByteArrayOutputStream();
        all.writeBytes(bundle(text).getBytes(StandardCharsets.UTF_8));
        all.writeBytes(files);
        all.writeBytes(trees);
        var words = String.join(
                " ",
                words(
                        "one",
                        text,
                        "upload=" + Sha256.hex(all.toByteArray()),
                        "files=" + files.length,
                        "trees=" + trees.length));
        return run(List.of(("deploy nonce=n " + change.apply(words)).split(" ")), Map.of(), all.toByteArray());
    }

    private byte[] archive(String name, @Nullable String content) {
        try {
            var root = Files.createTempDirectory(home, "archive");
            var file = root.resolve(".compose-files").resolve(name);
            Files.createDirectories(
                    root.resolve(".compose-files/" + name).resolve("..").normalize());
            if (content == null) {
                Files.createSymbolicLink(file, Path.of("/etc/passwd"));
            } else {
                Files.createDirectories(root.resolve(".compose-files").resolve(name.replaceAll("/.*", "")));
                Files.writeString(file, content);
            }
            var tar = new ProcessBuilder("tar", "-czPf", "-", ".compose-files/" + name)
                    .directory(root.toFile())
                    .start();
            return tar.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String calls() {
        try {
            return Files.readString(stub.resolve("calls"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> list(String directory) {
        var names =
                home.resolve(".yourlabs.compose").resolve(directory).toFile().list();
        return names == null ? List.of() : List.of(names);
    }
}
