package io.github.xdevops.compose.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.image.ImageSource;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.render.StackBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole deploy is one call of the library. */
class DeploymentTest {
    private static final Pattern CALL = Pattern.compile("\\.sh (\\w+) .*nonce=(\\w+)");
    private static final String IMAGE = "sha256:" + "a".repeat(64);

    private final List<String> asked = new ArrayList<>();
    private final List<Deployed> up = new ArrayList<>();
    private String exit = "0";

    @TempDir
    Path directory;

    @BeforeEach
    void writeFile() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: x, expose: [\"80\"]}}\n");
    }

    @Test
    void oneCallPromotesDeploysAndRunsCommands() {
        var deployment = deployment()
                .promote("shop-review")
                .logins(stack -> List.of(new RegistryLogin("registry.test", "ann", "secret")));
        var deployed = deployment.run(Stacks.on(server()), Progress.NONE);
        assertThat(asked).containsExactly("list", "inspect", "deploy", "exec");
        assertThat(deployed.generation()).isEqualTo(7);
        assertThat(deployed.warnings()).isEmpty();
        assertThat(deployed.phases()).containsKeys("render", "post-deploy");
        assertThat(up).hasSize(1);
    }

    @Test
    void aCommandThatFailsFailsTheDeployOfWhatIsUp() {
        exit = "3";
        var deployment = deployment();
        assertThatThrownBy(() -> deployment.run(Stacks.on(server()), Progress.NONE))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.UNHEALTHY))
                .hasMessageContaining("the post-deploy command in web ended with exit status 3");
        assertThat(up).hasSize(1);
        assertThat(deployment.phases()).containsKeys("render", "post-deploy");
    }

    @Test
    void whatIsWrongWithTheFilesShowsBeforeTheServerIsAsked() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {imgae: x}}\n");
        assertThatThrownBy(() -> deployment().run(Stacks.on(server()), Progress.NONE))
                .hasMessageContaining("imgae");
        assertThat(asked).isEmpty();
    }

    @Test
    void imagesArePromotedOrTransferred() {
        var deployment = deployment().promote("shop-review").transfer(Map.of("web", ImageSource.archive(directory)));
        assertThatThrownBy(() -> deployment.run(Stacks.on(server()), Progress.NONE))
                .hasMessageContaining("not both");
        assertThat(asked).isEmpty();
    }

    private Deployment deployment() {
        return Deployment.of(builder())
                .commands(PostDeployCommand.parse("web: ./migrate"))
                .listener(new Deployment.Listener() {
                    @Override
                    public void up(Deployed deployed) {
                        up.add(deployed);
                    }
                });
    }

    private StackBuilder builder() {
        return Stack.in(directory).environment(Environment.of("acme/shop", "x")).domain("ci.example.com");
    }

    private Host server() {
        return new Host() {
            @Override
            public String address() {
                return "server";
            }

            @Override
            public Result run(Command command, Input input, Consumer<String> lines) {
                var call = CALL.matcher(command.text());
                assertThat(call.find()).as(command.text()).isTrue();
                asked.add(call.group(1));
                answer(call.group(1)).forEach(line -> lines.accept("@" + call.group(2) + " " + line));
                return new Result(0, "", "");
            }

            @Override
            public void close() {}
        };
    }

    private List<String> answer(String verb) {
        var record = "record {\"project\":\"shop-review\",\"lease\":\"forever\",\"manifest\":{\"state\":\"live\"}}";
        return switch (verb) {
            case "list" -> List.of(record, "result {\"word\":\"OK\",\"message\":\"\",\"now\":1000}");
            case "inspect" ->
                List.of(
                        record,
                        "service {\"service\":\"web\",\"container\":\"web-1\",\"state\":\"running\",\"id\":\"" + IMAGE
                                + "\"}",
                        "result {\"word\":\"OK\",\"message\":\"\",\"now\":1000}");
            case "deploy" ->
                List.of(
                        "result {\"word\":\"OK\",\"message\":\"\",\"expires\":\"2000\",\"generation\":7,\"changed\":true}");
            default -> List.of("result {\"word\":\"OK\",\"message\":\"\",\"exit\":" + exit + "}");
        };
    }
}
