package io.github.xdevops.compose.maven;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The texts of {@code compose:help}. */
class HelpTest {
    private static final Pattern GOAL =
            Pattern.compile("<mojo>\\s*<goal>([a-z]+)</goal>\\s*<description>(.*?)</description>", Pattern.DOTALL);

    @Test
    void eachGoalHasAnExampleAndIsInTheReadme() throws Exception {
        var readme = Files.readString(Path.of("../README.md"));
        try (var in = requireNonNull(getClass()
                .getResourceAsStream(
                        "/META-INF/maven/io.github.xdevops.compose/compose-maven-plugin/plugin-help.xml"))) {
            var goals = GOAL.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            var found = new ArrayList<String>();
            while (goals.find()) {
                found.add(goals.group(1));
                assertThat(goals.group(2)).as(goals.group(1)).contains("mvn compose:" + goals.group(1));
                assertThat(readme).contains("`compose:" + goals.group(1) + "`");
            }
            assertThat(found).contains("deploy", "status", "logs", "exec", "open", "help");
        }
    }
}
