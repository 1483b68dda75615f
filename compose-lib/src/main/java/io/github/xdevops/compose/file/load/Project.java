package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.variables.Variables;
import java.util.Set;

/**
 * Values that all documents of a project share.
 *
 * @param directory the absolute directory of the project, or empty for a document that has none
 * @param variables the source of values for names without one
 * @param profiles the enabled profiles
 */
public record Project(String directory, Variables variables, Set<String> profiles, ProjectReader disk) {

    /** A project for a document without a directory or variables. */
    public static Project none() {
        return new Project("", name -> null, Set.of("*"), new ProjectReader("", true, (name, text) -> text));
    }

    /** Whether a service is enabled. A service without a profile is always enabled. */
    public boolean enables(Node service) {
        return service.items("profiles").isEmpty()
                || profiles.contains("*")
                || service.items("profiles").stream().anyMatch(profile -> profiles.contains(profile.text()));
    }
}
