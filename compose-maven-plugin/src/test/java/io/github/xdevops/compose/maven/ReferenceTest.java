package io.github.xdevops.compose.maven;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.maven.console.Console;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** {@code docs/reference.md} is what the goals say of themselves. {@code -Dreference.write=true} writes it anew. */
class ReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/reference.md");
    private static final String HELP = "/META-INF/maven/io.github.xdevops.compose/compose-maven-plugin/plugin-help.xml";

    @Test
    void theReferenceIsWhatTheGoalsSay() throws Exception {
        var text = new StringBuilder("""
                # Goals and parameters

                Generated from the goals themselves; `mvn compose:help -Ddetail -Dgoal=deploy` prints the same. On the command line each parameter is said with `-D`.
                """);
        try (var in = requireNonNull(getClass().getResourceAsStream(HELP))) {
            var document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
            elements(document.getDocumentElement(), "mojo").forEach(mojo -> append(mojo, text));
        }
        if (Boolean.getBoolean("reference.write")) {
            Console.write(REFERENCE, text.toString());
        }
        assertThat(REFERENCE).as("-Dreference.write=true writes it anew").hasContent(text.toString());
    }

    private static void append(Element mojo, StringBuilder text) {
        text.append("\n## compose:")
                .append(child(mojo, "goal"))
                .append("\n\n")
                .append(child(mojo, "description").strip().replaceAll(" *\n", "\n\n"))
                .append("\n\n| parameter | default | meaning |\n|---|---|---|\n");
        var configuration = elements(mojo, "configuration").get(0);
        for (var parameter : elements(mojo, "parameter")) {
            if (child(parameter, "editable").equals("true")) {
                var name = child(parameter, "name");
                var said = elements(configuration, name);
                var property =
                        said.isEmpty() ? "" : said.get(0).getTextContent().replaceAll("[${}]", "");
                var otherwise = said.isEmpty() ? "" : said.get(0).getAttribute("default-value");
                text.append("| `")
                        .append(property.isEmpty() ? name : property)
                        .append("` | ")
                        .append(otherwise.isEmpty() ? "" : "`" + otherwise + "`")
                        .append(" | ")
                        .append(child(parameter, "description")
                                .strip()
                                .replaceAll("\\s+", " ")
                                .replace("|", "\\|"))
                        .append(" |\n");
            }
        }
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
