package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.server.ServerScript;
import io.github.xdevops.compose.server.Wording;
import io.github.xdevops.compose.text.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/**
 * A home directory with the server's script and a stand-in for docker, under one real shell. A test class is annotated with
 * {@link io.github.xdevops.compose.proof.EveryShell}.
 */
public abstract class InEveryShell {
    static final Path TOOLS = Path.of("target/tools").toAbsolutePath();
    public static final String WEB = "services: {web: {image: x}}\n";

    @Parameter
    String shell;

    @TempDir
    Path home;

    Path stub;
    Path script;

    @BeforeEach
    void installScriptAndDocker() throws IOException {
        stub = Files.createDirectory(home.resolve("stub"));
        script = Files.write(home.resolve("stacks.sh"), ServerScript.text());
        var docker = copy("docker", Files.createDirectory(home.resolve("bin")).resolve("docker"));
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
    }

    String deploy(String project, String text) {
        return run("deploy", words(project, text), bundle(text));
    }

    public static List<String> words(String project, String text, String... more) {
        var words = new ArrayList<>(List.of(
                "project=" + project,
                "sha256=" + Sha256.hex(bundle(text).getBytes(StandardCharsets.UTF_8)),
                "identity=abcd",
                "hosts=" + project + ".test",
                "routed=web",
                "lifetime=604800",
                "budget=20",
                "lock_wait=5",
                "ready_wait=5"));
        words.addAll(List.of(more));
        return words;
    }

    public static String bundle(String text) {
        return "{\"branch\":\"x\"}\n" + text;
    }

    String run(String verb, List<String> words, String stdin) {
        var all = new ArrayList<>(List.of(verb, "nonce=n"));
        all.addAll(words);
        return run(all, Map.of(), stdin);
    }

    /** The script with these words, the verb among them. */
    String run(List<String> words, Map<String, String> variables, String stdin) {
        return run(words, variables, stdin.getBytes(StandardCharsets.UTF_8));
    }

    String run(List<String> words, Map<String, String> variables, byte[] stdin) {
        try {
            var process = begin(words, variables);
            try (var out = process.getOutputStream()) {
                out.write(stdin);
            } catch (IOException e) {
                // a script that refuses its words does not read its input
            }
            var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return worded(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What people read: the script's own lines as the client words them. */
    static String worded(String answer) {
        var lines = Pattern.compile("(?m)^(@\\w+ (?:result|refused) .*?\"message\":\")((?:[^\"\\\\\n]|\\\\.)*)"
                + "|^(@\\w+ (?:warning|note) )(.*)");
        return lines.matcher(answer).replaceAll(match -> {
            int at = match.group(1) == null ? 3 : 1;
            return Matcher.quoteReplacement(match.group(at) + Wording.of(match.group(at + 1)));
        });
    }

    /** The script at work, with these words, the verb among them, and no input. */
    Process start(List<String> words) throws IOException {
        var process = begin(words, Map.of());
        process.getOutputStream().close();
        return process;
    }

    /** The script at work, with these words, the verb among them. */
    Process begin(List<String> words, Map<String, String> variables) throws IOException {
        return begin(script, words, variables);
    }

    /** Likewise, for another program of the server. */
    Process begin(Path script, List<String> words, Map<String, String> variables) throws IOException {
        var command = new ArrayList<>(List.of(shell.split(" ")));
        assumeTrue(
                Files.isExecutable(TOOLS.resolve(command.get(0))),
                shell + " is not installed: the server's script is not checked with it");
        command.add(script.toString());
        command.addAll(words);
        var builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
        builder.environment().putAll(variables);
        builder.environment().put("STUB", stub.toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("PATH", home.resolve("bin") + ":" + TOOLS);
        return builder.start();
    }

    /** The real tools without a real docker, which would answer where the stand-in is taken away. */
    @BeforeAll
    static void linkTools() throws IOException {
        Files.createDirectories(TOOLS);
        for (var place : List.of("/usr/bin", "/bin")) {
            for (var tool :
                    ("sh dash bash busybox cat head tail tr sed grep cut date sync mv rm rmdir mkdir chmod dirname"
                                    + " basename flock stat sha256sum timeout setsid sleep xargs find sort cp cksum touch id base64 df awk true ln tar gzip")
                            .split(" ")) {
                var target = Path.of(place, tool);
                if (Files.exists(target) && !Files.exists(TOOLS.resolve(tool))) {
                    Files.createSymbolicLink(TOOLS.resolve(tool), target);
                }
            }
        }
    }

    String read(String file) {
        try {
            return Files.readString(home.resolve(".yourlabs.compose").resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String file, String text) {
        try {
            var path = home.resolve(".yourlabs.compose").resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path copy(String resource, Path target) throws IOException {
        try (var in = InEveryShell.class.getResourceAsStream(resource)) {
            Files.copy(in, target);
        }
        return target;
    }

    /** Writes a file that the stand-ins read. */
    final void put(String file, String text) {
        try {
            Files.writeString(stub.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
