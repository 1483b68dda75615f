package io.github.xdevops.compose.maven.report;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.server.ServiceStatus;
import io.github.xdevops.compose.server.StackDetails;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.StackStatus.LastDeploy;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.text.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusReportTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final List<ServiceStatus> SERVICES = List.of(
            new ServiceStatus("db", "shop-db-1", "exited", null, 3, 0, "postgres:16", "sha256:1", NOW.minusSeconds(63)),
            new ServiceStatus("job", "shop-job-1", "created", null, null, 0, "job", "sha256:2", null),
            new ServiceStatus(
                    "web", "shop-web-1", "running", "healthy", null, 2, "shop:7", "sha256:3", NOW.minusSeconds(7300)));

    @Test
    void aLineForWhatIsKnownAndOneForEachService() {
        assertThat(new StatusReport(new StackDetails(
                                stack(NOW.plusSeconds(600_000), false), SERVICES, List.of(), List.of()))
                        .table())
                .isEqualTo("""
                project      shop
                state        unhealthy, last deploy ok
                url          http://shop.ci.example.com
                expires      2026-11-30T10:40:00Z (in 6d 22h)
                repository   acme/shop
                environment  feature/x
                branch       feature/x
                commit       0123456789abcdef
                author       ann
                pipeline     https://git.example.com/acme/shop/-/pipelines/7

                SERVICE  STATE       HEALTH   RESTARTS  SINCE  IMAGE
                db       exited (3)  -        0         1m 3s  postgres:16
                job      created     -        0         -      job
                web      running     healthy  2         2h 1m  shop:7
                """);
    }

    @Test
    void theExpiryIsShown() {
        assertThat(table(null, true)).contains("expires      never, it is pinned\n", "no containers");
        assertThat(table(null, false)).contains("expires      never\n");
        assertThat(table(NOW.minusSeconds(63), false)).contains("(overdue 1m 3s)");
    }

    @Test
    void theJsonIsThatOfTheListWithServices() {
        var stack = stack(NOW, false);
        var json = (Map<?, ?>) requireNonNull(
                Json.parse(new StatusReport(new StackDetails(stack, SERVICES, List.of(), List.of())).json()));
        var listed = (Map<?, ?>) ((List<?>) requireNonNull(Json.parse(StackTable.json(List.of(stack))))).get(0);
        listed.forEach(
                (name, value) -> assertThat(json.get(name)).as("%s", name).isEqualTo(value));
        assertThat((List<?>) json.get("services")).first().satisfies(service -> {
            var members = (Map<?, ?>) service;
            assertThat(members.get("service")).isEqualTo("db");
            assertThat(members.get("exit")).isEqualTo(3L);
            assertThat(members.get("health")).isNull();
            assertThat(members.get("since")).isEqualTo("2026-11-23T11:58:57Z");
        });
    }

    private static String table(@Nullable Instant expires, boolean pinned) {
        return new StatusReport(new StackDetails(stack(expires, pinned), List.of(), List.of(), List.of())).table();
    }

    private static StackStatus stack(@Nullable Instant expires, boolean pinned) {
        return new StackStatus(
                "shop",
                List.of("http://shop.ci.example.com"),
                State.UNHEALTHY,
                LastDeploy.OK,
                NOW.minusSeconds(3700),
                expires,
                pinned,
                NOW,
                1,
                3,
                "acme/shop",
                "feature/x",
                new Revision(
                        "feature/x", "0123456789abcdef", "ann", "https://git.example.com/acme/shop/-/pipelines/7", 7),
                null,
                null,
                null);
    }
}
