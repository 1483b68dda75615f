package io.github.xdevops.compose.template;

import freemarker.cache.FileTemplateLoader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Loads templates from one directory of the project; links are followed unless their target is refused. */
final class ProjectLoader extends FileTemplateLoader {
    private final Function<Path, Optional<String>> objection;

    ProjectLoader(Path directory, Function<Path, Optional<String>> objection) throws IOException {
        super(directory.toFile(), true);
        this.objection = objection;
        check(directory);
    }

    @Override
    public Object findTemplateSource(String name) throws IOException {
        var found = super.findTemplateSource(name);
        if (found instanceof File file) {
            check(file.toPath());
        }
        return found;
    }

    private void check(Path file) throws IOException {
        var why = objection.apply(file);
        if (why.isPresent()) {
            throw new IOException(file + " " + why.get());
        }
    }
}
