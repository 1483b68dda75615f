package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.ci.GitCheckout;
import io.github.xdevops.compose.ci.RepositoryName;
import io.github.xdevops.compose.ci.Source.Fact;
import io.github.xdevops.compose.maven.pipeline.Webhook;
import java.nio.file.Path;
import java.util.List;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Base of the goals for one environment. */
abstract class EnvironmentMojo extends HostMojo {
    /**
     * The project's name on the server; by default from repository and environment. A value that is no such name, like {@code
     * feature/login}, is used as {@code compose.branch}.
     */
    @Parameter(property = "compose.project")
    private @Nullable String project;

    /** A named environment that belongs to no branch, such as {@code staging}; by default from the pipeline. */
    @Parameter(property = "compose.environment")
    private @Nullable String environment;

    /** The branch; by default from the pipeline or git. */
    @Parameter(property = "compose.branch")
    private @Nullable String branch;

    /** The repository, such as {@code acme/shop}; by default from the pipeline, git or the artifact's name. */
    @Parameter(property = "compose.repository")
    private @Nullable String repository;

    /**
     * The project's name as set. A branch name, for example from {@code $CI_COMMIT_REF_NAME}, is not a project name if it
     * contains a slash or the like.
     */
    @Nullable
    String givenProject() {
        return project == null || !project.matches("[a-z0-9][a-z0-9_-]*") ? null : project;
    }

    /** The branch as set. */
    private @Nullable String givenBranch() {
        return branch != null || givenProject() != null ? branch : project;
    }

    final Environment environment() {
        var source = source();
        var given = givenBranch();
        var ofBranch = given != null ? given : source.branch();
        var revision = new Revision(
                ofBranch,
                source.commit(),
                source.author(),
                commitMessage(),
                source.pipeline(),
                sequence(),
                place(composeFile()));
        var own = ownName();
        return own != null
                ? new Environment(repositoryName(), own, true, revision)
                : new Environment(repositoryName(), branchName(ofBranch), revision);
    }

    /** The directory of the compose file, or the file itself where its directory may have others. */
    Path composeFile() {
        return directory();
    }

    /**
     * The path from the root of the checkout, with slashes. Outside of one it is unknown, unless the repository is called like
     * the directory, as any other directory may be.
     */
    private @Nullable String place(Path of) {
        var top = GitCheckout.top(directory()).orElse(null);
        var absolute = of.toAbsolutePath().normalize();
        if (top == null || !absolute.startsWith(top)) {
            return isNamedByDirectory() ? absolute.toString() : null;
        }
        var below = top.relativize(absolute).toString().replace('\\', '/');
        return below.isEmpty() ? "." : below;
    }

    /** The number of the pipeline; 0 by hand. */
    long sequence() {
        return source().sequence();
    }

    /** The parameter that sets this fact, if there is one. */
    final @Nullable String parameter(Fact fact) {
        return switch (fact) {
            case REPOSITORY -> repository == null ? null : "compose.repository";
            case BRANCH -> givenBranch() == null ? null : branch != null ? "compose.branch" : "compose.project";
            case ENVIRONMENT -> environment == null ? null : "compose.environment";
            default -> null;
        };
    }

    /** Whether a parameter declares that the source is from the pipeline's own repository and not from a fork. */
    final boolean isOfRepository() {
        return repository != null && repositoryName().equals(source().repository());
    }

    /** The project's name on the server. */
    final String projectName() {
        var given = givenProject();
        return given != null ? given : environment().slug();
    }

    /** The webhook. It is not a Maven parameter, because Maven's debug log shows those, and the URL is a secret. */
    final @Nullable Webhook webhook() {
        var given = session().getUserProperties().getProperty("compose.webhook");
        return Webhook.of(given != null ? given : System.getenv("COMPOSE_WEBHOOK"), getLog()::warn);
    }

    /** The first line of the commit's message, if the pipeline or git knows it. */
    private @Nullable String commitMessage() {
        for (var name :
                List.of("CI_COMMIT_TITLE", "CI_COMMIT_MESSAGE", "DRONE_COMMIT_MESSAGE", "BUILD_SOURCEVERSIONMESSAGE")) {
            var message = System.getenv(name);
            if (message != null && !message.isBlank()) {
                return message.strip().lines().findFirst().orElse(null);
            }
        }
        var commit = source().commit();
        return commit == null ? null : GitCheckout.subject(directory(), commit).orElse(null);
    }

    /** Whether this is the environment of the default branch, if the pipeline names that branch. */
    final boolean isOfDefaultBranch() {
        var defaultBranch = source().defaultBranch();
        if (defaultBranch == null) {
            return false;
        }
        var given = givenProject();
        if (given != null) {
            return given.equals(Environment.of(repositoryName(), defaultBranch).slug()) || defaultBranch.equals(branch);
        }
        var here = environment();
        return here.name().equals(defaultBranch)
                || (environment == null && defaultBranch.equals(here.revision().branch()));
    }

    /** The environment's own name. A parameter wins over the pipeline, and a tag is separate from a branch of its name. */
    private @Nullable String ownName() {
        if (environment != null || givenBranch() != null) {
            return environment;
        }
        var source = source();
        var fixed = source.environment();
        // `review/feature/x` is the same place as the branch feature/x, by hand as in a pipeline; `staging/main` is its
        // own.
        if (fixed != null && !fixed.equals("review/" + source.branch())) {
            return fixed;
        }
        return source.branch() == null && source.tag() != null ? "tag/" + source.tag() : null;
    }

    private String branchName(@Nullable String ofBranch) {
        for (var name : new @Nullable String[] {ofBranch, givenProject()}) {
            if (name != null) {
                return name;
            }
        }
        var source = source();
        var event = source.event();
        var why = event == null
                ? "Neither a pipeline nor git names a branch here"
                : "The event `" + event + "` of " + source.origin() + " does not tell which branch is checked out here";
        throw new ComposeException(
                Outcome.USAGE,
                "Which environment? " + why + (source.problem() == null ? "" : " (git: " + source.problem() + ")")
                        + "; set -Dcompose.branch=…, -Dcompose.environment=… or -Dcompose.project=…");
    }

    final String repositoryName() {
        if (repository != null) {
            return RepositoryName.normalized(repository);
        }
        var known = source().repository();
        if (known != null) {
            return known;
        }
        return hasPom()
                ? session().getTopLevelProject().getArtifactId()
                : String.valueOf(directory().getFileName());
    }

    private boolean isNamedByDirectory() {
        return repository == null && givenProject() == null && source().repository() == null && !hasPom();
    }

    private boolean hasPom() {
        var top = session().getTopLevelProject();
        return top != null && top.getFile() != null;
    }
}
