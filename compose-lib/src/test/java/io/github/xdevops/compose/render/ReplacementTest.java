package io.github.xdevops.compose.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which services of what lives for ever may run twice, and how their routers are told apart. */
class ReplacementTest {
    private static final String WEB = "services:\n  web:\n    image: web:1\n    expose: [\"80\"]\n";

    @TempDir
    Path directory;

    @Test
    void aServiceWithAUrlThatWritesNothingStartsFirst() throws IOException {
        Files.writeString(directory.resolve("page.html"), "hello");
        var text = text(
                WEB + "    volumes: [\"./page.html:/page.html\", \"data:/data:ro\"]\nvolumes: {data: {}}\n", "forever");
        assertThat(text)
                .contains("x-replacement: \"start-first\"")
                .contains("\"io.github.xdevops.compose.generation\": \"0\"")
                .contains("\"traefik.http.routers.shop__0g0.service\": \"shop__0g0\"")
                .contains("\"traefik.http.routers.shop__0g0.middlewares\": \"shop__0g0__deployment\"")
                .contains("\"traefik.http.routers.shop__0g0.priority\": \"24000000\"");
    }

    @Test
    void aReviewIsAsItWas() throws IOException {
        assertThat(text(WEB, "7d"))
                .contains("\"traefik.http.routers.shop__0.service\": \"shop__0\"")
                .doesNotContain("x-replacement", "generation", "priority", "g0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ports: ["8080:80"]                        | it has the port 8080 of the server
            container_name: shop                      | it has a container_name
            volumes: ["data:/data"]                   | it has the volume data
            volumes: ["/data"]                        | it has the volume /data
            networks: {default: {ipv4_address: 10.1.1.2}} | it has an address of its own
            deploy: {update_config: {order: stop-first}} | as deploy.update_config.order says
            """)
    void whatOnlyOneCanHaveIsStoppedFirst(String key, String reason) throws IOException {
        assertThat(text(WEB + "    " + key + "\nvolumes: {data: {}}\n", "forever"))
                .contains("x-replacement: \"stop-first: " + reason + "\"", "traefik.http.routers.shop__0.rule")
                .contains("\"traefik.http.routers.shop__0.priority\": \"24000000\"")
                .doesNotContain("compose.generation");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ports: ["8080:80"]                        | services.web.ports
            container_name: shop                      | services.web.container_name
            networks: {default: {ipv4_address: 10.1.1.2}} | services.web.networks.default.ipv4_address
            """)
    void whatCannotRunTwiceIsNotStartedFirst(String key, String name) {
        var asked = "    deploy: {update_config: {order: start-first}}\n    " + key + "\n";
        assertThatThrownBy(() -> text(WEB + asked, "forever"))
                .hasMessageContaining("services.web.deploy.update_config.order is start-first")
                .hasMessageContaining(name);
    }

    @Test
    void theOrderOfTheFileWins() throws IOException {
        var asked =
                "    deploy: {update_config: {order: start-first}}\n    volumes: [\"data:/data\"]\nvolumes: {data: {}}\n";
        assertThat(text(WEB + asked, "forever"))
                .contains("x-replacement: \"start-first: as deploy.update_config.order says\"", "shop__0g0.rule");
    }

    @Test
    void aNumberedFileIsReadAsItWasSent() throws IOException {
        var sent = text(WEB + "    labels: {\"traefik.text\": \"$$ __0g5\"}\n", "forever");
        var numbered = sent.replace("__0g0", "__0g17")
                .replace("priority\": \"24000000\"", "priority\": \"24000017\"")
                .replace("generation\": \"0\"", "generation\": \"17\"");
        assertThat(numbered).isNotEqualTo(sent);
        assertThat(sent).contains("    x-logging: \"journald, or files\"\n    logging:\n      driver: \"journald\"\n");
        assertThat(Generations.asSent(numbered)).isEqualTo(sent);
    }

    private String text(String compose, String lifetime) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), compose);
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "main"))
                .project("shop")
                .url("http://shop.example.com")
                .lifetime(Lifetime.parse(lifetime))
                .render()
                .text();
    }
}
