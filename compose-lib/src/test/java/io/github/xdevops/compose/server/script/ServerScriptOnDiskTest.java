package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.LocalHost;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.server.ServerScript;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the script comes to a server, and what becomes of it in a power cut. */
class ServerScriptOnDiskTest {
    @TempDir
    Path directory;

    private final List<Command> sent = new ArrayList<>();

    @Test
    void aScriptThatAPowerCutHasEmptiedIsWrittenAnew() throws IOException {
        try (var stacks = Stacks.on(host(), state().toString())) {
            assertThat(stacks.list()).isEmpty();
            Files.writeString(script(), "");
            assertThat(stacks.list()).isEmpty();
        }
        assertThat(script()).hasBinaryContent(ServerScript.text());
    }

    @Test
    void itIsOnTheDiskBeforeItHasItsName() throws Exception {
        for (var tool : List.of("sync", "mv")) {
            program(
                    tool,
                    "echo \"${0##*/} $*\" >>\"$LOG\"; exec /usr/bin/env -i PATH=/usr/bin:/bin \"${0##*/}\" \"$@\"");
        }
        assertThat(install()).isZero();
        assertThat(Files.readString(directory.resolve("log"))
                        .replaceAll("/\\S*/", "")
                        .replaceAll("\\.[0-9]+\\b", ".N"))
                .matches("sync stacks-[0-9a-f]+.sh.N\nmv -f stacks-[0-9a-f]+.sh.N stacks-[0-9a-f]+.sh\nsync .host\n");
        assertThat(script()).hasBinaryContent(ServerScript.text());
    }

    @Test
    void whatTheDiskDidNotTakeDoesNotGetItsName() throws Exception {
        program("sync", "echo \"sync: error syncing '$1': Input/output error\" >&2; exit 1");
        assertThat(install()).isEqualTo(74);
        try (Stream<Path> left = Files.list(state().resolve(".host"))) {
            assertThat(left).isEmpty();
        }
    }

    /** No quotes of csh hold the end of a line. */
    @Tag("N22")
    @Test
    void noCommandHasMoreThanOneLine() {
        try (var stacks = Stacks.on(host(), state().toString())) {
            stacks.list();
            stacks.down("one", Progress.NONE);
        } catch (ComposeException e) {
            assertThat(e.word()).as("there may be no Docker here").isEqualTo(Outcome.UNAVAIL);
        }
        assertThat(sent)
                .hasSizeGreaterThan(3)
                .allSatisfy(command -> assertThat(command.text()).doesNotContain("\n"));
    }

    /** Runs what is sent to install the script, with the programs of this test before the others. */
    private int install() throws Exception {
        try (var stacks = Stacks.on(host(), state().toString())) {
            stacks.list();
        }
        var command = sent.get(1);
        Files.delete(script());
        var builder = new ProcessBuilder("/bin/sh", "-c", command.text());
        builder.environment().put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
        builder.environment().put("LOG", directory.resolve("log").toString());
        var process = builder.redirectErrorStream(true).start();
        try (var out = process.getOutputStream()) {
            out.write(command.stdin());
        }
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    private void program(String name, String text) throws IOException {
        var file = Files.createDirectories(directory.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n", StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Path state() {
        return directory.resolve("state");
    }

    private Path script() throws IOException {
        try (Stream<Path> files = Files.list(state().resolve(".host"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("stacks-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** This machine; remembers what it was told. */
    private Host host() {
        var here = new LocalHost();
        return new Host() {
            @Override
            public String address() {
                return here.address();
            }

            @Override
            public Result run(Command command, Input input, Consumer<String> lines) {
                sent.add(command);
                return here.run(command, input, lines);
            }

            @Override
            public void close() {
                here.close();
            }
        };
    }
}
