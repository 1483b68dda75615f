package io.github.xdevops.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeoutsTest {
    @Test
    void theServerHasTimeToBringThePreviousVersionUpAgainAndToWaitForIt() {
        var timeouts = new Timeouts(Duration.ofHours(5), Duration.ofHours(3), Duration.ofHours(1));
        assertThat(timeouts.total()).isGreaterThanOrEqualTo(Duration.ofHours(1 + 2 * (5 + 3)));
    }
}
