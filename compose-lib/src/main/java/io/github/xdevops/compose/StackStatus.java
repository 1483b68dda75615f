package io.github.xdevops.compose;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stack as a server knows it; {@code null} where its record says nothing.
 *
 * @param project its name on the server
 * @param urls where it can be opened
 * @param state {@code live}, {@code deploying}, {@code failed}, {@code removing}, "expired", {@code stopped} (recorded
 *     as live, but nothing runs) or {@code foreign} (written by another tool)
 * @param created when it was first deployed
 * @param expires when its lease ends, or {@code null} for never
 * @param now the server's clock when it was asked
 * @param running how many of its containers run
 * @param containers how many containers it has
 * @param repository the repository it belongs to
 * @param environment the environment's name within the repository
 * @param revision what is deployed
 */
public record StackStatus(
        String project,
        List<String> urls,
        String state,
        @Nullable Instant created,
        @Nullable Instant expires,
        Instant now,
        int running,
        int containers,
        @Nullable String repository,
        @Nullable String environment,
        Revision revision) {}
