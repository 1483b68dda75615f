package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether a tag has moved to another image; each test sets the registry's answers. */
@EveryShell
class TagsScriptTest extends InEveryShell {
    private static final String FILE = """
            services:
              web:
                image: "registry.test/shop:feat"
            """;
    private static final String OK = "\"word\":\"OK\"";

    /** The server has the image $STUB/id, the registry $STUB/new if there is one; $STUB/says is how a pull fails. */
    @BeforeEach
    void aRegistry() throws IOException {
        Files.writeString(stub.resolve("id"), "sha256:old registry.test/shop@sha256:1\n");
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'image inspect --format {{.Id}}{{range .RepoDigests}}'*) cat "$STUB/id"; exit 0 ;;
                'pull '*)
                  if [ -f "$STUB/says" ]; then cat "$STUB/says" && exit 1; fi
                  [ ! -f "$STUB/new" ] || mv "$STUB/new" "$STUB/id"
                  exit 0
                  ;;
                'ps '*'{{.Image}},{{.Networks}} {{.Status}}') echo 'a1 running web shop:7,one_default Up 2 hours'; exit 0 ;;
                esac
                """);
    }

    @Test
    @Tag("R16")
    void aTagThatHasMovedIsDeployedAndSaid() throws IOException {
        deploy("one", FILE);
        Files.writeString(stub.resolve("new"), "sha256:new registry.test/shop@sha256:2\n");
        Files.delete(stub.resolve("calls"));
        assertThat(deploy("one", FILE))
                .contains(
                        "the registry has a new image under registry.test/shop:feat, which is deployed: sha256:new",
                        OK);
        assertThat(calls()).contains(" up --no-start ");
        assertThat(read("one/deploy.log")).contains("has a new image under");
    }

    @Test
    void aTagThatHasNotMovedIsAskedForAndNothingIsTouched() throws IOException {
        deploy("one", FILE);
        Files.delete(stub.resolve("calls"));
        assertThat(deploy("one", FILE))
                .contains("asked for 1 images of the server, and have no newer ones", "\"changed\":false", OK);
        assertThat(calls()).contains("pull registry.test/shop:feat").doesNotContain(" up --no-start ");
    }

    @Test
    @Tag("R16")
    void aRegistryThatIsNotReachedIsReported() throws IOException {
        Files.writeString(stub.resolve("says"), "Error response from daemon: connection refused\n");
        assertThat(deploy("one", FILE))
                .contains("could not be queried for registry.test/shop:feat", "is used: Error response", OK);
    }

    @Test
    void aNewImageThatCannotBePulledChangesNothing() throws IOException {
        Files.writeString(stub.resolve("says"), "0123: Pulling fs layer\nwrite /var/lib: no space left on device\n");
        assertThat(deploy("one", FILE)).contains("\"word\":\"IOERR\"", "no space left", "nothing was changed");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    void whatIsPinnedHasAPolicyOrCameFromNoRegistryIsNotAskedFor() throws IOException {
        for (var image : List.of(
                "\"shop@sha256:" + "0".repeat(64) + "\"",
                "\"sha256:" + "0".repeat(64) + "\"",
                "\"shop\"\n    pull_policy: \"never\"",
                "\"-v\"")) {
            deploy("one", "services:\n  web:\n    image: " + image + "\n");
            assertThat(calls()).as(image).doesNotContain("\npull ");
        }
        for (var id :
                List.of("", "sha256:old", "sha256:old other.test/shop@sha256:1 registry.test/shop/web@sha256:1")) {
            Files.writeString(stub.resolve("id"), id + "\n");
            deploy("one", FILE);
            assertThat(calls()).as(id).doesNotContain("\npull ");
        }
    }

    @Test
    void eachPlatformIsAskedForAsItIsRun() throws IOException {
        deploy("one", FILE + "    platform: \"linux/arm64\"\n");
        assertThat(calls()).contains("\npull --platform linux/arm64 registry.test/shop:feat\n");
    }

    private String calls() throws IOException {
        return Files.readString(stub.resolve("calls"));
    }
}
