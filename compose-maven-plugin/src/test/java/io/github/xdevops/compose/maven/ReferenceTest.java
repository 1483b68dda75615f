package io.github.xdevops.compose.maven;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** {@code docs/reference.md} agrees with the goals. {@code -Dreference.write=true} writes it. */
class ReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/reference.md");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final String HELP = "/META-INF/maven/io.github.xdevops.compose/compose-maven-plugin/plugin-help.xml";
    private static final Pattern VARIABLE = Pattern.compile("\"(COMPOSE_[A-Z_]+)\"");

    private static final List<String> ALWAYS = List.of("host", "domain", "lifetime");
    private static final List<String> OFTEN = List.of(
            "branch",
            "environment",
            "files",
            "env.NAME",
            "services.SERVICE.KEY",
            "services.SERVICE.module",
            "routes",
            "overlays",
            "images",
            "readyTimeout",
            "urlCheck",
            "postDeploy",
            "promote",
            "registry",
            "service",
            "command",
            "follow",
            "force",
            "format",
            "output");

    /** Properties that goals read themselves. */
    private static final Map<String, String> WITHOUT_PARAMETER = Map.of(
            "env.NAME",
            "A variable of the compose files, instead of one in `.env`, such as `compose.env.COMPOSE_PROFILES`.",
            "services.SERVICE.KEY",
            "One value of a service, such as `compose.services.web.image=shop:7`. An empty one removes the key; `[a, b]` and `{a: b}` are YAML.",
            "services.SERVICE.module",
            "The module of this build with the service's image.",
            "basicAuth",
            "As COMPOSE_BASIC_AUTH; on the command line only.",
            "webhook",
            "As COMPOSE_WEBHOOK; on the command line only.");

    private static final Map<String, String> VARIABLES = new TreeMap<>(Map.ofEntries(
            Map.entry("COMPOSE_SSH_KEY", "The private key, as a file or as its text."),
            Map.entry("COMPOSE_SSH_PASSPHRASE", "The key's passphrase."),
            Map.entry("COMPOSE_SSH_PASSWORD", "A password for the server, instead of a key."),
            Map.entry("COMPOSE_KNOWN_HOSTS", "As `compose.knownHosts`."),
            Map.entry(
                    "COMPOSE_BASIC_AUTH",
                    "`name:password`, or `name:` and a bcrypt hash, for the overlay `basicauth` and, in `compose:provision`, the list of environments."),
            Map.entry("COMPOSE_BACKUP_PASSWORD", "The password of backups that another server has made."),
            Map.entry("COMPOSE_REGISTRY", "As `compose.registry`."),
            Map.entry("COMPOSE_REGISTRY_USER", "The user for `compose.registry`."),
            Map.entry("COMPOSE_REGISTRY_PASSWORD", "The password for `compose.registry`."),
            Map.entry(
                    "COMPOSE_WEBHOOK",
                    "A webhook for deploys and removals: Slack's, or one that reads `{\"text\": …}`."),
            Map.entry("COMPOSE_GITLAB_TOKEN", "A token with the scope `api`, for the comment on the merge request."),
            Map.entry("COMPOSE_GITHUB_TOKEN", "A token that may write pull requests, for the comment.")));

    private record Row(Set<String> goals, Set<String> defaults, Map<String, Set<String>> meanings) {}

    private final Set<String> goals = new LinkedHashSet<>();
    private final Map<String, Row> rows = new TreeMap<>();

    @Test
    void theReferenceIsWhatTheGoalsSay() throws Exception {
        try (var in = requireNonNull(getClass().getResourceAsStream(HELP))) {
            var document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
            elements(document.getDocumentElement(), "mojo").forEach(this::read);
        }
        var ofStacks = stack();
        WITHOUT_PARAMETER.forEach((name, meaning) -> rows.put(
                name,
                new Row(
                        ofStacks,
                        Set.of(),
                        Map.of(meaning, name.equals("webhook") ? Set.of("deploy", "down") : ofStacks))));
        var text = text();
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(REFERENCE, text);
        }
        assertThat(REFERENCE).as("-Dreference.write=true writes it anew").hasContent(text);
        assertThat(text.lines().filter(line -> line.startsWith("| `"))).hasSizeLessThan(100);
    }

    /** A deploy's report has variables of its own, for later steps. */
    @Test
    void eachVariableThatIsReadIsInTheReference() throws IOException {
        try (var files = Files.walk(SOURCES)) {
            var read = files.filter(file -> file.toString().matches(".*\\.java") && !file.endsWith("DeployReport.java"))
                    .flatMap(file ->
                            VARIABLE.matcher(read(file)).results().map(found -> found.group(1)).toList().stream())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(VARIABLES.keySet()).containsExactlyInAnyOrderElementsOf(read);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Element mojo) {
        var goal = child(mojo, "goal");
        goals.add(goal);
        var configuration = elements(mojo, "configuration").get(0);
        for (var parameter : elements(mojo, "parameter")) {
            var name = child(parameter, "name");
            var given = elements(configuration, name);
            var property = given.isEmpty() ? "" : given.get(0).getTextContent().replaceAll("[${}]", "");
            if (child(parameter, "editable").equals("true") && property.startsWith("compose.")) {
                var row = rows.computeIfAbsent(
                        property.substring("compose.".length()),
                        key -> new Row(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashMap<>()));
                row.goals().add(goal);
                var otherwise = given.get(0).getAttribute("default-value");
                if (!otherwise.isEmpty() && !otherwise.equals("false")) {
                    row.defaults().add("`" + otherwise + "`");
                }
                row.meanings()
                        .computeIfAbsent(words(child(parameter, "description")), key -> new LinkedHashSet<>())
                        .add(goal);
            }
        }
    }

    private String text() {
        var text = new StringBuilder("""
                # Reference

                Generated from the [goals](../README.md#goals); `mvn compose:help -Ddetail -Dgoal=deploy` prints the same, with an example. Set parameters with
                `-Dcompose.host=…`, or without `compose.` in the POM's `<configuration>`. An unknown name is an error.

                The goals of a parameter are in italics; without them it belongs to all. *stack* means `ci`, `deploy`, `plan`, `render` and `whoami`, which read
                the project; other goals work in any directory. *environment* means all goals but %s.
                """.formatted(String.join(", ", others(environment()))));
        table(text, "Parameters that are always set", ALWAYS);
        table(text, "Parameters that are often set", OFTEN);
        var rare = new TreeSet<>(rows.keySet());
        rare.removeAll(ALWAYS);
        rare.removeAll(OFTEN);
        table(text, "Parameters that are rarely set", rare);
        text.append("\n## Variables of the environment\n\n| variable | meaning |\n|---|---|\n");
        VARIABLES.forEach((name, meaning) ->
                text.append("| `").append(name).append("` | ").append(meaning).append(" |\n"));
        return text.toString();
    }

    private void table(StringBuilder text, String title, Collection<String> names) {
        text.append("\n## ").append(title).append("\n\n| parameter | meaning |\n|---|---|\n");
        for (var name : names) {
            var row = requireNonNull(rows.get(name), name);
            var meanings = new ArrayList<String>();
            row.meanings().forEach((meaning, of) -> meanings.add(goals(of) + meaning));
            text.append("| `compose.").append(name).append("` | ").append(String.join("<br>", meanings));
            if (!row.defaults().isEmpty()) {
                text.append(" Default: ")
                        .append(String.join(", ", row.defaults()))
                        .append('.');
            }
            text.append(" |\n");
        }
    }

    /** The goals in italics, {@code stack} and {@code environment} for those of these groups, or nothing for all. */
    private String goals(Set<String> some) {
        if (others(some).isEmpty()) {
            return "";
        }
        var group = some.containsAll(environment())
                ? environment()
                : some.containsAll(stack()) ? stack() : Set.<String>of();
        var names = new TreeSet<>(some);
        names.removeAll(group);
        if (!group.isEmpty()) {
            names.add(group.equals(stack()) ? "stack" : "environment");
        }
        return "*" + String.join(", ", names) + ":* ";
    }

    private Set<String> environment() {
        return requireNonNull(rows.get("project")).goals();
    }

    private Set<String> stack() {
        return requireNonNull(rows.get("files")).goals();
    }

    /** The goals with parameters that are not among these. */
    private Set<String> others(Set<String> some) {
        var others = new LinkedHashSet<>(goals);
        others.remove("help");
        others.removeAll(some);
        return others;
    }

    private static String words(String text) {
        return text.strip().replaceAll("\\s+", " ").replace("|", "\\|");
    }

    private static List<Element> elements(Element parent, String name) {
        var nodes = parent.getElementsByTagName(name);
        var elements = new ArrayList<Element>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static String child(Element parent, String name) {
        return elements(parent, name).get(0).getTextContent();
    }
}
