package io.github.xdevops.compose.maven.console;

import static java.util.Objects.requireNonNull;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps results inside the checkout, whose author may have added links or set another place in the POM. */
public final class ResultPlace {
    private ResultPlace() {}

    /**
     * Returns the file if it is allowed.
     *
     * @param checkout the top of the checkout
     * @param file the file for a result
     * @param named whether it was set on the command line, so that it may be outside of the checkout
     * @throws ComposeException {@code USAGE} if its path contains a link of the checkout, or if it is outside and was not set on
     *     the command line
     */
    public static Path checked(Path checkout, Path file, boolean named) {
        var top = checkout.toAbsolutePath().normalize();
        var place = file.toAbsolutePath().normalize();
        if (!place.startsWith(top)) {
            if (named) {
                return place;
            }
            throw new ComposeException(
                    Outcome.USAGE,
                    place + " is outside of the checkout, so no result is written there; set it with -Dcompose.output");
        }
        for (var here = place; !here.equals(top); here = requireNonNull(here.getParent(), "it starts with the top")) {
            if (Files.isSymbolicLink(here)) {
                throw new ComposeException(
                        Outcome.USAGE,
                        here
                                + " is a link, which may lead out of the checkout, so no result is written through it; remove it");
            }
        }
        return place;
    }
}
