package io.github.xdevops.compose.corpus;

import io.github.xdevops.compose.corpus.Answer.Refused;
import io.github.xdevops.compose.corpus.Answer.Resolved;
import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * What this library makes of a project.
 *
 * @param file the resolved file, unless it is refused
 */
public record Reading(Answer answer, Optional<ComposeFile> file) {
    /** The name of the project in every run. */
    public static final String PROJECT = "agreement";

    /** Reads a project that was written to this directory. */
    public static Reading of(CorpusCase project, Path directory) {
        try {
            var file = ComposeFile.load(project.source(directory, PROJECT));
            return new Reading(answer(file, directory), Optional.of(file));
        } catch (ComposeFileException e) {
            return new Reading(new Refused(String.valueOf(e.getMessage())), Optional.empty());
        }
    }

    /** The tree of a file, without the name of the project, which comes with the deployment. */
    public static Resolved answer(ComposeFile file, Path directory) {
        var tree = new LinkedHashMap<String, Object>(file.tree());
        tree.remove("name");
        return new Resolved(Portable.map(tree, directory));
    }
}
