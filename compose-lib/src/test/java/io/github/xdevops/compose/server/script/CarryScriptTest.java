package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.testimage.TestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transferred images: what the server accepts, answers and deletes (P34, P35). */
@EveryShell
class CarryScriptTest extends InEveryShell {
    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);
    private static final String THREE = "3".repeat(64);
    private static final String IMAGE = "a".repeat(64);
    private static final String OTHERS = "b".repeat(64);

    private final TestImage image = new TestImage("{\"Cmd\":[\"x\"]}")
            .layer(Map.of("one", "1".getBytes(StandardCharsets.UTF_8)))
            .layer(Map.of("two", "2".getBytes(StandardCharsets.UTF_8)));

    /** An engine that has what $STUB/images says, a line for each, and takes what it is given to load. */
    @BeforeEach
    void anEngineWithImages() throws IOException {
        Files.writeString(stub.resolve("images"), "");
        Files.writeString(stub.resolve("hook"), """
                case $1:${2:-} in
                version:--format) case $3 in *Arch*) echo linux/test; exit ;; esac ;;
                image:ls) cut -d ' ' -f 1 "$STUB/images"; exit ;;
                image:inspect)
                  case $*: in
                  *RootFS*) cat "$STUB/images" ;;
                  *{{.Id}}*) grep -o "^$5\\>" "$STUB/images" || { [ "$5" = loaded/it ] && tail -n 1 "$STUB/images" | cut -d ' ' -f 1; } ;;
                  esac
                  exit
                  ;;
                load:)
                  mkdir -p "$STUB/loaded"
                  tar -xf - -C "$STUB/loaded"
                  [ ! -f "$STUB/wants" ] || [ -f "$STUB/loaded/$(cat "$STUB/wants").tar" ] || { echo 'open layer: no such file'; exit 1; }
                  id=$(sed 's/.*"Config":"\\([0-9a-f]*\\).*/\\1/' "$STUB/loaded/manifest.json")
                  [ ! -f "$STUB/containerd" ] || id=$(sha256sum <"$STUB/loaded/manifest.json" | cut -d ' ' -f 1)
                  layers=$(sed 's/.*"Layers":.\\([^]]*\\).*/,\\1/; s/"//g; s/\\.tar//g; s/,/ sha256:/g' "$STUB/loaded/manifest.json")
                  echo "sha256:$id$layers" >>"$STUB/images"
                  case $(cat "$STUB/containerd" 2>/dev/null) in name) echo "Loaded image: loaded/it" ;; *) echo "Loaded image ID: sha256:$id" ;; esac
                  exit
                  ;;
                esac
                """);
    }

    @Test
    void itTellsHowManyOfTheNamedLayersAreThereAndNothingOfOthers() throws IOException {
        Files.writeString(
                stub.resolve("images"),
                "sha256:" + IMAGE + " sha256:" + ONE + " sha256:" + TWO + "\nsha256:" + OTHERS + " sha256:" + THREE
                        + "\n");
        var asked = String.join(
                "\n",
                "c0 " + ONE + " " + TWO + " " + THREE, // a prefix of it
                "c1 " + TWO, // no layer is worth anything without those below it
                "c2 " + ONE + " " + THREE,
                IMAGE + " " + ONE + " " + TWO,
                "c3",
                "");
        assertThat(run("lacking", List.of(), asked).lines())
                .containsExactly(
                        "@n platform linux/test",
                        "@n have c0 2",
                        "@n have c1 0",
                        "@n have c2 1",
                        "@n have " + IMAGE + " all sha256:" + IMAGE,
                        "@n have c3 0",
                        "@n result {\"word\":\"OK\",\"message\":\"\"}");
    }

    @Test
    void whatIsNoHashEndsTheQuestions() throws IOException {
        Files.writeString(stub.resolve("images"), "sha256:" + IMAGE + " sha256:" + ONE + "\n");
        for (var asked : List.of("$(touch x) " + ONE, "../" + ONE, "c0 `id`", "{{.Id}}")) {
            assertThat(run("lacking", List.of(), asked + "\nc1 " + ONE + "\n")).doesNotContain("have");
        }
        assertThat(home.resolve("x")).doesNotExist();
    }

    @Test
    void anImageIsPutTogetherWithoutANameOfLayersThatAreWhatTheySay() throws IOException {
        assertThat(layer(0)).contains("\"word\":\"OK\"");
        assertThat(layer(1)).contains("\"word\":\"OK\"");
        assertThat(Files.getPosixFilePermissions(spool())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(spool().resolve(image.hashes().get(0) + ".tar")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(load()).contains("\"word\":\"OK\"");
        assertThat(loaded())
                .containsExactlyInAnyOrder(
                        "manifest.json",
                        image.id() + ".json",
                        image.hashes().get(0) + ".tar",
                        image.hashes().get(1) + ".tar");
        assertThat(stub.resolve("loaded/manifest.json"))
                .hasContent("[{\"Config\":\"" + image.id() + ".json\",\"RepoTags\":null,\"Layers\":[\""
                        + image.hashes().get(0) + ".tar\",\"" + image.hashes().get(1) + ".tar\"]}]");
        assertThat(spool()).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/.images/sha256:" + image.id()))
                .exists();
    }

    @Test
    void aLayerThatTheServerHasIsLeftOut() throws IOException {
        layer(1);
        assertThat(load()).contains("\"word\":\"OK\"");
        assertThat(loaded()).doesNotContain(image.hashes().get(0) + ".tar");
    }

    @Test
    void anEngineThatWantsAllLayersGetsThem() throws IOException {
        Files.writeString(stub.resolve("wants"), image.hashes().get(0));
        layer(1);
        assertThat(load()).contains("\"word\":\"DATA\"", "\"all\":true");
        layer(0);
        assertThat(load()).contains("\"word\":\"OK\"");
        assertThat(spool()).doesNotExist();
    }

    /** An engine that keeps images with containerd calls them by the hash of a manifest, and opens all layers. */
    @ParameterizedTest
    @ValueSource(strings = {"id", "name"})
    void anEngineMayHaveAnIdOfItsOwnWhichTheClientHearsAlsoLater(String said) throws IOException {
        Files.writeString(stub.resolve("containerd"), said);
        Files.writeString(stub.resolve("wants"), image.hashes().get(0));
        layer(1);
        assertThat(load()).contains("\"word\":\"DATA\"", "\"all\":true");
        layer(0);
        var answer = load();
        assertThat(answer).contains("\"word\":\"OK\"");
        var id = answer.replaceFirst("(?s).*\"image\":\"(sha256:[0-9a-f]{64})\".*", "$1");
        assertThat(id).hasSize(71).isNotEqualTo("sha256:" + image.id());
        assertThat(home.resolve(".yourlabs.compose/.images/" + id)).exists();
        assertThat(run("lacking", List.of(), asked())).contains("have " + image.id() + " all " + id + "\n");

        // A container of it is removed, and it is carried again; the last time too long ago.
        var note = home.resolve(".yourlabs.compose/.images/" + id);
        age(note);
        assertThat(run("lacking", List.of(), asked())).contains("have " + image.id() + " all " + id + "\n");
        assertThat(Files.getLastModifiedTime(note).toInstant())
                .isAfter(Instant.now().minus(Duration.ofHours(1)));
        age(note);
        run("sweep", List.of("force=yes"), "");
        assertThat(Files.readString(stub.resolve("calls"))).contains("image rm " + id);
        Files.writeString(stub.resolve("images"), "");
        assertThat(run("lacking", List.of(), asked())).contains("have " + image.id() + " 0\n");
    }

    @Test
    void anotherImageWithTheSameLayersIsNotTheOneThatIsAskedFor() throws IOException {
        Files.writeString(stub.resolve("containerd"), "id");
        layer(0);
        layer(1);
        load();
        assertThat(run("lacking", List.of(), asked().replace(image.id(), OTHERS)))
                .contains("have " + OTHERS + " 2\n");
    }

    @Test
    @Tag("V1")
    void hostileWordsAreRefusedBeforeAnythingIsThere() throws IOException {
        for (var hash : List.of("", "../x", "manifest", ONE + "0", ONE.substring(1), "A".repeat(64), "traefik")) {
            assertThat(run("layer", List.of("sha256=" + hash), "")).contains("\"word\":\"USAGE\"");
            assertThat(run("load", List.of("sha256=" + hash), "")).contains("\"word\":\"USAGE\"");
        }
        for (var layers :
                List.of("../x", "manifest", ONE + ",x", "/etc/passwd", ONE + "," + ONE + "0", "a b", "x\"y")) {
            assertThat(run("load", List.of("sha256=" + IMAGE, "layers=" + layers), "{}"))
                    .contains("\"word\":\"USAGE\"");
        }
        assertThat(home.resolve(".yourlabs.compose/.staging"))
                .satisfiesAnyOf(
                        place -> assertThat(place).doesNotExist(),
                        place -> assertThat(place).isEmptyDirectory());
        assertThat(stub.resolve("loaded")).doesNotExist();
    }

    @Test
    void aLayerThatDoesNotMatchItsHashIsNeverLoaded() throws IOException {
        // An archive with a name in it, a layer that was cut, another layer, and what is not compressed.
        var archive = Files.readAllBytes(image.write(home.resolve("named.tar"), TestImage.Form.CLASSIC));
        var whole = image.compressed(0);
        for (var sent : List.of(archive, Arrays.copyOf(whole, whole.length / 2), image.compressed(1), new byte[0])) {
            assertThat(layer(image.hashes().get(0), sent)).contains("\"word\":\"PROTO\"");
            assertThat(spool()).doesNotExist();
        }
        for (var sent : List.of(archive, "{}".getBytes(StandardCharsets.UTF_8))) {
            assertThat(run(loadWords(), Map.of(), sent)).contains("\"word\":\"PROTO\"");
            assertThat(spool()).doesNotExist();
        }
        assertThat(stub.resolve("loaded")).doesNotExist();
    }

    @Test
    void whereThereIsNoRoomNothingIsTaken() {
        write(".limits", "disk_mib=99999999999\n");
        assertThat(layer(0)).contains("\"word\":\"IOERR\"", "MiB free");
        assertThat(spool()).doesNotExist();
    }

    @Test
    @Tag("N4")
    void whatAKilledLoaderLeavesIsHarmlessAndGoesByAge() throws IOException, InterruptedException {
        layer(1);
        var loader =
                begin(List.of("layer", "nonce=n", "sha256=" + image.hashes().get(0)), Map.of());
        loader.getOutputStream().write(image.compressed(0), 0, 10);
        loader.getOutputStream().flush();
        var arriving = spool().resolve("." + image.hashes().get(0));
        while (!Files.exists(arriving)) {
            assertThat(loader.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        age(spool());
        // It is old, but somebody is at work there.
        assertThat(run("sweep", List.of("force=yes"), "")).contains("\"word\":\"OK\"");
        assertThat(spool()).exists();
        loader.destroyForcibly().waitFor();
        loader.getOutputStream().close();
        age(spool());
        assertThat(run("sweep", List.of("force=yes"), "")).contains("\"word\":\"OK\"");
        assertThat(spool()).doesNotExist();
        assertThat(stub.resolve("loaded")).doesNotExist();
    }

    @Test
    void anImageUnusedForADayIsRemovedUnlessAComposeFileNamesItsId() throws IOException {
        for (var id : List.of(IMAGE, OTHERS)) {
            write(".images/sha256:" + id, "");
            age(home.resolve(".yourlabs.compose/.images/sha256:" + id));
        }
        write("promoted/docker-compose.yml", "services:\n  web:\n    image: \"sha256:" + IMAGE + "\"\n");
        assertThat(run("sweep", List.of("force=yes"), "")).contains("\"word\":\"OK\"");
        assertThat(Files.readString(stub.resolve("calls")))
                .contains("image rm sha256:" + OTHERS)
                .doesNotContain("image rm sha256:" + IMAGE);
    }

    @Test
    void anImageThatIsCarriedAgainWaitsADayMore() throws IOException {
        Files.writeString(stub.resolve("images"), "sha256:" + IMAGE + " sha256:" + ONE + "\n");
        write(".images/sha256:" + IMAGE, "");
        age(home.resolve(".yourlabs.compose/.images/sha256:" + IMAGE));
        assertThat(run("lacking", List.of(), IMAGE + " " + ONE + "\n" + OTHERS + " " + ONE + "\n"))
                .contains("have " + IMAGE + " all", "have " + OTHERS + " 1");
        run("sweep", List.of("force=yes"), "");
        assertThat(Files.readString(stub.resolve("calls"))).doesNotContain("image rm");
    }

    @Test
    void aKeyBehindAGateMayCarry() throws IOException {
        Files.writeString(stub.resolve("images"), "sha256:" + IMAGE + " sha256:" + ONE + "\n");
        var gate = List.of("gate", "state=.yourlabs.compose", "repository=acme");
        var asked = "exec /bin/sh -c 'x' compose .host/x.sh %s";
        assertThat(run(gate, Map.of("SSH_ORIGINAL_COMMAND", asked.formatted("lacking nonce=n")), IMAGE + " " + ONE))
                .contains("have " + IMAGE + " all");
        assertThat(run(
                        gate,
                        Map.of(
                                "SSH_ORIGINAL_COMMAND",
                                asked.formatted(
                                        "layer nonce=n sha256=" + image.hashes().get(0))),
                        image.compressed(0)))
                .contains("\"word\":\"OK\"");
        assertThat(run(
                        gate,
                        Map.of(
                                "SSH_ORIGINAL_COMMAND",
                                asked.formatted("load nonce=n sha256=" + image.id() + " layers="
                                        + String.join(",", image.hashes()))),
                        image.config()))
                .contains("\"word\":\"OK\"");
    }

    private String layer(int index) {
        return layer(image.hashes().get(index), image.compressed(index));
    }

    private String layer(String hash, byte[] sent) {
        return run(List.of("layer", "nonce=n", "sha256=" + hash, "budget=20"), Map.of(), sent);
    }

    private String load() {
        return run(loadWords(), Map.of(), image.config());
    }

    private List<String> loadWords() {
        return List.of(
                "load", "nonce=n", "budget=20", "sha256=" + image.id(), "layers=" + String.join(",", image.hashes()));
    }

    private String asked() {
        return image.id() + " " + String.join(" ", image.hashes()) + "\n";
    }

    private Path spool() {
        return home.resolve(".yourlabs.compose/.staging/.carry.n");
    }

    private List<String> loaded() throws IOException {
        var names = new ArrayList<String>();
        try (var files = Files.list(stub.resolve("loaded"))) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }

    private static void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    }
}
