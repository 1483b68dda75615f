package io.github.xdevops.compose.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.Environment;
import java.util.LinkedHashMap;
import org.apache.maven.api.plugin.testing.InjectMojo;
import org.apache.maven.api.plugin.testing.MojoParameter;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters reach the goals, and bad ones end with a message and not with a stack trace. */
@ExtendWith(Goals.Extension.class)
class BindingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "deploy | none | No server given; compose.host",
                "deploy | readyTimeout=soon | compose.readyTimeout; 90s",
                "deploy | order=7 | compose.order = `7`; any nor reset",
                "deploy | host=local dryRun=true branch=x home=/srv/shop | compose.lifetime=forever; compose.home",
                "deploy | host=deploy@192.0.2.7:2222 dryRun=true branch=x | compose.domain=ci.example.com; IP address",
                "ci | ci=gitlab | No server given; compose.host",
                "ci | ci=travis | `travis`; gitlab, github or jenkins",
                "ci | ci=gitlab host=deploy@[2001:db8::1]:2222 | compose.domain=ci.example.com; IP address",
                "gate | host=local repository=acme/shop gateAllow=everything | compose.gate.allow has `everything`; home:DIRECTORY",
                "render | url=https://x.test/app branch=x | compose.url: `https://x.test/app`",
                "extend | lifetime=soon | `soon`; 7d",
                "list | none | No server given; compose.host",
                "list | format=xml | compose.format; json",
                "plan | format=xml | compose.format; text nor json",
                "sweep | host=a_b@ | compose.host; [user@]host[:port]",
                "exec | service=web | compose.service=web; compose.command",
                "logs | tail=7 project=x | No server given",
            })
    void aParameterThatIsBadOrMissingIsNamed(String goal, String parameters, String message, Goals goals) {
        var given = new LinkedHashMap<String, String>();
        for (var parameter : parameters == null ? new String[0] : parameters.split(" ")) {
            given.put(parameter.replaceFirst("=.*", ""), parameter.replaceFirst("^[^=]*=", ""));
        }
        assertThatThrownBy(() -> goals.goal(goal, given).execute())
                .isInstanceOf(MojoFailureException.class)
                .hasMessageContaining("USAGE")
                .hasMessageContainingAll(message.split("; "));
    }

    /** As with -Dcompose.project=$CI_COMMIT_REF_NAME. */
    @Test
    @InjectMojo(goal = "down")
    @MojoParameter(name = "repository", value = "acme/shop")
    @MojoParameter(name = "project", value = "feature/Login")
    void aBranchIsTakenForWhatItIs(DownMojo down) {
        assertThat(down.projectName())
                .isEqualTo(Environment.of("acme/shop", "feature/Login").slug());
        assertThat(down.environment().revision().branch()).isEqualTo("feature/Login");
    }

    @Test
    @InjectMojo(goal = "down")
    @MojoParameter(name = "skip", value = "true")
    void aSkippedGoalNeedsNothing(DownMojo down) throws Exception {
        down.execute();
        assertThat(down).isNotNull();
    }
}
