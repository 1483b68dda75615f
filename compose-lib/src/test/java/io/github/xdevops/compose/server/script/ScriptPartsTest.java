package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.server.ScriptText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rules that keep the server's script readable; see docs/decisions/0018. */
class ScriptPartsTest {
    private static final Pattern ASSIGNMENT = Pattern.compile("(?<![\\w$.-])([a-z][a-z0-9_]*)=");
    private static final List<String> PARTS = read("parts").lines().toList();
    private static final List<String> SHELL = PARTS.stream()
            .filter(part -> !part.contains("."))
            .map(part -> part + ".sh")
            .toList();

    @Test
    void aPartSaysWhatItNeedsAndWhetherItEndsTheProgram() {
        assertThat(SHELL)
                .filteredOn(part -> part.contains("/"))
                .allSatisfy(part -> assertThat(read(part).replaceAll("\n# ?", " "))
                        .as(part)
                        .contains(" Needs ")
                        .containsPattern("(?i)ends? the program"));
    }

    @Test
    void aPartIsShort() {
        assertThat(SHELL)
                .allSatisfy(part -> assertThat(read(part).lines())
                        .as(part)
                        .hasSizeLessThanOrEqualTo(150)
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(140)));
    }

    @Test
    void theShellStaysSmallerThanAHelperProgramWouldBe() {
        var lines = SHELL.stream().flatMap(part -> read(part).lines()).filter(line -> !line.matches("\\s*(#.*)?"));
        assertThat(lines).hasSizeLessThan(2_752);
    }

    @Test
    void thePagesAreAProgramOfAFewLines() {
        var text = new String(ScriptText.of("pages"), StandardCharsets.UTF_8);
        assertThat(text.lines())
                .hasSizeLessThan(575)
                .filteredOn(line -> !line.contains("{ --text: ")) // colours
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(140));
    }

    @Test
    void eachLimitThatAnOwnerMaySetHasADefault() {
        var defaults = Pattern.compile("(?m)(?:^| )limit_([a-z_]+)=")
                .matcher(read("deploy/admission.sh"))
                .results();
        var keys = Pattern.compile("\\b[a-z_]{6,}(?=[ \"])")
                .matcher(read("deploy/limits.awk")
                        .lines()
                        .filter(line -> line.contains("disk_mib") || line.contains("stack_cpus"))
                        .collect(Collectors.joining()))
                .results();
        assertThat(keys.map(MatchResult::group))
                .containsExactlyInAnyOrderElementsOf(
                        defaults.map(match -> match.group(1)).toList());
    }

    /** A function makes its variables local, or its comment names them, or they are those of the whole script. */
    @Test
    void aVariableIsLocalOrDocumented() {
        var ofTheScript = SHELL.stream()
                .flatMap(part -> read(part).lines())
                .filter(line -> line.matches("(readonly )?[a-z].*"))
                .flatMap(line -> assigned(line).stream())
                .collect(Collectors.toSet());
        assertThat(ofTheScript).contains("state", "project", "limit_inodes", "day");
        var undocumented = new ArrayList<String>();
        for (var part : SHELL) {
            functions(read(part))
                    .forEach(function -> function.strangers(ofTheScript)
                            .forEach(name -> undocumented.add(part + ": " + function.name() + " sets " + name)));
        }
        assertThat(undocumented).isEmpty();
    }

    /** One function with the comment above it and beside its name. */
    private record Function(String name, String comment, List<String> body) {
        Set<String> strangers(Set<String> ofTheScript) {
            var names = new HashSet<String>();
            body.stream()
                    .filter(line -> line.matches(" +[a-z_0-9]+=(?![\\w*]+\\)).*")) // KEY=VALUE) is a pattern
                    .forEach(line -> names.add(assigned(line).get(0)));
            body.stream()
                    .filter(line -> line.matches(" +local .*"))
                    .flatMap(line -> List.of(line.strip().split("[ =]")).stream())
                    .forEach(names::remove);
            names.removeIf(name -> name.startsWith("m_") || ofTheScript.contains(name));
            names.removeIf(name -> comment.matches("(?s).*\\b" + name + "\\b.*"));
            return names;
        }
    }

    private static List<Function> functions(String text) {
        var functions = new ArrayList<Function>();
        var comment = new StringBuilder();
        List<String> body = null;
        for (var line : text.lines().toList()) {
            if (body != null) {
                body.add(line);
                body = line.equals("}") ? null : body;
            } else if (line.matches("[a-z_]+\\(\\) \\{( #.*)?")) {
                body = new ArrayList<>();
                functions.add(new Function(line.substring(0, line.indexOf('(')), comment + line, body));
                comment.setLength(0);
            } else if (line.startsWith("#")) {
                comment.append(line).append('\n');
            } else {
                comment.setLength(0);
            }
        }
        return functions;
    }

    private static List<String> assigned(String line) {
        return ASSIGNMENT.matcher(line).results().map(match -> match.group(1)).toList();
    }

    private static String read(String name) {
        try (var in = ComposeException.class.getResourceAsStream("server/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
