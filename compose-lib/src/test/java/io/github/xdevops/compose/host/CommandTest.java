package io.github.xdevops.compose.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    @TempDir
    Path scratch;

    @Test
    void aScriptIsOneLineThatAnyLoginShellHandsToSh() {
        assertThat(Command.script("echo \"$1\"", List.of("plain-1.2", "two words", "it's", "a\\b", ""))
                        .text())
                .isEqualTo("exec /bin/sh -c 'echo \"$1\"' compose plain-1.2 'two words' 'it'\\''s' 'a'\\\\'b' ''");
    }

    @Test
    void wordsThatSomeShellExpandsAtTheirBeginningAreQuoted() {
        assertThat(Command.quote("=ls")).isEqualTo("'=ls'");
        assertThat(Command.quote("%1")).isEqualTo("'%1'");
        assertThat(Command.quote("a=b%c")).isEqualTo("a=b%c");
    }

    @Test
    void aSingleQuoteInAScriptIsRefused() {
        assertThatThrownBy(() -> Command.script("echo 'x'", List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatNoArgumentCanCarryIsRefused() {
        assertThatThrownBy(() -> Command.script("true", List.of("a\0b"))).hasMessageContaining("NUL");
        assertThatThrownBy(() -> Command.script("true", List.of("\ud800"))).hasMessageContaining("surrogate");
        assertThatThrownBy(() -> Command.script("true", List.of("x".repeat(130_000))))
                .hasMessageContaining("standard input");
    }

    @Test
    void aDeadlineIsPositive() {
        Command command = Command.script("true", List.of());
        assertThatThrownBy(() -> command.withDeadline(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command.withDeadline(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesAreCopiedAndComparedByContent() {
        byte[] bytes = {1, 2, 3};
        Command command = Command.script("true", List.of()).withStdin(bytes);
        bytes[0] = 9;
        command.stdin()[1] = 9;
        assertThat(command.stdin()).containsExactly(1, 2, 3);
        assertThat(command)
                .isEqualTo(Command.script("true", List.of()).withStdin(new byte[] {1, 2, 3}))
                .hasSameHashCodeAs(Command.script("true", List.of()).withStdin(new byte[] {1, 2, 3}))
                .isNotEqualTo(Command.script("true", List.of()));
    }

    @Test
    void itPrintsSizesAndNoContent() {
        Command command = Command.script("true", List.of("hush")).withStdin("hush".getBytes(StandardCharsets.UTF_8));
        assertThat(command).asString().contains("4 bytes").doesNotContain("hush");
    }

    @ParameterizedTest
    @Tag("N22")
    @ValueSource(strings = {"sh", "bash", "dash", "busybox", "zsh", "fish"})
    void argumentsSurviveEveryLoginShell(String shell) throws Exception {
        String binary = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(directory -> new File(directory, shell))
                .filter(File::canExecute)
                .map(File::getPath)
                .findFirst()
                .orElse("");
        assumeTrue(!binary.isEmpty(), shell + " is not installed, so quoting for it was not checked");
        for (List<String> words : Hostile.words().toList()) {
            String text = Command.script("printf \"%s\\0\" \"$@\"", words).text();
            Path script = Files.writeString(scratch.resolve("text"), text);
            ProcessBuilder builder = shell.equals("busybox")
                    ? new ProcessBuilder(binary, "ash", script.toString())
                    : new ProcessBuilder(binary, script.toString());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().put("HOME", scratch.toString());
            Process process = builder.redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Arrays.asList(output.split("\0", -1)).subList(0, words.size()))
                    .isEqualTo(words);
        }
    }
}
