package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs in a container after each deploy.
 *
 * @param service the service
 * @param command the command for {@code sh -c}; never shown, because it may contain a secret
 */
public record PostDeployCommand(String service, String command) {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z0-9._-]+):\\s+(\\S.*)");

    /**
     * Parses lines of {@code service: command}; {@code null} means none.
     *
     * @throws ComposeException {@code USAGE} if a line is anything else
     */
    public static List<PostDeployCommand> parse(@Nullable String text) {
        return text == null
                ? List.of()
                : text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .map(PostDeployCommand::line)
                        .toList();
    }

    private static PostDeployCommand line(String line) {
        var parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw ComposeException.usage(
                    "A line of compose.postDeploy is not understood; write `service: command`, as in `web: ./manage migrate`");
        }
        return new PostDeployCommand(parts.group(1), parts.group(2));
    }

    /**
     * Looks at how it ended.
     *
     * @param exit the exit status
     * @throws ComposeException {@code UNHEALTHY} unless it is 0
     */
    public void requireSuccess(int exit) {
        if (exit != 0) {
            throw new ComposeException(
                    Outcome.UNHEALTHY,
                    "It is deployed, but the post-deploy command in " + service + " ended with exit status " + exit
                            + "; the next deploy runs it again");
        }
    }

    /** Names only the service. */
    @Override
    public String toString() {
        return "PostDeployCommand[service=" + service + "]";
    }
}
