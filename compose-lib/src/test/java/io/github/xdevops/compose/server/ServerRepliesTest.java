package io.github.xdevops.compose.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.server.StackStatus.LastDeploy;
import io.github.xdevops.compose.server.StackStatus.State;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server says of itself, and what of it should not be so. */
class ServerRepliesTest {
    private static final long NOW = 1_000_000;

    private final ServerReplies replies = new ServerReplies();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "live     | running Up 3 hours (healthy)                               | running",
                "live     | running Up 3 hours                                         | running",
                "live     | running Up 3 hours (unhealthy)                             | unhealthy",
                "live     | running Up 3 hours,exited Exited (0) 2 hours ago           | running",
                "live     | running Up 3 hours,exited Exited (1) 2 hours ago           | unhealthy",
                "live     | running Up 3 hours,restarting Restarting (1) 2 seconds ago | unhealthy",
                "live     | exited Exited (255) 2 hours ago                            | stopped",
                "deploying| running Up 3 hours                                         | deploying",
                "failed   | running Up 3 hours                                         | failed",
            })
    void theStateFollowsFromTheRecordAndItsContainers(String recorded, String containers, String state) {
        record("one", "2000000", "\"state\":\"" + recorded + "\"");
        for (var container : containers.split(",")) {
            replies.hear("container", "one " + container.replaceFirst(" ", " web "));
        }
        assertThat(status().stacks())
                .singleElement()
                .satisfies(stack -> assertThat(stack.state()).hasToString(state));
    }

    @Test
    void withoutDockerTheStateIsUnknown() {
        record("one", "forever", "\"state\":\"live\"");
        replies.hear("warning", "the Docker daemon does not answer");
        assertThat(status().stacks()).extracting(StackStatus::state).containsExactly(State.UNKNOWN);
        assertThat(status().warnings()).containsExactly("the Docker daemon does not answer");
    }

    @Test
    void theLastDeployIsToldApartFromWhatServes() {
        record("good", "forever", "\"state\":\"live\",\"deploy\":\"abc\"");
        record("restored", "forever", "\"state\":\"live\",\"deploy\":\"failedabc\"");
        record("failed", "forever", "\"state\":\"failed\",\"deploy\":\"failedabc\"");
        record("cut", "forever", "\"state\":\"deploying\",\"deploy\":\"abc\"");
        replies.hear("record", "{\"project\":\"foreign\",\"lease\":\"forever\",\"removing\":false,\"manifest\":null}");
        assertThat(status().stacks())
                .extracting(StackStatus::deploy)
                .containsExactly(LastDeploy.OK, LastDeploy.FAILED, LastDeploy.FAILED, LastDeploy.DEPLOYING, null);
    }

    @Test
    void aPinnedEnvironmentHasNoExpiry() {
        record("kept", "forever", "\"state\":\"live\",\"pinned\":true");
        record("stays", "forever", "\"state\":\"live\",\"pinned\":false");
        record("given", "2000000", "\"state\":\"live\",\"pinned\":true");
        assertThat(status().stacks()).extracting(StackStatus::pinned).containsExactly(true, false, false);
    }

    @Test
    void textsOfPeopleArePrintable() {
        record(
                "one",
                "forever",
                "\"state\":\"fai\\u001b[2Jled\",\"about\":{\"branch\":\"a\\u001b]0;x\\u0007b\",\"author\":\"c\\nd\\u202e\","
                        + "\"pipeline\":\"http://\\u0000x\",\"urls\":[\"http://\\u001b[31my\"]}");
        assertThat(status().stacks()).singleElement().satisfies(stack -> {
            assertThat(stack.state()).isEqualTo(State.FAILED);
            assertThat(stack.revision()).isEqualTo(new Revision("ab", null, "c d", "http://x", 0));
            assertThat(stack.urls()).containsExactly("http://y");
        });
    }

    @Test
    void aSweeperThatIsLateIsWarnedOf() {
        record("one", "2000000", "");
        sweep(NOW - 300);
        assertThat(status().warnings()).isEmpty();
        sweep(NOW - 301);
        assertThat(status().swept()).isEqualTo(Instant.ofEpochSecond(NOW - 301));
        assertThat(status().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .contains(
                                "5 min ago",
                                "compose:sweep",
                                "the next compose:deploy or compose:extend sets up a timer"));
        replies.hear("sweeper", "cron");
        assertThat(status().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("its timer (cron) is not running"));
        replies.hear("sweeper", "none");
        assertThat(status().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("install cron"));
        sweep(NOW + 60);
        assertThat(status().warnings()).isEmpty();
    }

    /** A timer that lives would have swept since. */
    @Test
    void aSweepThatIsYetToComeIsNoneSinceTheClockWasSetBack() {
        record("one", "2000000", "");
        sweep(NOW + 100_000);
        assertThat(status().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("before the server's clock was set back"));
    }

    @Test
    void aSweeperThatNeverRanIsWarnedOfWhenAnythingEnds() {
        record("stays", "forever", "");
        assertThat(status().warnings()).isEmpty();
        replies.hear("record", "{\"project\":\"going\",\"lease\":\"forever\",\"removing\":true,\"manifest\":null}");
        assertThat(status().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("sweeper has never run", "compose:sweep"));
    }

    @Test
    void failuresOfASweepAreWarningsAndShownAtTheirStacks() {
        record("one", "900000", "");
        record("two", "2000000", "");
        replies.hear(
                "sweep",
                "{\"when\":1000000,\"swept\":1,\"failed\":1,\"held\":2,\"notice\":\"the clock\\u001b[31m jumped\","
                        + "\"errors\":[{\"project\":\"one\",\"reason\":\"network\\u001b[2J one_default is in use\"},"
                        + "{\"project\":\"gone\"},{\"reason\":\"x\"},7]}");
        assertThat(status().warnings())
                .containsExactly(
                        "The last sweep reported: the clock jumped",
                        "one was not removed: network one_default is in use",
                        "gone was not removed: no reason");
        assertThat(status().stacks())
                .extracting(StackStatus::problem)
                .containsExactly("network one_default is in use", null);
    }

    @Test
    void aThousandProblemsAreNotAThousandLines() {
        var errors = new ArrayList<String>();
        for (int i = 0; i < 1000; i++) {
            errors.add("{\"project\":\"p" + i + "\",\"reason\":\"held\"}");
        }
        replies.hear("sweep", "{\"when\":1000000,\"errors\":[" + String.join(",", errors) + "]}");
        assertThat(status().warnings()).hasSize(21).last().isEqualTo("… and 980 more were not removed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"when\":999999,\"errors\":[{\"project\":\"o…", "{\"when\":999999,\"a\":1,\"a\":2}"})
    void aStatusThatCannotBeReadStillSaysWhen(String text) {
        record("one", "2000000", "");
        replies.hear("sweep", text);
        assertThat(status().swept()).isEqualTo(Instant.ofEpochSecond(999_999));
        assertThat(status().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("cannot be read", "sweep-status.json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "[]",
                "{}",
                "7",
                "{\"when\":\"now\"}",
                "{\"when\":-1}",
                "{\"when\":1e300}",
                "{\"when\":9999999999999999}",
                "{\"errors\":{}}",
                "{\"notice\":7,\"errors\":null}"
            })
    void aStatusOfAnyKindIsNoFailure(String text) {
        record("one", "2000000", "");
        replies.hear("sweep", text);
        assertThat(status().swept()).isNull();
        assertThat(status().warnings()).anyMatch(warning -> warning.contains("sweeper has never run"));
    }

    private void record(String project, String lease, String manifest) {
        replies.hear(
                "record",
                "{\"project\":\"%s\",\"lease\":\"%s\",\"removing\":false,\"manifest\":{%s}}"
                        .formatted(project, lease, manifest));
    }

    private void sweep(long when) {
        replies.hear("sweep", "{\"when\":" + when + ",\"swept\":0}");
    }

    private ServerStatus status() {
        return replies.status(Instant.ofEpochSecond(NOW));
    }
}
