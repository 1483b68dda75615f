package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Ring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The n-th call to Docker fails, for every n: the answer is true, nothing is lost, and the same again comes to the same end. */
@ParameterizedClass
@ValueSource(strings = "dash")
class DockerFailsTest extends InEveryShell {
    private static final String OTHER = "services: {web: {image: y}}\n";
    private static final String OK = "\"word\":\"OK\"";
    private static final int MANY = 60;

    @BeforeEach
    void failAtTheCallThatIsTold() throws IOException {
        Files.writeString(stub.resolve("hook"), """
                if [ -f "$STUB/fail-at" ]; then
                  read -r left <"$STUB/fail-at"
                  echo $((left - 1)) >"$STUB/fail-at"
                  if [ "$left" -eq 1 ]; then echo "Error response from daemon: 500" >&2; exit 1; fi
                fi
                """);
    }

    @Test
    void firstDeploy() {
        var faults = each(
                () -> deploy("one", WEB),
                () -> assertThat(deploy("one", WEB)).contains(OK),
                () -> run("down", List.of("project=one"), ""));
        assertThat(faults).isGreaterThan(5);
    }

    @Test
    void redeploy() {
        deploy("one", WEB);
        var faults = each(
                () -> deploy("one", OTHER),
                () -> {
                    assertThat(deploy("one", OTHER)).contains(OK);
                    assertThat(read("one/docker-compose.yml")).isEqualTo(OTHER);
                },
                () -> assertThat(deploy("one", WEB)).contains(OK));
        assertThat(faults).isGreaterThan(5);
    }

    @Test
    void down() {
        deploy("one", WEB);
        var faults = each(
                () -> run("down", List.of("project=one"), ""),
                () -> {
                    assertThat(run("down", List.of("project=one"), "")).contains(OK);
                    assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
                    assertThat(containers()).doesNotContain("one ");
                },
                () -> deploy("one", WEB));
        assertThat(faults).isGreaterThan(5);
    }

    @Test
    void sweep() {
        deploy("one", WEB);
        write("one/removeat", "1000000000\n");
        var faults = each(
                () -> run("sweep", List.of("force=yes"), ""),
                () -> {
                    run("sweep", List.of("force=yes"), "");
                    assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
                    assertThat(containers()).doesNotContain("one ");
                },
                () -> {
                    deploy("one", WEB);
                    write("one/removeat", "1000000000\n");
                });
        assertThat(faults).isGreaterThan(5);
    }

    /** Fails one call after the other until a run needs no further one; returns how many there were. */
    private int each(Supplier<String> work, Runnable again, Runnable reset) {
        run("deploy", words("other", OTHER, "hosts=other.test"), bundle(OTHER));
        var step = Ring.count(5, 1);
        for (var n = 1 + Ring.offset(step); n < MANY; n += step) {
            write("../stub/fail-at", n + "\n");
            var answer = work.get();
            var left = Integer.parseInt(read("../stub/fail-at").strip());
            remove("stub/fail-at");
            assertThat(answer).as("call " + n).contains("@n result {");
            assertThat(containers()).as("a container has a record, call " + n).satisfies(list -> {
                if (list.contains("one ")) {
                    assertThat(read("one/removeat")).matches("[0-9]{10}\n");
                }
            });
            again.run();
            assertThat(read("other/docker-compose.yml")).isEqualTo(OTHER);
            assertThat(containers()).contains("other web running");
            reset.run();
            if (left > 0) {
                return n - 1;
            }
        }
        throw new AssertionError("more than " + MANY + " calls");
    }

    private String containers() {
        return Files.exists(stub.resolve("containers")) ? read("../stub/containers") : "";
    }

    private void remove(String file) {
        try {
            Files.delete(home.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
