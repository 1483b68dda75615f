package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.variables.Variables;
import java.util.Set;

/**
 * What the documents of one project share.
 *
 * @param directory the absolute directory of the project, or empty for a document that has none
 * @param variables what names without a value take theirs from
 * @param profiles the profiles that are switched on
 */
public record Project(String directory, Variables variables, Set<String> profiles, ProjectReader disk) {

    /** A document on its own: nothing is looked up. */
    public static Project none() {
        return new Project("", name -> null, Set.of("*"), new ProjectReader("", true, (name, text) -> text));
    }

    /** Whether a service takes part; the profile without a name is on where nobody asks for one. */
    public boolean enables(Node service) {
        return service.items("profiles").isEmpty()
                || profiles.contains("*")
                || service.items("profiles").stream().anyMatch(profile -> profiles.contains(profile.text()));
    }
}
