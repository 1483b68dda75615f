package io.github.xdevops.compose.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.StackStatus;
import io.github.xdevops.compose.file.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StackTableTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final List<StackStatus> STACKS = List.of(
            new StackStatus(
                    "feature-x-abc",
                    List.of("http://feature-x-abc.ci.example.com"),
                    "live",
                    NOW.minusSeconds(3700),
                    NOW.plusSeconds(600_000),
                    NOW,
                    2,
                    2,
                    "acme/shop",
                    "feature/x",
                    new Revision("feature/x", "0123456789abcdef", "ann", "http://ci/1", 7)),
            new StackStatus("old", List.of(), "foreign", null, null, NOW, 0, 1, null, null, Revision.UNKNOWN));

    @Test
    void theTableAlignsItsColumns() {
        assertThat(StackTable.table(STACKS)).isEqualTo("""
                PROJECT        URL                                  STATE    AGE    TIME LEFT  BRANCH     COMMIT
                feature-x-abc  http://feature-x-abc.ci.example.com  live     1h 1m  6d 22h     feature/x  01234567
                old            -                                    foreign  -      forever    -          -
                """);
    }

    @Test
    void theJsonSaysWhatIsKnown() {
        var list = (List<?>) Json.parse(StackTable.json(STACKS));
        assertThat(list).hasSize(2);
        assertThat(list).first().satisfies(stack -> {
            assertThat(((Map<?, ?>) stack).get("project")).isEqualTo("feature-x-abc");
            assertThat(((Map<?, ?>) stack).get("expires")).isEqualTo("2026-11-30T10:40:00Z");
            assertThat(((Map<?, ?>) stack).get("sequence")).isEqualTo(7L);
        });
    }
}
