package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.it.Maven.Outcome;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A build of several modules, in parallel, with every Maven that {@code it/mavens} could get and every Java from 17 on that is
 * installed or that {@code it/javas} could get (the short ring: with two of the Mavens and this Java): a goal that is bound to a phase at the top runs once.
 */
@Tag("versions")
class MavenVersionsIT {
    private static final Path JAVAS = Path.of("/usr/lib/jvm");
    private static final int NEWEST = 25;
    private static final String STATE = "-Dcompose.stateDirectory=state-versions";
    private static final String MODULE = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <parent>
                <groupId>acme</groupId>
                <artifactId>shop</artifactId>
                <version>1</version>
              </parent>
              <artifactId>%s</artifactId>
              <packaging>pom</packaging>
            </project>
            """;

    @TempDir
    Path directory;

    @Test
    void aBuildOfSeveralModulesDeploysOnce() throws IOException {
        var server = TestServer.required();
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: compose-it/httpd:1
                    ports: ["80"]
                """);
        Files.writeString(
                directory.resolve("pom.xml"),
                Maven.pom("<modules><module>one</module><module>two</module></modules>", """
                        <execution>
                          <id>review</id>
                          <phase>validate</phase>
                          <goals><goal>deploy</goal></goals>
                        </execution>
                        """));
        for (var module : List.of("one", "two")) {
            var place = Files.createDirectories(directory.resolve(module));
            Files.writeString(place.resolve("pom.xml"), MODULE.formatted(module));
        }
        var options = new Maven(directory, server)
                .toServer("-T2", STATE, "-Dcompose.branch=versions", "-Dcompose.project=versions-it");
        var tried = new ArrayList<String>();
        try {
            for (var java : javas().entrySet()) {
                for (var command : commands()) {
                    var maven = new Maven(directory, server, command, java.getValue());
                    var name = version(maven.call("--version", List.of(), Map.of())) + " on Java " + java.getKey();
                    var build = maven.call("validate", options, Map.of());
                    assertThat(build.exit()).as(name + ": " + build.out()).isZero();
                    assertThat(build.out().lines().filter(line -> line.contains("Deploying versions of shop as ")))
                            .as(name + ": " + build.out())
                            .hasSize(1);
                    assertThat(server.get("http://versions-it." + server.domain()))
                            .as(name)
                            .isNotEmpty();
                    var down = maven.call("compose:down", options, Map.of());
                    assertThat(down.out()).as(name).contains("versions-it is gone");
                    assertThat(server.remains("versions-it")).as(name).isEmpty();
                    tried.add(name);
                }
            }
        } finally {
            server.remove("versions-it", "state-versions");
            server.login("rm -rf state-versions");
        }
        var isNewest = tried.stream().anyMatch(name -> name.endsWith(" on Java " + NEWEST));
        if (!isNewest && Ring.isExhaustive()) {
            System.err.println("\nNOT CHECKED: Java " + NEWEST + ", which is not here (it/javas)\n");
        }
        Proof.claim("Maven: " + String.join(", ", tried)
                + (isNewest ? "" : "; not with Java " + NEWEST + ", which is not here"));
    }

    /** Images of modules are what was built last; at the top, none of them would be built yet. */
    @Test
    void aGoalBoundInTheRootPomRunsInTheLastModule() throws IOException {
        var server = TestServer.required();
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: x, ports: ['80']}}\n");
        Files.writeString(
                directory.resolve("pom.xml"),
                Maven.pom("<modules><module>one</module><module>two</module></modules>", """
                        <execution>
                          <id>review</id>
                          <phase>verify</phase>
                          <goals><goal>whoami</goal></goals>
                        </execution>
                        """));
        for (var module : List.of("one", "two")) {
            var place = Files.createDirectories(directory.resolve(module));
            Files.writeString(place.resolve("pom.xml"), MODULE.formatted(module));
        }
        var options = new ArrayList<>(List.of("-Dcompose.branch=versions"));
        for (var command : commands()) {
            var maven = new Maven(directory, server, command, Map.of());
            for (var parallel : List.of("-T1", "-T2")) {
                options.add(parallel);
                var out = maven.call("verify", options, Map.of()).out();
                options.remove(parallel);
                assertThat(out.lines().filter(line -> line.startsWith("according to ")))
                        .as(out)
                        .hasSize(1);
                assertThat(out.substring(out.indexOf("according to")))
                        .as(out)
                        .doesNotContain("Building one", "Building two");
            }
        }
        // Where a module does without, and by hand, it runs nevertheless.
        Files.writeString(
                directory.resolve("two/pom.xml"), MODULE.formatted("two").replace("</project>", """
                          <build><plugins><plugin>
                            <groupId>io.github.xdevops.compose</groupId>
                            <artifactId>compose-maven-plugin</artifactId>
                            <executions><execution><id>review</id><phase>none</phase></execution></executions>
                          </plugin></plugins></build>
                        </project>
                        """));
        for (var command : commands()) {
            var maven = new Maven(directory, server, command, Map.of());
            for (var what : List.of("verify", Maven.goal("whoami") + "@review")) {
                var out = maven.call(what, options, Map.of()).out();
                assertThat(out.lines().filter(line -> line.contains("according to ")))
                        .as(out)
                        .hasSize(1);
            }
        }
    }

    static String version(Outcome said) {
        return said.out()
                .lines()
                .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
                .filter(line -> line.startsWith("Apache Maven "))
                .map(line -> line.split(" ")[2])
                .findFirst()
                .orElseThrow(() -> new AssertionError(said.out()));
    }

    static List<String> commands() {
        var commands = new ArrayList<>(List.of("mvn"));
        var homes = System.getenv("COMPOSE_IT_MAVENS");
        if (homes != null) {
            var fetched = Stream.of(homes.split(":")).filter(home -> !home.isBlank());
            Ring.sample(fetched.toList(), 1).forEach(home -> commands.add(home + "/bin/mvn"));
        }
        return commands;
    }

    /** By version; each with the variables that choose it. The one that runs this test is always among them. */
    private static Map<String, Map<String, String>> javas() throws IOException {
        var javas = new LinkedHashMap<String, Map<String, String>>();
        javas.put(
                System.getProperty("java.specification.version"), Map.of("JAVA_HOME", System.getProperty("java.home")));
        var homes = new ArrayList<Path>();
        if (Files.isDirectory(JAVAS)) {
            try (Stream<Path> installed = Files.list(JAVAS)) {
                installed.sorted().forEach(homes::add);
            }
        }
        var fetched = System.getenv("COMPOSE_IT_JAVAS");
        if (fetched != null) {
            Stream.of(fetched.split(":")).filter(home -> !home.isBlank()).forEach(home -> homes.add(Path.of(home)));
        }
        for (var home : homes) {
            if (Files.isRegularFile(home.resolve("release")) && Files.isExecutable(home.resolve("bin/java"))) {
                var version =
                        Files.readString(home.resolve("release")).replaceAll("(?s).*JAVA_VERSION=\"([0-9]+).*", "$1");
                if (version.matches("[0-9]+") && Integer.parseInt(version) >= 17) {
                    javas.putIfAbsent(version, Map.of("JAVA_HOME", home.toString()));
                }
            }
        }
        return javas;
    }
}
