package io.github.xdevops.compose.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A container of a stack as Docker knows it. Texts are fit for a terminal.
 *
 * @param service the service it belongs to
 * @param container its name
 * @param state Docker's word: {@code created}, {@code running}, {@code paused}, {@code restarting}, {@code removing}, {@code exited} or
 *     {@code dead}
 * @param health what its health check says, in Docker's words; {@code null} without one
 * @param exit what it ended with, 0 to 255; {@code null} unless it has ended
 * @param restarts how often Docker has started it again, 0 or more
 * @param image what it was made from, as the compose file names it
 * @param imageId that image itself, as {@code sha256:…}, whatever its name means by now
 * @param since when it was started or, if it has ended, when it did; {@code null} if never
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
