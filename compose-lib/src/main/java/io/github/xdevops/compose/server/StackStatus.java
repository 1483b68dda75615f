package io.github.xdevops.compose.server;

import io.github.xdevops.compose.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The status of a stack on a server; {@code null} where its record has no value. Texts are safe to print.
 *
 * @param project its name on the server
 * @param urls its public URLs
 * @param state its state
 * @param deploy the result of its last deploy, or {@code null} if another tool deployed it
 * @param created the time of its first deploy
 * @param expires its expiry, or {@code null} if it is persistent
 * @param pinned whether it is pinned: persistent regardless of the lifetime of later deploys
 * @param now the server's time at the call
 * @param running the number of running containers
 * @param containers the number of containers
 * @param repository the repository it belongs to
 * @param environment the environment's name within the repository
 * @param revision the deployed revision
 * @param problem the reason why the last sweep could not remove it, or {@code null}
 * @param backup its backups, or {@code null} if it has none
 * @param seed the project and snapshot whose data it began with, {@code PROJECT@SNAPSHOT}, or {@code null}
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
        @Nullable String problem,
        @Nullable BackupStatus backup,
        @Nullable String seed) {
    /** The state of a stack. */
    public enum State {
        /** All containers run. */
        RUNNING,
        /** A container has failed or is not healthy. */
        UNHEALTHY,
        /** It was deployed, but no container runs. */
        STOPPED,
        /** It was stopped because nobody used it; a request starts it. */
        ASLEEP,
        /** A deploy is running, or was interrupted. */
        DEPLOYING,
        /** Its first deploy failed. */
        FAILED,
        /** It is being removed. */
        REMOVING,
        /** Its lease has expired. */
        EXPIRED,
        /** Another tool wrote the record. */
        FOREIGN,
        /** Docker does not answer, or this version does not understand the record. */
        UNKNOWN;

        static State of(String word) {
            return Stream.of(values())
                    .filter(state -> state.toString().equals(word))
                    .findFirst()
                    .orElse(UNKNOWN);
        }

        /** The state in lower case, for people and JSON. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The result of a deploy. */
    public enum LastDeploy {
        /** It succeeded. */
        OK,
        /** It failed; the previous version may be running. */
        FAILED,
        /** It is running, or was interrupted. */
        DEPLOYING;

        /** The result in lower case, for people and JSON. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
