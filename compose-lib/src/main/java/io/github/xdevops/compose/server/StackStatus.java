package io.github.xdevops.compose.server;

import io.github.xdevops.compose.Revision;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stack as a server knows it; {@code null} where its record says nothing. Texts are fit for a terminal.
 *
 * @param project its name on the server
 * @param urls where it can be opened
 * @param state {@code running}, {@code unhealthy} (something of it has failed or is not healthy), {@code stopped} (it was
 *     deployed, but nothing runs), {@code deploying}, {@code failed}, {@code removing}, "expired", {@code foreign}
 *     (written by another tool), or {@code unknown} because Docker does not answer
 * @param deploy how its last deploy ended: {@code ok}, {@code failed}, or {@code deploying} (at work, or cut off)
 * @param created when it was first deployed
 * @param expires when its lease ends, or {@code null} for never
 * @param pinned whether it is kept for ever whatever lifetime a deploy has
 * @param now the server's clock when it was asked
 * @param running how many of its containers run
 * @param containers how many containers it has
 * @param repository the repository it belongs to
 * @param environment the environment's name within the repository
 * @param revision what is deployed
 * @param problem why the last sweep could not remove it, or {@code null} if it had not to
 */
public record StackStatus(
        String project,
        List<String> urls,
        String state,
        @Nullable String deploy,
        @Nullable Instant created,
        @Nullable Instant expires,
        boolean pinned,
        Instant now,
        int running,
        int containers,
        @Nullable String repository,
        @Nullable String environment,
        Revision revision,
        @Nullable String problem) {}
