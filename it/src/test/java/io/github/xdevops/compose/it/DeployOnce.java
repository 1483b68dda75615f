package io.github.xdevops.compose.it;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.render.Stack;
import java.nio.file.Path;

/** A client in a process of its own, to be killed. Words: the project's directory, the branch, the state directory. */
final class DeployOnce {
    private DeployOnce() {}

    public static void main(String[] arguments) {
        var server = TestServer.required();
        var stack = Stack.in(Path.of(arguments[0]))
                .environment(Environment.of("acme/it", arguments[1]))
                .domain(server.domain())
                .lifetime(Lifetime.parse("1h"))
                .render();
        System.out.println("deploying");
        try (var stacks = server.stacks(arguments[2])) {
            stacks.deploy(stack, Progress.NONE);
        }
    }
}
