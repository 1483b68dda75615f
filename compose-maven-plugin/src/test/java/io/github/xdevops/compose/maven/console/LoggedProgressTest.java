package io.github.xdevops.compose.maven.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;

class LoggedProgressTest {
    private final List<String> lines = new ArrayList<>();
    private long seconds = 1000;

    private final LoggedProgress progress = new LoggedProgress(
            new SystemStreamLog() {
                @Override
                public void info(CharSequence text) {
                    lines.add(text.toString());
                }
            },
            () -> TimeUnit.SECONDS.toNanos(seconds));

    @Test
    void aLongTransferIsReportedEachHalfMinuteWithoutOtherOutput() {
        progress.phase("carry");
        for (int i = 0; i < 100; i++) {
            seconds++;
            progress.transfer("shop:1", i * 1_000_000L, 250_000_000);
        }
        assertThat(lines)
                .containsExactly(
                        "» carry",
                        "  | shop:1: 29.0 of 250.0 MB so far",
                        "  | shop:1: 59.0 of 250.0 MB so far",
                        "  | shop:1: 89.0 of 250.0 MB so far");
        progress.line("shop:1 is on the server");
        seconds += 29;
        progress.transfer("shop:1", 250_000_000, 250_000_000);
        assertThat(lines).hasSize(5);
    }
}
