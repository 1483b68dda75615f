package io.github.xdevops.compose.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeCommandTest {
    @TempDir
    Path directory;

    private final List<String> lines = new ArrayList<>();

    @Test
    void aBuildSeesTheProjectsVariablesAndNothingElseOfThisProcess() throws IOException {
        run("env", Map.of("TAG", "7", "PATH", "/evil"));
        assertThat(lines).contains("TAG=7", "PATH=" + System.getenv("PATH"));
        assertThat(lines.stream().map(line -> line.replaceFirst("=.*", "")))
                .contains("HOME")
                .allMatch(name -> List.of("TAG", "PATH", "HOME", "USER", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_")
                                .contains(name)
                        || name.matches("(DOCKER|BUILDX|XDG|SSH_AUTH)_.*|(?i)(HTTPS?|NO)_PROXY"));
    }

    @Test
    void aFailureIsToldByItsLastLine() {
        assertThatThrownBy(() -> run("echo building; echo; echo 'no such file: a'; exit 17", Map.of()))
                .isInstanceOf(ImageException.class)
                .hasMessage("no such file: a");
        assertThat(lines).containsExactly("building", "no such file: a");
        assertThatThrownBy(() -> run("exit 3", Map.of())).hasMessage("exit status 3");
        assertThatThrownBy(() -> new ComposeCommand("no-such-docker")
                        .run(directory, List.of(), Map.of(), Duration.ofSeconds(5), line -> {}))
                .hasMessageContaining("docker cannot be started on this machine");
    }

    @Test
    void whatTakesTooLongIsEnded() {
        assertThatThrownBy(() -> run("sleep 30", Map.of(), Duration.ofSeconds(1)))
                .hasMessage("it takes longer than 1 s");
    }

    private void run(String script, Map<String, String> variables) throws IOException {
        run(script, variables, Duration.ofSeconds(20));
    }

    private void run(String script, Map<String, String> variables, Duration patience) throws IOException {
        var docker = Files.writeString(directory.resolve("docker"), "#!/bin/sh\n" + script + "\n");
        assertThat(docker.toFile().setExecutable(true)).isTrue();
        new ComposeCommand(docker.toString())
                .run(directory, List.of("compose", "build"), variables, patience, lines::add);
    }
}
