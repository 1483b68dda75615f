package io.github.xdevops.compose.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.Environment;
import org.apache.maven.api.plugin.testing.InjectMojo;
import org.apache.maven.api.plugin.testing.MojoParameter;
import org.apache.maven.api.plugin.testing.MojoTest;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;

/** Parameters reach the goals, and bad ones end with a message and not with a stack trace. */
@MojoTest
class BindingTest {
    @Test
    @InjectMojo(goal = "deploy")
    @MojoParameter(name = "readyTimeout", value = "soon")
    void aWaitThatIsNoTimeIsNamed(DeployMojo deploy) {
        assertThatThrownBy(deploy::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessageContainingAll("USAGE", "compose.readyTimeout", "90s");
    }

    @Test
    @InjectMojo(goal = "deploy")
    void withoutAnyParameterTheServerIsAskedForFirst(DeployMojo deploy) {
        assertThatThrownBy(deploy::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessageContainingAll("USAGE", "No server given", "compose.host");
    }

    @Test
    @InjectMojo(goal = "deploy")
    @MojoParameter(name = "order", value = "7")
    void anOrderThatIsNoneIsNamed(DeployMojo deploy) {
        assertThatThrownBy(deploy::execute).hasMessageContainingAll("USAGE", "compose.order = `7`", "any nor reset");
    }

    @Test
    @InjectMojo(goal = "deploy")
    @MojoParameter(name = "host", value = "local")
    @MojoParameter(name = "dryRun", value = "true")
    @MojoParameter(name = "branch", value = "x")
    @MojoParameter(name = "home", value = "/srv/shop")
    void aReviewHasNoHome(DeployMojo deploy) {
        assertThatThrownBy(deploy::execute).hasMessageContainingAll("USAGE", "lifetime forever", "compose.home");
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
    @InjectMojo(goal = "deploy")
    @MojoParameter(name = "host", value = "deploy@192.0.2.7:2222")
    @MojoParameter(name = "dryRun", value = "true")
    @MojoParameter(name = "branch", value = "x")
    void aServerWithoutANameNeedsADomain(DeployMojo deploy) {
        assertThatThrownBy(deploy::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessageContainingAll("USAGE", "compose.domain=ci.example.com", "IP address");
    }

    @Test
    @InjectMojo(goal = "ci")
    @MojoParameter(name = "ci", value = "gitlab")
    @MojoParameter(name = "host", value = "deploy@[2001:db8::1]:2222")
    void aPipelineForAServerWithoutANameNeedsADomain(CiMojo ci) {
        assertThatThrownBy(ci::execute).hasMessageContainingAll("USAGE", "compose.domain=ci.example.com", "IP address");
    }

    @Test
    @InjectMojo(goal = "gate")
    @MojoParameter(name = "host", value = "local")
    @MojoParameter(name = "repository", value = "acme/shop")
    @MojoParameter(name = "gateAllow", value = "everything")
    void aRightThatIsNoneIsNamed(GateMojo gate) {
        assertThatThrownBy(gate::execute)
                .hasMessageContainingAll("USAGE", "compose.gate.allow has `everything`", "home:DIRECTORY");
    }

    @Test
    @InjectMojo(goal = "render")
    @MojoParameter(name = "url", value = "https://x.test/app")
    @MojoParameter(name = "branch", value = "x")
    void aUrlWithAPathIsNamed(RenderMojo render) {
        assertThatThrownBy(render::execute).hasMessageContainingAll("USAGE", "compose.url: `https://x.test/app`");
    }

    @Test
    @InjectMojo(goal = "extend")
    @MojoParameter(name = "lifetime", value = "soon")
    void aLifetimeThatIsNoneIsNamed(ExtendMojo extend) {
        assertThatThrownBy(extend::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessageContainingAll("USAGE", "`soon`", "7d");
    }

    @Test
    @InjectMojo(goal = "list")
    void aServerIsAskedFor(ListMojo list) {
        assertThatThrownBy(list::execute).hasMessageContainingAll("USAGE", "No server given", "compose.host");
    }

    @Test
    @InjectMojo(goal = "list")
    @MojoParameter(name = "format", value = "xml")
    void aFormatThatIsNotKnownIsNamed(ListMojo list) {
        assertThatThrownBy(list::execute).hasMessageContainingAll("USAGE", "compose.format", "json");
    }

    @Test
    @InjectMojo(goal = "plan")
    @MojoParameter(name = "format", value = "xml")
    void aPlansFormatThatIsNotKnownIsNamed(PlanMojo plan) {
        assertThatThrownBy(plan::execute).hasMessageContainingAll("USAGE", "compose.format", "text nor json");
    }

    @Test
    @InjectMojo(goal = "sweep")
    @MojoParameter(name = "host", value = "a b")
    void aHostThatIsNoneIsNamed(SweepMojo sweep) {
        assertThatThrownBy(sweep::execute).hasMessageContainingAll("USAGE", "compose.host", "[user@]host[:port]");
    }

    @Test
    @InjectMojo(goal = "ci")
    @MojoParameter(name = "ci", value = "travis")
    void aPipelineThatIsNotKnownIsNamed(CiMojo ci) {
        assertThatThrownBy(ci::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessageContainingAll("USAGE", "`travis`", "gitlab, github or jenkins");
    }

    @Test
    @InjectMojo(goal = "ci")
    @MojoParameter(name = "ci", value = "gitlab")
    void aPipelineNeedsAServer(CiMojo ci) {
        assertThatThrownBy(ci::execute).hasMessageContainingAll("USAGE", "No server given", "compose.host");
    }

    @Test
    @InjectMojo(goal = "down")
    @MojoParameter(name = "skip", value = "true")
    void aSkippedGoalNeedsNothing(DownMojo down) throws Exception {
        down.execute();
        assertThat(down).isNotNull();
    }

    @Test
    @InjectMojo(goal = "exec")
    @MojoParameter(name = "service", value = "web")
    void aCommandIsAskedFor(ExecMojo exec) {
        assertThatThrownBy(exec::execute).hasMessageContainingAll("USAGE", "compose.service=web", "compose.command");
    }

    @Test
    @InjectMojo(goal = "logs")
    @MojoParameter(name = "tail", value = "7")
    @MojoParameter(name = "project", value = "x")
    void logsNeedAServer(LogsMojo logs) {
        assertThatThrownBy(logs::execute).hasMessageContainingAll("USAGE", "No server given");
    }
}
