package io.github.xdevops.compose.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.text.Json;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No byte of a value leaves its place, neither in YAML nor in a shell. */
@Tag("values")
class HostileScalarsTest {
    private static final int VALUES = Ring.count(10_000, 100_000);
    private static final int BATCH = 500;
    private static final long SEED = Ring.seed();
    private static final List<String> PIECES = List.of(
            "$",
            "$$",
            "${X}",
            "${X:-y}",
            "$(id)",
            "`id`",
            "{{.X}}",
            "%s",
            "\\",
            "\\n",
            "\n",
            "\r",
            "\r\n",
            "\t",
            " ",
            "'",
            "\"",
            "'\"'\"'",
            "#",
            ": ",
            "- ",
            "{",
            "}",
            "[",
            "]",
            "&",
            "*",
            "!",
            "|",
            ">",
            "? ",
            "<<",
            "~",
            "null",
            "yes",
            "0777",
            "22:22",
            "---\n",
            "\n...\n",
            "%YAML 1.1\n",
            "\n\"x\": \"y",
            "a",
            "B",
            "0",
            "-",
            "=",
            ";",
            "\u00e9",
            "\ud83d\ude00",
            "\u0085",
            "\u2028",
            "\u2029",
            "\ufeff",
            "\u202e",
            "\u0001",
            "\u001b[2J",
            "\u007f",
            "</script>",
            "!reset",
            "[=x]",
            "<#if>");

    @Test
    @Tag("V1")
    void noByteLeavesItsPlaceInYaml() {
        System.out.println("values: seed " + SEED);
        var random = new Random(SEED);
        var base = ComposeFile.parse("services: {web: {image: a}}", "base");
        for (int done = 0; done < VALUES; done += BATCH) {
            var values = new LinkedHashMap<String, Object>();
            for (int i = 0; i < BATCH; i++) {
                values.put("V" + i, value(random));
            }
            var overlay = Map.of("services", Map.of("web", Map.of("environment", values, "labels", values)));
            var text = base.merge(Json.write(overlay), "overlay").text();
            var again = ComposeFile.parse(text, "again");
            var web = (Map<?, ?>) Objects.requireNonNull(
                    ((Map<?, ?>) Objects.requireNonNull(again.tree().get("services"))).get("web"));
            assertThat(web.get("environment")).isEqualTo(values);
            assertThat(web.get("labels")).isEqualTo(values);
            assertThat(web.keySet().stream().map(String::valueOf))
                    .containsExactlyInAnyOrder("image", "environment", "labels", "networks");
            assertThat(again.tree().keySet()).hasToString("[services, networks]");
            assertThat(again.text()).isEqualTo(text);
        }
        Proof.claim("values in YAML: " + VALUES + " in environment and labels, changed: 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox"})
    void noByteLeavesItsPlaceInAShell(String shell, @TempDir Path scratch) throws IOException, InterruptedException {
        var binary = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(directory -> new File(directory, shell))
                .filter(File::canExecute)
                .map(File::getPath)
                .findFirst()
                .orElse("");
        assumeTrue(!binary.isEmpty(), shell + " is not installed, so quoting for it was not checked");
        var random = new Random(SEED);
        for (int done = 0; done < VALUES; done += BATCH) {
            var values = new ArrayList<String>();
            for (int i = 0; i < BATCH; i++) {
                values.add(value(random));
            }
            var text = Command.script("printf \"%s\\0\" \"$@\"", values).text();
            var script = Files.writeString(scratch.resolve("text"), text);
            var command = shell.equals("busybox")
                    ? List.of(binary, "sh", script.toString())
                    : List.of(binary, script.toString());
            var process = new ProcessBuilder(command)
                    .directory(scratch.toFile())
                    .redirectErrorStream(true)
                    .start();
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Arrays.asList(out.split("\0", -1)).subList(0, BATCH)).isEqualTo(values);
            assertThat(out).endsWith(values.get(BATCH - 1) + "\0");
        }
        try (var files = Files.list(scratch)) {
            assertThat(files).hasSize(1);
        }
        Proof.claim("values in " + shell + ": " + VALUES + " as arguments, changed: 0");
    }

    private static String value(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            if (random.nextInt(5) == 0) {
                int c = 1 + random.nextInt(random.nextBoolean() ? 0x2100 : 0x10ffff);
                text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 'x' : c);
            } else {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
        }
        return text.toString();
    }
}
