package io.github.xdevops.compose.maven.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.plan.Change;
import io.github.xdevops.compose.plan.Change.Kind;
import io.github.xdevops.compose.plan.Difference;
import io.github.xdevops.compose.server.Plan;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.StackStatus.LastDeploy;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.text.Json;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class PlanReportTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void theDiffNamesServicesAndWhatIsDifferent() {
        var changes = List.of(
                new Change(
                        Kind.CHANGED,
                        "service",
                        "web",
                        List.of(
                                new Difference(Kind.CHANGED, List.of("image"), false, "a:1", "a:2"),
                                new Difference(Kind.CHANGED, List.of("environment", "PASSWORD"), true, null, null),
                                new Difference(Kind.ADDED, List.of("labels", "a.b"), false, null, "c"))),
                new Change(
                        Kind.ADDED,
                        "service",
                        "worker",
                        List.of(new Difference(Kind.ADDED, List.of("image"), false, null, "a:2"))),
                new Change(Kind.REMOVED, "volume", "data", List.of()));
        var plan = new Plan("shop", live(1), changes, "superseded", List.of("data stays"));
        assertThat(new PlanReport(plan).text()).isEqualTo("""
                ~ service web
                    image: a:1 → a:2
                    environment.PASSWORD: (changed)
                    labels.a.b: c (added)
                + service worker
                    image: a:2
                - volume data

                shop: 1 to add, 1 to change, 1 to remove.
                Note: data stays.
                A deploy would be refused: superseded
                """);
    }

    @Test
    void noChangesRenewTheLeaseOnlyWhereSomethingRuns() {
        assertThat(new PlanReport(new Plan("shop", live(1), List.of(), null, List.of())).text())
                .isEqualTo("shop: no changes; a deploy would only renew the lease.\n");
        assertThat(new PlanReport(new Plan("shop", live(0), List.of(), null, List.of())).text())
                .isEqualTo("shop: no changes to the compose file.\n");
    }

    @Test
    void longValuesAreShownWhereTheyDiffer() {
        var same = "x".repeat(1000);
        var plan = changed("command", same + "one" + same, same + "two" + same);
        assertThat(new PlanReport(plan).text().lines().toList().get(1))
                .contains("xone", "xtwo", " → …")
                .hasSizeLessThan(300);
    }

    @Test
    void aValueCannotForgeALine() {
        var plan = changed("a\nb", "\u001b[2J\n+ service evil", " ");
        assertThat(new PlanReport(plan).text())
                .contains("    a\\u000ab: \\u001b[2J\\u000a+ service evil → \" \"\n")
                .doesNotContain("\u001b");
    }

    @Test
    void theJsonHasPathsAndSidesAndNoMaskedValue() {
        var changes = List.of(new Change(
                Kind.CHANGED,
                "service",
                "web",
                List.of(
                        new Difference(Kind.CHANGED, List.of("labels", "a.b"), false, "1", "2"),
                        new Difference(Kind.REMOVED, List.of("environment", "A"), true, null, null))));
        var json = new PlanReport(new Plan("shop", live(1), changes, null, List.of())).json();
        assertThat(Json.parse(json))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("project", "shop")
                .containsEntry("exists", true)
                .containsEntry("state", "running")
                .containsEntry("renewsOnly", false);
        assertThat(json)
                .contains(
                        "{\"change\":\"changed\",\"path\":[\"labels\",\"a.b\"],\"masked\":false,\"before\":\"1\",\"after\":\"2\"}")
                .contains(
                        "{\"change\":\"removed\",\"path\":[\"environment\",\"A\"],\"masked\":true,\"before\":null,\"after\":null}");
    }

    @Test
    void whatIsNotThereIsNew() {
        var plan =
                new Plan("shop", null, List.of(new Change(Kind.ADDED, "service", "web", List.of())), null, List.of());
        assertThat(new PlanReport(plan).text()).contains("+ service web\n", "shop is new: 1 to add");
        assertThat(new PlanReport(plan).json()).contains("\"exists\":false", "\"state\":null");
    }

    private static Plan changed(String key, String before, String after) {
        var difference = new Difference(Kind.CHANGED, List.of(key), false, before, after);
        return new Plan(
                "shop",
                live(1),
                List.of(new Change(Kind.CHANGED, "service", "web", List.of(difference))),
                null,
                List.of());
    }

    private static StackStatus live(int running) {
        var state = running == 0 ? State.STOPPED : State.RUNNING;
        return new StackStatus(
                "shop",
                List.of(),
                state,
                LastDeploy.OK,
                NOW,
                NOW,
                false,
                NOW,
                running,
                1,
                "acme/shop",
                "main",
                Revision.UNKNOWN,
                null,
                null,
                null);
    }
}
