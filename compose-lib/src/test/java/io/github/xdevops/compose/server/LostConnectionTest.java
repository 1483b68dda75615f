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
import io.github.xdevops.compose.render.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that asks what became of its deploy has no more time than the deploy had. */
class LostConnectionTest {
    private static final Duration PASSED = Duration.ofMillis(300);

    @TempDir
    Path directory;

    @Test
    void askingAgainHasTheTimeThatIsLeft() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: x, expose: [\"80\"]}}\n");
        var stack = Stack.in(directory)
                .environment(Environment.of("acme/shop", "x"))
                .domain("ci.example.com")
                .render();
        var sent = new ArrayList<Command>();
        try (var stacks = Stacks.on(silent(sent))) {
            assertThatThrownBy(() -> stacks.deploy(stack, Progress.NONE))
                    .isInstanceOfSatisfying(
                            ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.UNKNOWN));
        }
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).text()).contains(" attend ");
        assertThat(sent.get(1).deadline())
                .isLessThanOrEqualTo(sent.get(0).deadline().minus(PASSED))
                .isGreaterThan(Duration.ofSeconds(19));
    }

    /** A server that does not answer. */
    private static Host silent(List<Command> sent) {
        return new Host() {
            @Override
            public String address() {
                return "server";
            }

            @Override
            public Result run(Command command, Input input, Consumer<String> lines) {
                sent.add(command);
                try {
                    Thread.sleep(PASSED.toMillis());
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return new Result(255, "", "");
            }

            @Override
            public void close() {}
        };
    }
}
