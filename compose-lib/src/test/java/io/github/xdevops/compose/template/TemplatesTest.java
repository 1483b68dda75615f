package io.github.xdevops.compose.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
