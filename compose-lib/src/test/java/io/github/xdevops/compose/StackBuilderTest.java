package io.github.xdevops.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackBuilderTest {
    @TempDir
    Path directory;

    @Test
    void aServiceThatForbidsNewPrivilegesItselfIsRendered() throws IOException {
        assertThat(render("""
                services:
                  web:
                    image: web
                    expose: ["80"]
                    security_opt: ["no-new-privileges:true"]
                """).text()).containsOnlyOnce("no-new-privileges:true");
    }

    @Test
    void aServiceMayNotGetNewPrivilegesByDefault() throws IOException {
        assertThat(render("""
                services:
                  web:
                    image: web
                    expose: ["80"]
                    security_opt: ["label:disable"]
                """).text()).contains("no-new-privileges:true", "label:disable");
    }

    private Stack render(String compose) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), compose);
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "feature/cart"))
                .domain("ci.example.com")
                .render();
    }
}
