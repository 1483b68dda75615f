package io.github.xdevops.compose.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplatesTest {
    @TempDir
    Path project;

    @Test
    void everyValueIsOneQuotedScalar() throws IOException {
        assertThat(render("a: [=value]", "x\": {y: z} #\n\u2028\\"))
                .isEqualTo("a: \"x\\\": {y: z} #\\u000a\\u2028\\\\\"");
    }

    @Test
    void valuesThatAreComposedAreQuotedOnce() throws IOException {
        assertThat(render("[=\"Host(`[=value]`)\"]: 1", "a\"b")).isEqualTo("\"Host(`a\\\"b`)\": 1");
    }

    @Test
    void dollarsOfComposePassUntouched() throws IOException {
        assertThat(render("a: ${HOME} #{x} <#if y>", "v")).isEqualTo("a: ${HOME} #{x} <#if y>");
    }

    @Tag("Y18")
    @Test
    void numbersAreExact() throws IOException {
        Files.writeString(project.resolve("t.ftl"), "[=n]");
        assertThat(new Templates(List.of(project)).render("t", Map.of("n", 1_000_000)))
                .isEqualTo("\"1000000\"");
    }

    @Tag("Y18")
    @Test
    void aMissingVariableIsAnErrorThatNamesTheLine() {
        assertThatThrownBy(() -> render("a: 1\nb: [=nothing]", "v"))
                .isInstanceOf(TemplateFailure.class)
                .hasMessageStartingWith("t.ftl:2: ");
    }

    @Tag("Y18")
    @Test
    void aTemplateIsNoProgram() {
        for (var attack : List.of(
                "[=\"freemarker.template.utility.Execute\"?new()(\"id\")]",
                "[=value?api.getClass()]",
                "[#include \"/etc/passwd\"]",
                "[#include \"../../../etc/passwd\"]",
                "[#list 1.. as i]xxxxxxxxxxxxxxxx[/#list]")) {
            assertThatThrownBy(() -> render(attack, "v")).as(attack).isInstanceOf(TemplateFailure.class);
        }
    }

    /** As text and as a file, and also when the loop is in what it includes; nothing of it goes on afterwards. */
    @Tag("Y18")
    @Test
    void aTemplateThatNeverEndsIsGivenUpAndEnds() throws Exception {
        Files.writeString(project.resolve("loop.ftl"), "[#list 1.. as i][/#list]");
        Files.writeString(project.resolve("outer.ftl"), "[#include 'loop.ftl']");
        var templates = new Templates(List.of(project), file -> Optional.empty(), Duration.ofSeconds(1));
        for (var name : List.of("loop", "outer")) {
            assertThatThrownBy(() -> templates.render(name, Map.of()))
                    .isInstanceOf(TemplateFailure.class)
                    .hasMessageContainingAll(name + ".ftl", "has not ended after 1 second");
        }
        assertThatThrownBy(() -> templates.renderText("a.yaml.ftl", "[#list 1.. as i][/#list]", Map.of()))
                .hasMessageContainingAll("a.yaml.ftl", "has not ended");
        for (var thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("(loop|outer|a.yaml).ftl")) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    @Tag("Y18")
    @Test
    void aTemplateThatCallsItselfForEverIsNamed() {
        for (var endless : List.of("[#macro m][@m/][/#macro][@m/]", "[#function f][#return f()][/#function][=f()]")) {
            assertThatThrownBy(() -> render(endless, "v"))
                    .as(endless)
                    .isInstanceOf(TemplateFailure.class)
                    .hasMessageStartingWith("t.ftl");
        }
    }

    @Test
    void aTemplateThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new Templates(List.of()).render("nosuch", Map.of()))
                .hasMessageContaining("nosuch");
    }

    private String render(String template, String value) throws IOException {
        Files.writeString(project.resolve("t.ftl"), template);
        return new Templates(List.of(project)).render("t", Map.of("value", value));
    }
}
