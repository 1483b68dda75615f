package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/**
 * What to load, and with which variables.
 *
 * @param directory the project's directory, which relative names start from; need not be absolute
 * @param files the compose files, the later over the earlier; empty means the first of {@code compose.yaml}, {@code compose.yml},
 *     {@code docker-compose.yaml} and {@code docker-compose.yml} in the directory, and never an {@code override} file
 * @param variables what {@code ${…}} may name; they win over the files of variables, and nothing is taken from the process
 * @param withheld names that are refused where a file uses them, unless the variables or a file of variables give them a value
 * @param profiles the profiles that are switched on; {@code *} is all of them, none at all leaves it to {@code COMPOSE_PROFILES}
 * @param envFiles files of variables in place of {@code .env} in the directory, the later over the earlier; they must exist
 * @param confined whether a file outside the directory, named by {@code include}, {@code extends} or {@code env_file}, is refused, as
 *     befits files that a stranger wrote; Compose itself would read it
 * @param templating makes the text of a file from its name and the text of a template
 */
public record ComposeSource(
        Path directory,
        List<Path> files,
        Map<String, String> variables,
        Set<String> withheld,
        Set<String> profiles,
        List<Path> envFiles,
        boolean confined,
        BinaryOperator<String> templating) {

    public ComposeSource {
        directory = directory.toAbsolutePath().normalize();
        files = List.copyOf(files);
        variables = Map.copyOf(variables);
        withheld = Set.copyOf(withheld);
        profiles = Set.copyOf(profiles);
        envFiles = List.copyOf(envFiles);
    }

    /** The compose file of a directory, without variables or profiles. */
    public static ComposeSource in(Path directory) {
        return new ComposeSource(
                directory, List.of(), Map.of(), Set.of(), Set.of(), List.of(), false, (name, text) -> text);
    }

    public ComposeSource files(Path... others) {
        return new ComposeSource(
                directory, List.of(others), variables, withheld, profiles, envFiles, confined, templating);
    }

    public ComposeSource variables(Map<String, String> others) {
        return new ComposeSource(directory, files, others, withheld, profiles, envFiles, confined, templating);
    }

    /** The same, where a file may not use these names: what they stand for is not for those who write the files. */
    public ComposeSource withheld(Set<String> names) {
        return new ComposeSource(directory, files, variables, names, profiles, envFiles, confined, templating);
    }

    public ComposeSource profiles(Set<String> others) {
        return new ComposeSource(directory, files, variables, withheld, others, envFiles, confined, templating);
    }

    public ComposeSource envFiles(Path... others) {
        return new ComposeSource(
                directory, files, variables, withheld, profiles, List.of(others), confined, templating);
    }

    /** The same, where the text of each file whose name ends in {@code .ftl} goes through this, with its name, before it is read. */
    public ComposeSource templating(BinaryOperator<String> other) {
        return new ComposeSource(directory, files, variables, withheld, profiles, envFiles, confined, other);
    }

    /**
     * What {@code ${…}} may name: the variables over those of the files of variables.
     *
     * @throws ComposeFileException when a file of variables cannot be read
     */
    public Map<String, String> allVariables() {
        return Map.copyOf(LoadPlan.variables(this, new ProjectReader(directory.toString(), confined, templating)));
    }

    /** The same, reading no file outside the directory. */
    public ComposeSource confine() {
        return new ComposeSource(directory, files, variables, withheld, profiles, envFiles, true, templating);
    }
}
