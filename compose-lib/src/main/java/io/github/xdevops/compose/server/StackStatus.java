package io.github.xdevops.compose.server;

import io.github.xdevops.compose.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A stack as a server knows it; {@code null} where its record says nothing. Texts are fit for a terminal.
 *
 * @param project its name on the server
 * @param urls where it can be opened
 * @param state what became of it
 * @param deploy how its last deploy ended, or {@code null} if another tool deployed it
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
        State state,
        @Nullable LastDeploy deploy,
        @Nullable Instant created,
        @Nullable Instant expires,
        boolean pinned,
        Instant now,
        int running,
        int containers,
        @Nullable String repository,
        @Nullable String environment,
        Revision revision,
        @Nullable String problem) {
    /** What became of a stack. */
    public enum State {
        /** All of it runs. */
        RUNNING,
        /** Something of it has failed or is not healthy. */
        UNHEALTHY,
        /** It was deployed, but nothing runs. */
        STOPPED,
        /** A deploy is at work, or was cut off. */
        DEPLOYING,
        /** Its first deploy failed. */
        FAILED,
        /** It is being taken down. */
        REMOVING,
        /** Its lease has ended. */
        EXPIRED,
        /** Another tool wrote its record. */
        FOREIGN,
        /** Docker does not answer, or the record says what this version does not know. */
        UNKNOWN;

        static State of(String word) {
            return Stream.of(values())
                    .filter(state -> state.toString().equals(word))
                    .findFirst()
                    .orElse(UNKNOWN);
        }

        /** The state in lower case, as people and JSON have it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a deploy ended. */
    public enum LastDeploy {
        /** It is up. */
        OK,
        /** It failed; what served before may be up. */
        FAILED,
        /** It is at work, or was cut off. */
        DEPLOYING;

        /** The word in lower case, as people and JSON have it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
