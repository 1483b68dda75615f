package io.github.xdevops.compose.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.render.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A password that is also a word is hidden where it is the password, and nowhere else. */
class CommonSecretsTest {
    private static final String FILE = """
            services:
              web:
                image: bugs/postgres-client:16
                expose: ["80"]
                command: [serve, --db-password, postgres, "postgres://postgres:postgres@postgres/postgres"]
                environment:
                  DATABASE_URL: jdbc:postgresql://postgres/postgres?user=postgres&password=postgres
                  DB_PASSWORD: ${PASSWORD:-postgres}
                depends_on: [postgres]
              postgres:
                image: postgres:16
                environment: {POSTGRES_USER: postgres, POSTGRES_PASSWORD: postgres, POSTGRES_PASSWORD_FILE: /run/secrets/postgres}
                volumes: ["postgres:/var/lib/postgres"]
            volumes: {postgres: {}}
            """;

    @TempDir
    Path directory;

    private Stack stack(String file) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), file);
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "x"))
                .domain("ci.example.com")
                .render();
    }

    @Test
    @Tag("R22")
    void whatPeopleAreShownIsStillAComposeFile() throws IOException {
        var shown = stack(FILE).maskedText();
        assertThat(shown.replace("\"", ""))
                .contains("\n  postgres:\n", "image: postgres:16\n", "/var/lib/postgres\n", ": /run/secrets/postgres\n")
                .contains("POSTGRES_USER: postgres\n", "POSTGRES_PASSWORD: ***\n", "DB_PASSWORD: ***\n")
                .contains("- --db-password\n      - ***\n")
                .doesNotContain(":postgres@", "password=postgres");
        assertThat(ComposeFile.parse(shown, "shown").tree()).isNotEmpty();
    }

    @Test
    @Tag("R22")
    void logsKeepTheNamesAndLoseTheValues() throws IOException {
        var redaction = Redaction.of(stack(FILE).secrets());
        assertThat(redaction.text("--- last lines of postgres, image postgres:16, role \"postgres\""))
                .isEqualTo("--- last lines of postgres, image postgres:16, role \"postgres\"");
        assertThat(redaction.text("cat: can't open '/run/secrets/postgres'")).doesNotContain("***");
        for (var said : new String[] {
            "POSTGRES_PASSWORD=postgres",
            "DB_PASSWORD: postgres",
            "{\"POSTGRES_PASSWORD\":\"postgres\"}",
            "cannot reach postgres://admin:postgres@db",
            "jdbc:x?password=postgres"
        }) {
            assertThat(redaction.text(said))
                    .as(said)
                    .contains("***")
                    .doesNotContain("postgres\"", "=postgres", ": postgres");
        }
    }

    @Test
    void aNameOfTheStackStaysThoughItIsNoWord() throws IOException {
        var file = "services: {shop-db1: {image: 'x', expose: [80], environment: {DB_PASSWORD: shop-db1}}}\n";
        var redaction = Redaction.of(stack(file).secrets());
        assertThat(redaction.text("service shop-db1: DB_PASSWORD=shop-db1")).isEqualTo("service shop-db1: ***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hunter2", "Tr0ub4dor&3", "correct-horse", "correcthorsebattery", "8f14e45fceea167a", "aB3dE6"})
    void whatIsNoWordIsHiddenEverywhere(String secret) throws IOException {
        var file = "services: {web: {image: x, expose: [80], environment: {DB_PASSWORD: '" + secret + "'}}}\n";
        assertThat(Redaction.of(stack(file).secrets()).text("it is " + secret + "."))
                .isEqualTo("it is ***.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DB_PASSWORD_FILE", "ssl.key.path", "SECRETS_DIR", "keyFile"})
    void aVariableThatNamesAPlaceIsNoSecret(String name) {
        assertThat(Masking.soundsSecret(name)).isFalse();
    }

    @Test
    void errorsNameTheServiceThatIsCalledLikeThePassword() {
        assertThat(Redaction.of(Secrets.named(Map.of("DB_PASSWORD", "postgres")))
                        .text("services.postgres.ports: DB_PASSWORD=postgres"))
                .isEqualTo("services.postgres.ports: ***");
    }
}
