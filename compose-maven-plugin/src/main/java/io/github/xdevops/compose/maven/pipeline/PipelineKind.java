package io.github.xdevops.compose.maven.pipeline;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kinds of pipeline that {@code compose:ci} writes. */
public enum PipelineKind {
    GITLAB(".gitlab-ci.yml", ".gitlab-ci.yml"),
    GITHUB(".github", ".github/workflows/review.yml"),
    JENKINS("Jenkinsfile", "Jenkinsfile");

    private final String sign;
    private final String file;

    PipelineKind(String sign, String file) {
        this.sign = sign;
        this.file = file;
    }

    /** The name for people and of the template. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The file for a project that has a pipeline already, below the project's directory, and how to use it. */
    public Map.Entry<String, String> addition() {
        return switch (this) {
            case GITLAB ->
                Map.entry(
                        ".gitlab/review.yml",
                        "Add to .gitlab-ci.yml: include: [{local: .gitlab/review.yml}], and the stages that its first lines name");
            case GITHUB ->
                Map.entry(".github/workflows/compose-review.yml", "GitHub runs it beside the other workflows");
            case JENKINS ->
                Map.entry("Jenkinsfile.review", "Make a second multibranch pipeline in Jenkins with this script path");
        };
    }

    /** The pipeline's file, below the project's directory. */
    public String file() {
        return file;
    }

    /**
     * Parses the name of a kind.
     *
     * @throws ComposeException {@code USAGE} if it is none of them
     */
    public static PipelineKind parse(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new ComposeException(
                        Outcome.USAGE, "compose.ci = `" + word + "` is not gitlab, github or jenkins"));
    }

    /**
     * The kind that a project uses already, otherwise that of the remote's host.
     *
     * @throws ComposeException {@code USAGE} if none or several are found
     */
    public static PipelineKind of(Path directory, @Nullable String remoteHost) {
        var used = Arrays.stream(values())
                .filter(kind -> Files.exists(directory.resolve(kind.sign)))
                .toList();
        if (used.size() == 1) {
            return used.get(0);
        }
        if (used.isEmpty() && remoteHost != null) {
            for (var kind : values()) {
                if (remoteHost.contains(kind.word())) {
                    return kind;
                }
            }
        }
        var why = used.isEmpty()
                ? "No pipeline was found here"
                : String.join(" and ", used.stream().map(kind -> kind.sign).toList()) + " are both here";
        throw new ComposeException(
                Outcome.USAGE, "For which pipeline? " + why + "; set -Dcompose.ci=gitlab, github or jenkins");
    }
}
