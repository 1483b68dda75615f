package io.github.xdevops.compose.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.DefaultMavenExecutionResult;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.eclipse.aether.RepositorySystemSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GivenParametersTest {
    private static final Set<String> KNOWN =
            Set.of("overlays", "lifetime", "environment", "dryRun", "urlCheck", "envFiles", "gate.allow", "evict");

    private final MavenProject project = new MavenProject();
    private final Properties user = new Properties();
    private final Properties system = new Properties();
    private final PluginDescriptor plugin = new PluginDescriptor();
    private final MojoDescriptor deploy = goal("deploy");
    private final MojoDescriptor down = goal("down");

    private MojoDescriptor goal(String name) {
        var goal = new MojoDescriptor();
        goal.setGoal(name);
        goal.setPluginDescriptor(plugin);
        try {
            plugin.addMojo(goal);
            if (name.equals("deploy")) {
                for (var known : KNOWN) {
                    goal.addParameter(parameter(known));
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return goal;
    }

    private static Parameter parameter(String name) {
        var parameter = new Parameter();
        parameter.setName(name.replace(".", ""));
        parameter.setExpression("${compose." + name + "}");
        parameter.setType(name.equals("dryRun") || name.equals("evict") ? "boolean" : "java.lang.String");
        return parameter;
    }

    @SuppressWarnings("deprecation") // the constructor that Maven itself offers to tests
    private void check(MojoDescriptor goal) {
        var request = new DefaultMavenExecutionRequest().setUserProperties(user).setSystemProperties(system);
        var session =
                new MavenSession(null, (RepositorySystemSession) null, request, new DefaultMavenExecutionResult());
        session.setCurrentProject(project);
        var own = new Plugin();
        own.setArtifactId("compose-maven-plugin");
        var execution = new MojoExecution(own, goal.getGoal(), "default-cli");
        execution.setMojoDescriptor(goal);
        plugin.setPlugin(own);
        var configuration = new Xpp3Dom("configuration");
        for (var parameter : goal.getParameters() == null ? List.<Parameter>of() : goal.getParameters()) {
            configuration.addChild(child(parameter.getName(), parameter.getExpression()));
        }
        execution.setConfiguration(configuration);
        new GivenParameters(session, execution, project).check();
    }

    private static Xpp3Dom child(String name, @Nullable String value) {
        var child = new Xpp3Dom(name);
        child.setValue(value);
        return child;
    }

    @ParameterizedTest
    @CsvSource({
        "overlay, compose.overlays",
        "lifetim, compose.lifetime",
        "enviroment, compose.environment",
        "dryrun, compose.dryRun",
        "envFile, compose.envFiles",
        "check, compose.urlCheck",
        "wait, compose.readyTimeout",
        "forks, compose.allowForks=true",
        "secrets, compose.output=FILE",
        "gate.exec, compose.gate.allow=exec",
        "envs.NAME, compose.env.NAME",
        "service.web.image, compose.services.web.image",
    })
    void aParameterThatIsNotKnownNamesTheOneThatIsMeant(String name, String meant) {
        user.setProperty("compose." + name, "x");
        assertThatThrownBy(() -> check(deploy))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.USAGE))
                .hasMessageContaining("unknown parameter compose." + name + "; did you mean `" + meant + "`?");
    }

    @Test
    void whatResemblesNothingIsRefusedAsWell() {
        user.setProperty("compose.zzzzzzzzz", "x");
        assertThatThrownBy(() -> check(deploy)).hasMessageContainingAll("compose.zzzzzzzzz", "compose:help -Ddetail");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"compose.overlays", "compose.env.ANY", "compose.services.web.image", "compose.basicAuth", "other"
            })
    void whatIsKnownByAnyGoalPasses(String name) {
        user.setProperty(name, "x");
        check(deploy);
        check(down);
        assertThat(user).hasSize(1);
    }

    /** As with MAVEN_OPTS=-Dcompose.overlay=…. */
    @Test
    void propertiesOfTheProcessAndOfThePomAreCheckedToo() {
        system.setProperty("compose.overlay", "basicauth");
        assertThatThrownBy(() -> check(deploy)).hasMessageContaining("`compose.overlays`");
        system.clear();
        project.getProperties().setProperty("compose.overlay", "basicauth");
        assertThatThrownBy(() -> check(deploy)).hasMessageContaining("`compose.overlays`");
        project.getProperties().clear();
        project.getProperties().setProperty("compose.specification.version", "3.9");
        check(deploy);
    }

    @Test
    void theConfigurationOfThePomIsCheckedToo() {
        var configured = new Plugin();
        configured.setArtifactId("compose-maven-plugin");
        var configuration = new Xpp3Dom("configuration");
        configuration.addChild(child("overlay", "basicauth"));
        configured.setConfiguration(configuration);
        project.getBuild().addPlugin(configured);
        assertThatThrownBy(() -> check(deploy)).hasMessageContainingAll("<overlay>", "did you mean `overlays`?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "on", "flase"})
    void aBooleanIsTrueOrFalse(String value) {
        user.setProperty("compose.dryRun", value);
        assertThatThrownBy(() -> check(deploy))
                .hasMessage("compose.dryRun = `" + value + "` is neither true nor false");
        user.setProperty("compose.dryRun", "TRUE");
        check(deploy);
    }

    @Test
    void aGoalThatKnowsNoDryRunIsNotRunForReal() {
        user.setProperty("compose.dryRun", "true");
        check(deploy);
        assertThatThrownBy(() -> check(down)).hasMessageContaining("compose:down has no dry run");
    }
}
