package io.github.xdevops.compose.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.plan.Change;
import io.github.xdevops.compose.render.Stack;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The plan that follows from what a server says. */
class PlanRepliesTest {
    private static final String TEXT = "services: {web: {image: x, environment: {A: first-canary}}}\n";

    private final PlanReplies held = new PlanReplies();

    @Test
    void theSameThatRunsIsOnlyRenewed() {
        record("live", false);
        container("running");
        file(TEXT);
        var plan = plan();
        assertThat(plan.changes()).isEmpty();
        assertThat(plan.notes()).isEmpty();
        assertThat(plan.exists()).isTrue();
        assertThat(plan.renewsOnly()).isTrue();
    }

    @Test
    void theSameThatHasFailedOrStoppedIsMoreThanRenewed() {
        record("failed", false);
        container("exited");
        file(TEXT);
        assertThat(plan().renewsOnly()).isFalse();
        assertThat(plan().notes()).contains("its last deploy failed; a deploy retries");
    }

    @Test
    void withoutARecordEverythingIsAdded() {
        assertThat(plan().exists()).isFalse();
        assertThat(plan().renewsOnly()).isFalse();
        assertThat(plan().changes())
                .extracting(Change::kind)
                .containsOnly(Change.Kind.ADDED)
                .isNotEmpty();
    }

    @Test
    void whatIsBeingTakenDownIsNotThereForTheDeploy() {
        record("live", true);
        file(TEXT);
        assertThat(plan().changes()).extracting(Change::kind).containsOnly(Change.Kind.ADDED);
        assertThat(plan().notes()).anyMatch(note -> note.contains("being removed"));
    }

    @Test
    void aRefusalIsPartOfThePlan() {
        record("live", false);
        container("running");
        file(TEXT);
        held.hear("refused", "{\"word\":\"BUSY\",\"message\":\"superseded 12 9\"}");
        assertThat(plan().refusal()).isEqualTo("superseded: pipeline 12 was deployed already, and 9 is older");
        assertThat(plan().renewsOnly()).isFalse();
    }

    @Test
    void aFileThatCannotBeReadIsReplacedAndNotQuoted() {
        record("live", false);
        container("running");
        file("services: {web: {image: x, first-canary: second-canary}}\nPASSWORD: first-canary\n");
        var plan = plan();
        assertThat(plan.changes()).extracting(Change::kind).containsOnly(Change.Kind.ADDED);
        assertThat(plan.notes()).anyMatch(note -> note.contains("cannot be read"));
        assertThat(plan.toString()).doesNotContain("canary");
    }

    @Test
    void aFileThatArrivedDamagedIsNoFile() {
        record("live", false);
        held.hear("file", "not base64");
        assertThatThrownBy(this::plan)
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.PROTO));
    }

    private Plan plan() {
        var stack = new Stack(
                "one",
                Environment.of("acme/shop", "x"),
                Lifetime.parse("7d"),
                null,
                List.of(),
                1,
                null,
                TEXT,
                List.of(),
                List.of(),
                Set.of());
        return held.plan(stack, Instant.ofEpochSecond(1000));
    }

    private void record(String state, boolean removing) {
        held.hear(
                "record",
                "{\"project\":\"one\",\"lease\":\"2000\",\"removing\":%s,\"manifest\":{\"state\":\"%s\"}}"
                        .formatted(removing, state));
    }

    private void container(String state) {
        held.hear("container", "one " + state + " web Up");
    }

    /** In lines, as the server sends it. */
    private void file(String text) {
        Base64.getMimeEncoder()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8))
                .lines()
                .forEach(line -> held.hear("file", line));
    }
}
