package io.github.xdevops.compose.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.proof.HostileTexts;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.template.TemplateFailure;
import io.github.xdevops.compose.template.Templates;
import io.github.xdevops.compose.text.Json;
import io.github.xdevops.compose.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a branch or a server writes: nothing that the library gives back makes a terminal or a pipeline do something. */
@Tag("N14")
class HostileOutputTest {
    private static final long SEED = 20261130;
    private static final Pattern NONCE = Pattern.compile("nonce=(\\w+)");

    private final List<String> obeyed = new ArrayList<>();
    private int tried;

    @Test
    void noTextIsObeyed() throws Exception {
        HostileTexts.of(SEED, 10_000).forEach(text -> {
            check("text", Printable.text(text));
            check("line", Printable.line(text));
            check("lines", Printable.lastLines(text));
            check("escaped", Printable.escaped(text));
            check("quoted", Printable.quoted(Json.write(Map.of(Printable.text(text), List.of(text)))));
            assertThat(Printable.line(text)).doesNotContain("\n");
        });
        assertThat(obeyed).isEmpty();
        Proof.claim("hostile texts through the sanitizer: " + tried + ", obeyed: " + obeyed.size());
    }

    @Test
    void whatIsQuotedMeansTheSame() {
        HostileTexts.of(SEED, Ring.count(2_000, 10_000))
                .forEach(text -> assertThat(Json.parse(Printable.quoted(Json.write(text))))
                        .isEqualTo(text));
    }

    @Test
    void aComposeFileThatIsPrintedMeansTheSame() {
        HostileTexts.of(SEED, Ring.count(500, 10_000))
                .filter(text -> text.indexOf('\0') < 0)
                .forEach(text -> {
                    var written = ComposeFile.parse(
                            "services: {web: {image: x, environment: {A: " + Json.write(text) + "}, labels: {"
                                    + Json.write(text) + ": x}}}",
                            "a.yaml");
                    var printed = Printable.quoted(written.text());
                    check("yaml", printed);
                    assertThat(ComposeFile.parse(printed, "a.yaml").tree()).isEqualTo(written.tree());
                });
        assertThat(obeyed).isEmpty();
    }

    @Test
    void messagesAboutComposeFilesAndTemplatesAreNotObeyed() {
        var templates = new Templates(List.of());
        HostileTexts.of(SEED + 1, Ring.count(1_000, 10_000)).forEach(text -> {
            var value = Json.write(text);
            refused("key", () -> ComposeFile.parse("services: {web: {image: x}}\n" + value + ": 1\n", "a.yaml"));
            refused(
                    "value",
                    () -> ComposeFile.parse("services: {web: {image: x, mem_limit: " + value + "}}\n", "a.yaml"));
            refused(
                    "source",
                    () -> ComposeFile.parse("services: {web: {image: x, command: " + text + "}}\n" + text, text));
            refused("name", () -> Lifetime.parse(text));
            refused("template", () -> templates.renderText("a.ftl", "[#stop " + value + "]" + text, Map.of()));
        });
        assertThat(obeyed).isEmpty();
    }

    @Test
    void controlsInOutputOfTheServerAreNotObeyed() {
        HostileTexts.lines(SEED + 2, Ring.count(500, 10_000)).forEach(text -> {
            var json = Json.write(text);
            asked(text, "@N result {\"word\":\"DATA\",\"message\":" + json + "}");
            asked(text, "@N result " + text);
            asked(text, "@N phase " + text);
            asked(
                    text,
                    "@N record {\"project\":" + json
                            + ",\"lease\":\"forever\",\"manifest\":{\"state\":\"live\",\"about\":{\"author\":" + json
                            + ",\"urls\":[" + json + "]}}}");
        });
        assertThat(obeyed).isEmpty();
    }

    private void asked(String text, String line) {
        Consumer<String> hear = shown -> check("shown", shown);
        var progress = new Progress() {
            @Override
            public void phase(String name) {
                hear.accept(name);
            }

            @Override
            public void line(String shown) {
                hear.accept(shown);
            }

            @Override
            public void waiting(String what) {
                hear.accept(what);
            }
        };
        try (var stacks = Stacks.on(answering(text, line))) {
            refused("down", () -> stacks.down("x", progress));
            refused("pin", () -> stacks.pin("x", null, progress));
            refused("sweep", () -> stacks.sweep(progress));
            refused("logs", () -> stacks.logs("x", null, 1, false, hear));
            refused("exec", () -> stacks.exec("x", "web", "true", Duration.ofSeconds(1), hear));
            refused("list", () -> stacks.status().warnings().forEach(hear));
            refused(
                    "list",
                    () -> stacks.list().forEach(status -> {
                        hear.accept(status.project());
                        hear.accept(String.valueOf(status.revision().author()));
                        status.urls().forEach(hear);
                    }));
        }
    }

    /** A server that says a line of a program's and one of the script's, and then that all went well. */
    private static Host answering(String program, String script) {
        return new Host() {
            @Override
            public String address() {
                return "server";
            }

            @Override
            public Result run(Command command, Input input, Consumer<String> lines) {
                var nonce = NONCE.matcher(command.text());
                Function<String, String> ours = line -> line.replace("@N ", "@" + nonce.group(1) + " ");
                assertThat(nonce.find()).isTrue();
                lines.accept(program);
                lines.accept(ours.apply(script));
                if (!script.startsWith("@N result")) {
                    lines.accept(ours.apply("@N result {\"word\":\"OK\",\"exit\":0}"));
                }
                return new Result(0, "", program);
            }

            @Override
            public void close() {}
        };
    }

    private void refused(String exit, Runnable work) {
        try {
            work.run();
        } catch (ComposeFileException | TemplateFailure | ComposeException e) {
            check(exit, String.valueOf(e.getMessage()));
        }
    }

    private void check(String exit, String output) {
        tried++;
        if (HostileTexts.isObeyed(output)) {
            obeyed.add(exit + ": " + Json.write(Printable.escaped(output)));
        }
    }
}
