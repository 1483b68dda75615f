package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The volume without a name of a service that is dropped, or that only a failed version had, on the real engine. */
class AnonymousVolumesIT {
    private static final String STATE = "state-anonymous";
    private static final Pattern VOLUME = Pattern.compile("volumes/([0-9a-f]{64})/_data");
    private static final String WEB = """
            services:
              web:
                image: compose-it/httpd:1
                command: ["httpd", "-f", "-p", "80"]
                ports: ["80"]
            """;
    private static final String WITH_DATABASE = WEB + """
              db:
                image: compose-it/busybox:1
                command: ["sleep", "1000"]
                volumes: ["/var/lib/data"]
            """;
    /** Says where its volume lies, and ends. */
    private static final String CRASH = WEB + """
              broken:
                image: compose-it/busybox:1
                command: ["sh", "-c", "grep ' /cache ' /proc/self/mountinfo >&2; exit 3"]
                volumes: ["/cache"]
            """;

    @TempDir
    Path directory;

    private TestServer server;
    private Stacks stacks;
    private String project;

    @BeforeEach
    void connect() {
        server = TestServer.required();
        stacks = server.stacks(STATE);
    }

    @AfterEach
    void takeDown() {
        if (stacks != null) {
            stacks.down(project, Progress.NONE);
            stacks.close();
            server.login("rm -rf " + STATE);
        }
    }

    @Test
    void itGoesWithItsServiceAndWithAVersionThatFailed() throws IOException {
        stacks.deploy(stack(WITH_DATABASE), Progress.NONE);
        var kept = volumeOfDatabase();
        var other = WITH_DATABASE.replace("\"sleep\", \"1000\"", "\"sleep\", \"2000\"");
        stacks.deploy(stack(other), Progress.NONE);
        assertThat(volumeOfDatabase()).as("the data of a service that stays").isEqualTo(kept);

        var said = new StringBuilder();
        assertThatThrownBy(() -> stacks.deploy(stack(other + CRASH.substring(WEB.length())), new Progress() {
                    @Override
                    public void phase(String name) {}

                    @Override
                    public void line(String text) {
                        said.append(text).append('\n');
                    }
                }))
                .hasMessageContaining("previous version is up again");
        assertThat(said).containsPattern(VOLUME);
        var failed = VOLUME.matcher(said);
        assertThat(failed.find()).isTrue();
        assertThat(volumes()).contains(kept).doesNotContain(failed.group(1));

        stacks.deploy(stack(WEB), Progress.NONE);
        assertThat(volumes()).doesNotContain(kept);
    }

    private String volumes() {
        return server.docker("volume", "ls", "-q");
    }

    private String volumeOfDatabase() {
        var name = server.docker("inspect", "--format", "{{range .Mounts}}{{.Name}}{{end}}", project + "-db-1")
                .strip();
        assertThat(name).matches("[0-9a-f]{64}");
        return name;
    }

    private Stack stack(String compose) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), compose);
        var stack = Stack.in(directory)
                .environment(Environment.of("acme/it", "feature/volumes"))
                .domain(server.domain())
                .render();
        project = stack.project();
        return stack;
    }
}
