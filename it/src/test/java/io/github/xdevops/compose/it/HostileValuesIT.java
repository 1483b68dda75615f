package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real container sees exactly the bytes that were asked for: in its environment, its labels and its files. */
class HostileValuesIT {
    private static final List<String> CATALOGUE = List.of(
            "$HOME",
            "$$",
            "${X}",
            "${X:-y}",
            "$",
            "${",
            "pa$$word",
            "`id`",
            "$(id)",
            "{{.X}}",
            "%s",
            "a\nb",
            "a\r\nb",
            "\t",
            "  x  ",
            "'",
            "\"",
            "\\",
            "\\n",
            "#c",
            ": x",
            "- x",
            "{a}",
            "[a]",
            "&a",
            "*a",
            "!t",
            "|",
            ">",
            "? x",
            "<<",
            "~",
            "null",
            "true",
            "yes",
            "NO",
            "0777",
            "1e3",
            "22:22",
            "1_000",
            "2020-01-01",
            "\u00e9",
            "\ud83d\ude00",
            "\u0085",
            "\u2028",
            "\u2029",
            "\ufeff",
            "\u202e",
            "\u0001",
            "\u007f",
            "",
            "x".repeat(20_000),
            "{\"a\": [1]}",
            "$2y$05$abcdefghijklmnopqrstuv",
            "</script>",
            "a=b",
            "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n",
            "\n",
            "a\n\n",
            " a: b # c",
            "trailing\n ");
    private static final String ALPHABET =
            "ab01$${}`'\"\\\n\t #:-[]{}&*!|>%@~\u00e9\u0085\u2028\ufeff\u202e\u0001\u007f";

    @TempDir
    Path directory;

    @Test
    @Tag("V1")
    void everyValueArrivesByteForByte() throws Exception {
        var server = TestServer.required();
        var values = new ArrayList<>(CATALOGUE);
        var random = new Random(9);
        for (int i = 0; i < 300; i++) {
            var text = new StringBuilder();
            for (int n = 1 + random.nextInt(12); n > 0; n--) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            values.add(text.toString());
        }
        var environment = new LinkedHashMap<String, String>();
        var labels = new LinkedHashMap<String, String>();
        var contents = new LinkedHashMap<String, Object>();
        var mounts = new ArrayList<Object>();
        for (int i = 0; i < values.size(); i++) {
            // In a compose file that people write, a dollar is written twice.
            var written = values.get(i).replace("$", "$$");
            environment.put("V" + i, written);
            labels.put("v" + i, written);
            if (i < CATALOGUE.size() && !written.isEmpty()) {
                contents.put("c" + i, Map.of("content", written));
                mounts.add(Map.of("source", "c" + i, "target", "/c/" + i));
            }
        }
        var odd = List.of("LD_PRELOAD", "DOCKER_HOST", "COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "-x", "a b", "LONG");
        odd.forEach(key -> environment.put(key, key.equals("LONG") ? "x".repeat(100_000) : "odd " + key));
        Files.writeString(
                directory.resolve("compose.yaml"),
                Json.write(Map.of(
                        "services",
                        Map.of(
                                "web",
                                Map.of(
                                        "image", "compose-it/httpd:1",
                                        "expose", List.of("80"),
                                        "environment", environment,
                                        "labels", labels,
                                        "configs", mounts)),
                        "configs",
                        contents)));
        var stack = Stack.in(directory)
                .environment(Environment.of("acme/it", "feature/hostile"))
                .domain(server.domain())
                .render();
        try (var stacks = server.stacks()) {
            try {
                stacks.deploy(stack, Progress.NONE);
                var container = stack.project() + "-web-1";
                var config =
                        (Map<?, ?>) Json.parse(server.docker("inspect", "--format", "{{json .Config}}", container));
                var seen = new LinkedHashMap<String, String>();
                ((List<?>) config.get("Env")).forEach(entry -> {
                    var text = String.valueOf(entry);
                    seen.put(text.substring(0, text.indexOf('=')), text.substring(text.indexOf('=') + 1));
                });
                odd.forEach(key -> assertThat(seen.get(key)).as(key).isEqualTo(environment.get(key)));
                var seenLabels = (Map<?, ?>) config.get("Labels");
                for (int i = 0; i < values.size(); i++) {
                    assertThat(seen.get("V" + i)).as("environment " + i).isEqualTo(values.get(i));
                    assertThat(seenLabels.get("v" + i)).as("label " + i).isEqualTo(values.get(i));
                    if (i < CATALOGUE.size() && !values.get(i).isEmpty()) {
                        assertThat(server.docker("exec", container, "cat", "/c/" + i))
                                .as("file " + i)
                                .isEqualTo(values.get(i));
                    }
                }
            } finally {
                stacks.down(stack.project(), Progress.NONE);
            }
        }
        Proof.claim("byte-exact: " + values.size() + " of " + values.size() + " values in environment and labels, "
                + contents.size() + " in files");
    }
}
