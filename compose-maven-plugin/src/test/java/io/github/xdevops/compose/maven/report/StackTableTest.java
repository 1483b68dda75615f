package io.github.xdevops.compose.maven.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.server.BackupStatus;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.StackStatus.LastDeploy;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.text.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StackTableTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Revision PIPELINE =
            new Revision("feature/x", "0123456789abcdef", "ann", "https://git.example.com/acme/shop/-/pipelines/7", 7);
    private static final Revision LONG = new Revision("f".repeat(25), "0123", "a".repeat(17), null, 0);
    private static final List<StackStatus> STACKS = List.of(
            stack("feature-x-abc", State.RUNNING, LastDeploy.OK, NOW.plusSeconds(600_000), false, PIPELINE, null),
            stack("kept", State.UNHEALTHY, LastDeploy.FAILED, null, true, LONG, null),
            stack(
                    "over",
                    State.EXPIRED,
                    LastDeploy.OK,
                    NOW.minusSeconds(63),
                    false,
                    Revision.UNKNOWN,
                    "network x is in use"),
            stack("staging", State.STOPPED, LastDeploy.OK, null, false, Revision.UNKNOWN, null));

    @Test
    void theTableHasALineForEachEnvironmentAndWhatIsLongBelow() {
        var table = StackTable.table(STACKS);
        assertThat(table).isEqualTo("""
                PROJECT        STATE      TIME LEFT      DEPLOY  OWNER             BRANCH                    COMMIT
                feature-x-abc  running    6d 22h         ok      ann               feature/x                 01234567
                  http://feature-x-abc.ci.example.com
                  https://git.example.com/acme/shop/-/pipelines/7
                kept           unhealthy  pinned         failed  aaaaaaaaaaaaaaa…  fffffffffffffffffffffff…  0123
                  http://kept.ci.example.com
                over           expired    overdue 1m 3s  ok      -                 -                         -
                  http://over.ci.example.com
                  not removed: network x is in use
                staging        stopped    forever        ok      -                 -                         -
                  http://staging.ci.example.com
                  backup 1d 3h ago, drill 10d 0h ago, overdue: IOERR: no space left
                """);
        assertThat(table.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    @Test
    void theJsonSaysWhatIsKnown() {
        var list = (List<?>) Json.parse(StackTable.json(STACKS));
        assertThat(list).hasSize(4);
        assertThat(list).first().satisfies(stack -> {
            var members = (Map<?, ?>) stack;
            assertThat(members.get("project")).isEqualTo("feature-x-abc");
            assertThat(members.get("state")).isEqualTo("running");
            assertThat(members.get("deploy")).isEqualTo("ok");
            assertThat(members.get("expires")).isEqualTo("2026-11-30T10:40:00Z");
            assertThat(members.get("secondsLeft")).isEqualTo(600_000L);
            assertThat(members.get("author")).isEqualTo("ann");
            assertThat(members.get("branch")).isEqualTo("feature/x");
            assertThat(members.get("commit")).isEqualTo("0123456789abcdef");
            assertThat(members.get("pipeline")).isEqualTo("https://git.example.com/acme/shop/-/pipelines/7");
            assertThat(members.get("sequence")).isEqualTo(7L);
            assertThat(members.get("pinned")).isEqualTo(false);
            assertThat(members.get("problem")).isNull();
        });
        assertThat(list).element(1).satisfies(stack -> {
            assertThat(((Map<?, ?>) stack).get("pinned")).isEqualTo(true);
            assertThat(((Map<?, ?>) stack).get("secondsLeft")).isNull();
            assertThat(((Map<?, ?>) stack).get("backup")).isNull();
        });
        assertThat(list)
                .element(3)
                .satisfies(stack -> assertThat(((Map<?, ?>) stack).get("backup"))
                        .isEqualTo(Map.of(
                                "last",
                                "2026-11-22T09:00:00Z",
                                "drill",
                                "2026-11-13T12:00:00Z",
                                "overdue",
                                true,
                                "problem",
                                "IOERR: no space left")));
    }

    private static StackStatus stack(
            String project,
            State state,
            LastDeploy deploy,
            @Nullable Instant expires,
            boolean pinned,
            Revision revision,
            @Nullable String problem) {
        var backup = project.equals("staging")
                ? new BackupStatus(NOW.minusSeconds(97_200), NOW.minusSeconds(864_000), "IOERR: no space left")
                : null;
        return new StackStatus(
                project,
                List.of("http://" + project + ".ci.example.com"),
                state,
                deploy,
                NOW.minusSeconds(3700),
                expires,
                pinned,
                NOW,
                1,
                1,
                "acme/shop",
                project,
                revision,
                problem,
                backup,
                null);
    }
}
