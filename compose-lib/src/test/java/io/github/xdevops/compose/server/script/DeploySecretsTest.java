package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.render.StackBuilder;
import io.github.xdevops.compose.render.Stage;
import io.github.xdevops.compose.server.Bundle;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.RegistryLogin;
import io.github.xdevops.compose.server.Stacks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canaries: secrets from everywhere that a stack has them from, in everything that a deploy says. */
class DeploySecretsTest {
    private static final List<String> CANARIES = List.of(
            "canary-dotenv",
            "canary-given",
            "canary-caller",
            "canary-literal",
            "canary-login",
            "canary-file",
            "canary-line",
            "canary-over");

    @TempDir
    Path directory;

    private final List<String> heard = new ArrayList<>();
    private final Progress progress = new Progress() {
        @Override
        public void phase(String name) {
            heard.add(name);
        }

        @Override
        public void line(String text) {
            heard.add(text);
        }
    };

    @BeforeEach
    void writeComposeFile() throws IOException {
        Files.writeString(
                directory.resolve(".env"),
                "DB_PASSWORD=canary-dotenv\nUNUSED_TOKEN=canary-unused\nMODE=plain-dotenv\n");
        Files.writeString(directory.resolve("key.pem"), "canary-file\n  canary-line\n");
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: x
                    command: [serve, "--db", "${DB_PASSWORD}", "--mode", "${MODE}"]
                    expose: ["80"]
                    environment:
                      API_TOKEN: ${GIVEN_SECRET}
                      CALLER_KEY:
                      OTHER_PASSWORD: canary-literal
                      DATABASE_URL: postgres://ann:canary-login@db/shop
                    secrets: [pem]
                secrets: {pem: {file: ./key.pem}}
                """);
    }

    @Test
    void theSecretsOfAStackAreKnownAndNoOthers() {
        assertThat(stack().secrets())
                .containsAll(CANARIES)
                .doesNotContain("plain-dotenv")
                // The server has nothing to do with it.
                .doesNotContain("canary-unused");
    }

    @Test
    void whatEverybodySeesIsNoSecret() throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: x, expose: [80], environment: {KEY_URL: '${COMPOSE_URL}', KEY_HOST: '${COMPOSE_HOST}'}}}\n");
        assertThat(stack(builder()).secrets()).isEmpty();
    }

    @Test
    void theServerLearnsTheFormsBesideTheFile() {
        var bundle = new String(Bundle.of(stack()), StandardCharsets.UTF_8);
        var lines = bundle.lines().toList();
        int forms = Integer.parseInt(lines.get(1).replace("#redact ", ""));
        assertThat(lines.get(0)).startsWith("{").doesNotContain("canary");
        assertThat(lines.subList(2, 2 + forms)).contains("canary-given", "Y2FuYXJ5LWdpdmVu");
        assertThat(String.join("\n", lines.subList(2 + forms, lines.size())) + "\n")
                .isEqualTo(stack().text());
    }

    @Test
    void noSecretIsOnTheCommandLine() {
        var command = new String[1];
        stacks((sent, nonce) -> {
                    command[0] = sent.text();
                    return up(nonce);
                })
                .deploy(stack(), progress);
        assertThat(command[0]).contains("project=").doesNotContain("canary");
    }

    @Test
    void aRegistrysPasswordIsOnStandardInputOnlyAndChangesNothingElse() {
        var commands = new ArrayList<Command>();
        var stacks = stacks((sent, nonce) -> {
            commands.add(sent);
            return "canary-registry\n" + up(nonce);
        });
        stacks.deploy(stack(), progress);
        var login = new RegistryLogin("registry.test", "ann", "canary-registry");
        stacks.deploy(stack(), DeployOptions.DEFAULT.withLogins(List.of(login)), progress);
        var plain = new String(commands.get(0).stdin(), StandardCharsets.UTF_8);
        var sent = commands.get(1);
        assertThat(sent.stdin())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("registry.test\nann\ncanary-registry\n" + plain);
        var hash = Pattern.compile("sha256=[0-9a-f]+");
        assertThat(hash.matcher(sent.text()).results().map(MatchResult::group).toList())
                .isEqualTo(hash.matcher(commands.get(0).text())
                        .results()
                        .map(MatchResult::group)
                        .toList());
        assertThat(sent.text()).contains("logins=1").doesNotContain("canary");
        assertThat(commands.get(0).text()).doesNotContain("logins");
        assertThat(heard).contains("***");
        assertThat(login).asString().doesNotContain("canary");
    }

    @Test
    void aLoginThatIsNoneIsRefusedWithoutItsPassword() {
        for (var wrong : List.of("https://registry.test", "-v", "a b", "")) {
            assertThatThrownBy(() -> new RegistryLogin(wrong, "ann", "canary")).hasMessageContaining("is invalid");
        }
        for (var user : List.of("-v", "", "a\nb", "a:b")) {
            assertThatThrownBy(() -> new RegistryLogin("registry.test", user, "canary"))
                    .hasMessageContaining("user");
        }
        for (var password : List.of("", "canary\nb")) {
            assertThatThrownBy(() -> new RegistryLogin("registry.test", "ann", password))
                    .hasMessageContaining("password")
                    .hasMessageNotContaining("canary");
        }
    }

    @Test
    void whatPeopleAreShownHasNoSecret() {
        for (var stage : Stage.values()) {
            var shown = builder().override("web.environment.SHORT_KEY", "abc").maskedText(stage);
            CANARIES.stream()
                    .filter(canary -> !canary.equals("canary-over"))
                    .forEach(canary -> assertThat(shown).doesNotContain(canary));
            assertThat(shown).contains("plain-dotenv", "image: \"x\"");
        }
        var whole = builder().override("web.environment.SHORT_KEY", "abc");
        assertThat(whole.text(Stage.FINAL)).contains("\"abc\"", "canary-given");
        assertThat(whole.maskedText(Stage.FINAL))
                .contains("\"SHORT_KEY\": \"***\"")
                .doesNotContain("\"abc\"");
        assertThat(whole.maskedText(Stage.FINAL).lines().count())
                .isEqualTo(whole.text(Stage.FINAL).lines().count());
    }

    @Test
    void outputOfTheServerIsShownWithoutSecrets() {
        var said = new StringBuilder();
        CANARIES.forEach(canary -> said.append("it is ")
                .append(canary)
                .append(" or ")
                .append(Base64.getEncoder().encodeToString(canary.getBytes(StandardCharsets.UTF_8)))
                .append('\n'));
        stacks((sent, nonce) ->
                        said + "x".repeat(990) + "canary-given\n@" + nonce + " warning canary-given\n" + up(nonce))
                .deploy(stack(), progress);
        assertThat(heard).contains("it is *** or ***", "***");
        assertThat(heard).allSatisfy(line -> assertThat(line).doesNotContain("canar", "Y2FuYXJ5"));
    }

    @Test
    void aFailurePrintsNoSecret() {
        for (var said : List.<Function<String, String>>of(
                nonce -> "@" + nonce + " result {\"word\":\"DATA\",\"message\":\"no canary-given here\"}\n",
                nonce -> "@" + nonce + " result {\"word\":\"canary-given\n",
                nonce -> "canary-given\n")) {
            var failure = catchThrowableOfType(
                    ComposeException.class,
                    () -> stacks((sent, nonce) -> said.apply(nonce)).deploy(stack(), progress));
            assertThat(trace(failure)).contains("***").doesNotContain("canary");
        }
    }

    @Test
    void aStackThatCannotBeMadePrintsNoSecret() throws IOException {
        for (var faulty : List.of(
                "services: {web: {image: x, ports: ['${DB_PASSWORD}:80']}}\n",
                "services: {web: {image: x, mem_limit: '${GIVEN_SECRET}'}}\n",
                "services: {web: {image: x, environment: {A: '${NONE:?it is ${DB_PASSWORD}}'}}}\n")) {
            Files.writeString(directory.resolve("compose.yaml"), faulty);
            assertThatThrownBy(() -> stack(builder()))
                    .isInstanceOfSatisfying(
                            ComposeException.class,
                            failure ->
                                    assertThat(trace(failure)).contains("***").doesNotContain("canary"));
        }
    }

    private StackBuilder builder() {
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "x"))
                .domain("ci.example.com")
                .variable("GIVEN_SECRET", "canary-given")
                .processEnvironment(Map.of("CALLER_KEY", "canary-caller"));
    }

    private Stack stack() {
        return stack(builder().override("web.environment.MORE_PASSWORD", "canary-over"));
    }

    private static Stack stack(StackBuilder builder) {
        return builder.render();
    }

    private static Stacks stacks(Server server) {
        return Stacks.on(server);
    }

    private static String up(String nonce) {
        return "@" + nonce
                + " result {\"word\":\"OK\",\"message\":\"\",\"expires\":\"2000000000\",\"generation\":1,\"changed\":true}\n";
    }

    private static String trace(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** A server of which only what it says is real. */
    private interface Server extends Host {
        Pattern NONCE = Pattern.compile("nonce=([0-9a-f]+)");

        String says(Command command, String nonce);

        @Override
        default String address() {
            return "server";
        }

        @Override
        default Result run(Command command, Input input, Consumer<String> lines) {
            var nonce = NONCE.matcher(command.text());
            var found = nonce.find() ? nonce.group(1) : "";
            var sent = new ByteArrayOutputStream();
            try {
                input.writeTo(sent);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            var said = says(command.withStdin(sent.toByteArray()), found);
            said.lines().forEach(lines);
            return new Result(0, said, "");
        }

        @Override
        default void close() {}
    }
}
