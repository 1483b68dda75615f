package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.proof.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goals by their short names without a POM, by what the README says about settings.xml, with every Maven there is. */
@Tag("versions")
class PluginGroupsIT {
    private static final Path REPOSITORY = Path.of(System.getProperty("it.repository"));
    private static final String GROUP = "io/github/xdevops/compose";
    private static final String INDEX = GROUP + "/maven-metadata-local.xml";

    @TempDir
    Path directory;

    @Test
    void theSettingsOfTheReadmeMakeShortNamesOfGoals() throws IOException {
        var local = copyOfRepository();
        var empty = Files.createDirectory(directory.resolve("empty"));
        var settings = Files.writeString(directory.resolve("settings.xml"), ReadmeIT.block("xml", "<settings>"));
        var byShortName = List.of("-Dmaven.repo.local=" + local, "-s", settings.toString());
        var writers = new ArrayList<String>();
        var read = 0;
        for (var writer : MavenVersionsIT.commands()) {
            Files.deleteIfExists(local.resolve(INDEX));
            var maven = new Maven(empty, null, writer, Map.of());
            install(maven, local);
            var version = MavenVersionsIT.version(maven.call("--version", List.of(), Map.of()));
            // As the README says.
            assertThat(Files.exists(local.resolve(INDEX))).as(version).isEqualTo(!version.startsWith("3.8."));
            if (!Files.exists(local.resolve(INDEX))) {
                assertThat(maven.call("compose:help", byShortName, Map.of()).out())
                        .contains("No plugin found for prefix 'compose'");
                continue;
            }
            for (var reader : MavenVersionsIT.commands()) {
                var help = new Maven(empty, null, reader, Map.of()).call("compose:help", byShortName, Map.of());
                assertThat(help.exit()).as(reader + ": " + help.out()).isZero();
                assertThat(help.out()).contains("compose:deploy");
                read++;
            }
            writers.add(version);
        }
        assumeTrue(!writers.isEmpty(), "no Maven from 3.9 on is here: pluginGroups are not checked (it/mavens)");
        Proof.claim("pluginGroups: compose:help without a POM, " + read + " pairs of a Maven that installed ("
                + String.join(", ", writers) + ") and one that reads");
    }

    private void install(Maven maven, Path local) throws IOException {
        var version = System.getProperty("it.version");
        var name = "compose-maven-plugin-" + version;
        var place = local.resolve(GROUP + "/compose-maven-plugin/" + version);
        var settings = Files.writeString(
                directory.resolve("plain.xml"), "<settings>" + Maven.whatTheBuildHas() + "</settings>");
        var options = new ArrayList<>(
                List.of("-Dmaven.repo.local=" + local, "-Daether.offline.protocols=file", "-s", settings.toString()));
        for (var kind : Map.of("file", "jar", "pomFile", "pom").entrySet()) {
            var file = directory.resolve(name + "." + kind.getValue());
            Files.copy(place.resolve(file.getFileName()), file, StandardCopyOption.REPLACE_EXISTING);
            options.add("-D" + kind.getKey() + "=" + file);
        }
        var outcome = maven.call("org.apache.maven.plugins:maven-install-plugin:3.1.4:install-file", options, Map.of());
        assertThat(outcome.exit()).as(outcome.out()).isZero();
    }

    private Path copyOfRepository() throws IOException {
        var copy = directory.resolve("local");
        try (var files = Files.walk(REPOSITORY)) {
            for (var file : files.toList()) {
                Files.copy(file, copy.resolve(REPOSITORY.relativize(file).toString()));
            }
        }
        return copy;
    }
}
