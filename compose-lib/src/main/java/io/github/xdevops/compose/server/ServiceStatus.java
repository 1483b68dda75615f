package io.github.xdevops.compose.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A container of a stack, from Docker. Texts are safe to print.
 *
 * @param service the service it belongs to
 * @param container its name
 * @param state Docker's word: {@code created}, {@code running}, {@code paused}, {@code restarting}, {@code removing},
 *     {@code exited} or {@code dead}
 * @param health the result of its health check, in Docker's words; {@code null} without one
 * @param exit its exit status, 0 to 255; {@code null} while it runs
 * @param restarts the number of restarts by Docker, 0 or more
 * @param image the image name in the compose file
 * @param imageId the image ID, {@code sha256:…}, even if the name has moved
 * @param since the time of its start or, if it has exited, of its exit; {@code null} if it never started
 */
public record ServiceStatus(
        String service,
        String container,
        String state,
        @Nullable String health,
        @Nullable Integer exit,
        int restarts,
        String image,
        String imageId,
        @Nullable Instant since) {}
