package io.github.xdevops.compose.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real Maven process in a directory, which finds the plugin of this build and nothing else. */
final class Maven {
    /** For {@code MAVEN_OPTS}: a goal is too short for the second compiler. */
    static final String QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final String PLUGIN =
            "io.github.xdevops.compose:compose-maven-plugin:" + System.getProperty("it.version") + ":";

    private final Path directory;
    private final TestServer server;
    private final String command;
    private final Map<String, String> java;

    Maven(Path directory, TestServer server) {
        this(directory, server, "mvn", Map.of());
    }

    /**
     * @param command another Maven than the one that is installed
     * @param java where its Java is, as variables
     */
    Maven(Path directory, TestServer server, String command, Map<String, String> java) {
        this.directory = directory;
        this.server = server;
        this.command = command;
        this.java = java;
    }

    /** Runs a goal with the way to the test server. */
    Outcome run(String goal, String... options) {
        return run(goal, toServer(options), Map.of());
    }

    /** The way to the test server, and more options. */
    List<String> toServer(String... options) {
        var all = new ArrayList<>(List.of(
                "-Dcompose.host=" + server.address(),
                "-Dcompose.privateKey=" + server.key(),
                "-Dcompose.knownHosts=" + server.knownHosts(),
                "-Dcompose.domain=" + server.domain()));
        all.addAll(List.of(options));
        return all;
    }

    /** A POM of this plugin alone: what stands in front of the build, and the executions in it. */
    static String pom(String modules, String executions) {
        return """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>acme</groupId>
                  <artifactId>shop</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  %s
                  <build>
                    <plugins>
                      <plugin>
                        <groupId>io.github.xdevops.compose</groupId>
                        <artifactId>compose-maven-plugin</artifactId>
                        <version>%s</version>
                        <executions>%s</executions>
                      </plugin>
                    </plugins>
                  </build>
                </project>
                """.formatted(modules, System.getProperty("it.version"), executions);
    }

    /** A goal of this plugin, in full. */
    static String goal(String name) {
        return PLUGIN + name;
    }

    /**
     * For the settings: whatever this build itself was built with, as if it were far away; with
     * {@code -Daether.offline.protocols=file}.
     */
    static String whatTheBuildHas() {
        return "<mirrors><mirror><id>build</id><mirrorOf>central</mirrorOf><url>"
                + Path.of(System.getProperty("it.build.repository")).toUri() + "</url></mirror></mirrors>";
    }

    /** Runs a goal with these options and additional variables only. */
    Outcome run(String goal, List<String> options, Map<String, String> variables) {
        return call(PLUGIN + goal, options, variables);
    }

    /** The same with a text on standard input. */
    Outcome run(String goal, List<String> options, Map<String, String> variables, String input) {
        return call(PLUGIN + goal, options, variables, input);
    }

    /** Runs a goal with its prefix or plugin, or a phase of the project's build. */
    Outcome call(String what, List<String> options, Map<String, String> variables) {
        return call(what, options, variables, "");
    }

    private Outcome call(String what, List<String> options, Map<String, String> variables, String input) {
        try {
            var process = begin(what, options, variables, input);
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                throw new AssertionError("Maven does not end: " + out);
            }
            // Debian's Maven resets the colours of a terminal around all that it does, but for the goals of ours that
            // are quiet.
            var quiet = options.contains("-q") && what.contains("compose-maven-plugin");
            return new Outcome(process.exitValue(), quiet ? out : out.replace("\u001b[0m", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same, without waiting for its end. */
    Process begin(String what, List<String> options, Map<String, String> variables) throws IOException {
        return begin(what, options, variables, "");
    }

    private Process begin(String what, List<String> options, Map<String, String> variables, String input)
            throws IOException {
        var words = new ArrayList<>(
                List.of(command, "-o", "-Dmaven.repo.local=" + System.getProperty("it.repository"), what));
        if (!options.contains("-q")) { // which Debian's Maven takes for a reason to begin with an escape sequence
            words.add("-B");
        }
        words.addAll(options);
        var builder = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("CI") || name.startsWith("GIT"));
        builder.environment().putAll(java);
        builder.environment().putAll(variables);
        builder.environment().merge("MAVEN_OPTS", QUICK, (given, quick) -> given + " " + quick);
        var process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return process;
    }

    /** The exit code and everything that was printed. */
    record Outcome(int exit, String out) {
        /** The line that people see. */
        String error() {
            return out.lines()
                    .filter(line -> line.startsWith("[ERROR]"))
                    .findFirst()
                    .orElse("no error in: " + out);
        }
    }
}
