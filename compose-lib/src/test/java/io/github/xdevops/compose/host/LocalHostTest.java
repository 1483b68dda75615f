package io.github.xdevops.compose.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalHostTest extends HostContract {
    @Override
    protected Host open() {
        return new LocalHost();
    }

    @Test
    void isCalledLocalAndWorksInTheHomeDirectory() {
        try (Host local = new LocalHost()) {
            assertThat(local.address()).isEqualTo("local");
            assertThat(local.run(Command.script("pwd -P", List.of()), line -> {})
                            .out()
                            .strip())
                    .isEqualTo(realHome());
        }
    }

    private static String realHome() {
        try {
            return Path.of(System.getProperty("user.home")).toRealPath().toString();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void atTheDeadlineEverythingTheCommandStartedIsStopped() throws Exception {
        Path pids = scratch.resolve("pids");
        Command command = Command.script(
                        "(sh -c \"sleep 30 & echo \\$! >>\\\"\\$1\\\"; wait\" x \"$1\" & ) ; sleep 31 & echo $! >>\"$1\"; wait",
                        List.of(pids.toString()))
                .withDeadline(Duration.ofSeconds(1));
        try (Host local = new LocalHost()) {
            assertThatThrownBy(() -> local.run(command, line -> {})).isInstanceOf(HostException.class);
        }
        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(handle -> {
                try {
                    handle.onExit().get(20, java.util.concurrent.TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new AssertionError(pid + " is still running", e);
                }
            });
        }
    }
}
