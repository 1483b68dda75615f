package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/**
 * The files to load, and the variables and profiles for them.
 *
 * @param directory the project's directory, which relative names start from; need not be absolute
 * @param files the compose files, later ones over earlier ones; empty means the first of {@code compose.yaml},
 *     {@code compose.yml}, {@code docker-compose.yaml} and {@code docker-compose.yml} in the directory, and never an
 *     {@code override} file
 * @param variables the variables for {@code ${…}}; they win over env files, and the process's own environment is not used
 * @param withheld names of variables that files must not use, unless the variables or an env file set them
 * @param profiles the enabled profiles; {@code *} means all, and an empty list means {@code COMPOSE_PROFILES}
 * @param envFiles env files instead of {@code .env} in the directory, later ones over earlier ones; they must exist
 * @param confined whether a file outside the directory, named by {@code include}, {@code extends} or {@code env_file}, is
 *     refused, for files from strangers; Compose itself would read it
 * @param templating renders a template from its file name and text
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

    /** A source for a directory's compose file, without variables or profiles. */
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

    /** Returns a copy that refuses these variables, for values that the authors of the files must not see. */
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

    /** Returns a copy that renders each file whose name ends in {@code .ftl} with this function of its name and text. */
    public ComposeSource templating(BinaryOperator<String> other) {
        return new ComposeSource(directory, files, variables, withheld, profiles, envFiles, confined, other);
    }

    /**
     * The variables for {@code ${…}}: the given ones over those of env files.
     *
     * @throws ComposeFileException when an env file cannot be read
     */
    public Map<String, String> allVariables() {
        return Map.copyOf(LoadPlan.variables(this, new ProjectReader(directory.toString(), confined, templating)));
    }

    /** Returns a copy that reads no file outside the directory. */
    public ComposeSource confine() {
        return new ComposeSource(directory, files, variables, withheld, profiles, envFiles, true, templating);
    }
}
