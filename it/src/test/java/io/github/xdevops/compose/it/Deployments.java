package io.github.xdevops.compose.it;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.render.StackBuilder;
import io.github.xdevops.compose.server.Deployed;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test deploys to the test server, from a directory of its own; all of it is taken down after each test. Without a server the
 * test is skipped.
 */
final class Deployments implements AfterEachCallback {
    private final TestServer server = TestServer.required();
    private final Set<String> projects = new LinkedHashSet<>();
    private final String state;
    private final Path directory;
    private final Stacks stacks;

    private Deployments(String state) {
        this.state = state;
        try {
            directory = Files.createTempDirectory("compose-it");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stacks = server.stacks(state);
    }

    /** With the records that all tests share. */
    static Deployments onServer() {
        return new Deployments(Stacks.STATE_DIRECTORY);
    }

    /** With records of its own, because other tests sweep, too. */
    static Deployments recordedIn(String state) {
        return new Deployments(state);
    }

    TestServer server() {
        return server;
    }

    Stacks stacks() {
        return stacks;
    }

    /** Where the project is whose stacks are rendered. */
    Path directory() {
        return directory;
    }

    /** A stack of a compose file and a branch, to be completed and given to {@link #render}. */
    StackBuilder compose(String branch, String file) {
        return compose(Environment.of("acme/it", branch), file);
    }

    StackBuilder compose(Environment environment, String file) {
        try {
            Files.writeString(directory.resolve("compose.yaml"), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Stack.in(directory).environment(environment).domain(server.domain());
    }

    /** The stack, which will be taken down. */
    Stack render(StackBuilder builder) {
        var stack = builder.render();
        projects.add(stack.project());
        return stack;
    }

    Deployed deploy(Stack stack) {
        return stacks.deploy(stack, Progress.NONE);
    }

    /** The projects of the stacks that were rendered. */
    Set<String> projects() {
        return projects;
    }

    /** Will take down this one as well. */
    void add(String project) {
        projects.add(project);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try (stacks) {
            projects.forEach(project -> stacks.down(project, DownOptions.FORCE, Progress.NONE));
        }
        if (!state.equals(Stacks.STATE_DIRECTORY)) {
            server.login("rm -rf " + state);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
