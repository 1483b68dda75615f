package io.github.xdevops.compose.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.plan.Change.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What differs between two compose files, and what of it is never shown. */
class ChangesTest {
    private static final String WEB = """
            services:
              web:
                image: "acme/shop:1"
                command: ["serve", "--port", "80"]
                environment:
                  MODE: "review"
            """;

    @Test
    void theSameFileHasNoChanges() {
        assertThat(Changes.between(WEB, WEB)).isEmpty();
    }

    @Test
    void filesThatMeanTheSameHaveNoChanges() {
        assertThat(Changes.between(WEB, """
                        services:
                          web:
                            environment: [MODE=review]
                            labels: {}
                            command: serve --port 80
                            image: acme/shop:1
                        """)).isEmpty();
        var data = WEB + "    volumes: [data:/a]\nvolumes: ";
        assertThat(Changes.between(data + "\n  data:\n", data + "{data: {}}\n")).isEmpty();
    }

    @Test
    void withoutAnEarlierFileEverythingIsAddedAndNamesItsImage() {
        assertThat(Changes.between(null, WEB + "    volumes: [data:/a]\nvolumes: {data: {}}\n"))
                .containsExactly(
                        new Change(
                                Kind.ADDED,
                                "service",
                                "web",
                                List.of(new Difference(Kind.ADDED, List.of("image"), false, null, "acme/shop:1"))),
                        new Change(Kind.ADDED, "network", "default", List.of()),
                        new Change(Kind.ADDED, "volume", "data", List.of()));
    }

    @Test
    void whatIsNewComesBeforeWhatIsGone() {
        var before = "services: {web: {image: x}, mail: {image: y, volumes: [data:/a]}}\nvolumes: {data: {}}\n";
        var after = "services: {web: {image: x}, worker: {image: x}}\n";
        assertThat(Changes.between(before, after))
                .extracting(Change::kind, Change::what, Change::name)
                .containsExactly(
                        tuple(Kind.ADDED, "service", "worker"),
                        tuple(Kind.REMOVED, "service", "mail"),
                        tuple(Kind.REMOVED, "volume", "data"));
    }

    @Test
    void aChangedValueHasItsPathAndBothSides() {
        assertThat(changed(WEB, WEB.replace(":1", ":2").replace("80", "81")))
                .containsExactly(
                        new Difference(Kind.CHANGED, List.of("image"), false, "acme/shop:1", "acme/shop:2"),
                        new Difference(Kind.CHANGED, List.of("command", "2"), false, "80", "81"));
    }

    @Test
    void aListOfAnotherLengthIsShownAsAWhole() {
        assertThat(changed(WEB, WEB.replace(", \"--port\", \"80\"", "")))
                .containsExactly(new Difference(
                        Kind.CHANGED, List.of("command"), false, "[\"serve\",\"--port\",\"80\"]", "[\"serve\"]"));
    }

    @Test
    void mountsAreTheSameWhereTheyHaveTheSameTarget() {
        var before = "services: {web: {image: x, volumes: [data:/a, old:/b]}}\nvolumes: {data: {}, old: {}}\n";
        var after = "services: {web: {image: x, volumes: [new:/b, data:/a]}}\nvolumes: {data: {}, new: {}}\n";
        assertThat(Changes.between(before, after))
                .containsExactly(
                        new Change(
                                Kind.CHANGED,
                                "service",
                                "web",
                                List.of(new Difference(
                                        Kind.CHANGED, List.of("volumes", "/b", "source"), false, "old", "new"))),
                        new Change(Kind.ADDED, "volume", "new", List.of()),
                        new Change(Kind.REMOVED, "volume", "old", List.of()));
    }

    @Test
    void namesOfVariablesAreShownAndTheirValuesAreNot() {
        assertThat(changed(WEB, WEB.replace("MODE: \"review\"", "MODE: \"test\"\n      MORE: \"1\"")))
                .containsExactly(
                        new Difference(Kind.CHANGED, List.of("environment", "MODE"), true, null, null),
                        new Difference(Kind.ADDED, List.of("environment", "MORE"), true, null, null));
        assertThat(changed(WEB, WEB.replaceAll("(?s)    environment:.*", "")))
                .containsExactly(new Difference(Kind.REMOVED, List.of("environment", "MODE"), true, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "services: {web: {image: x, environment: {MODE: CANARY}}}",
                "services: {web: {image: x, labels: {traefik.http.middlewares.a.basicauth.users: 'ann:CANARY'}}}",
                "services: {web: {image: x, labels: {app.api-key: CANARY}}}",
                "services: {web: {image: x, labels: {app.Password: CANARY}}}",
                "services: {web: {image: x, annotations: {accessToken: CANARY}}}",
                "services: {web: {image: x, labels: {a.customrequestheaders.Authorization: Basic CANARY}}}",
                "services: {web: {image: x, logging: {driver: splunk, options: {splunk-token: CANARY}}}}",
                "services: {web: {image: x, command: [redis-server, --requirepass, CANARY]}}",
                "services: {web: {image: x, command: [redis-server, --requirepass, CANARY, more]}}",
                "services: {web: {image: x, command: redis-server --requirepass CANARY}}",
                "services: {web: {image: x, command: [sh, -c, 'serve --db-password=CANARY --port 1']}}",
                "services: {web: {image: x, command: [sh, -c, 'serve --secret \"a CANARY\"']}}",
                "services: {web: {image: x, command: [sh, -c, 'PGPASSWORD=''a CANARY'' psql']}}",
                "services: {web: {image: x, command: [sh, -c, 'curl -H \"Authorization: Bearer CANARY\" a']}}",
                "services: {web: {image: x, command: [serve, 'postgres://ann:CANARY@db/shop']}}",
                "services: {web: {image: x, command: [serve, 'redis://CANARY@cache']}}",
                "services: {web: {image: x, command: [serve, '{\"password\": \"CANARY\"}']}}",
                "services: {web: {image: x, entrypoint: [htpasswd, 'ann:$$2y$$05$$CANARY']}}",
                "services: {web: {image: x, healthcheck: {test: redis-cli -a CANARY ping}, environment: {REDIS_PASSWORD: CANARY}}}",
                "services: {web: {image: x, healthcheck: {test: my -pCANARY}, environment: {URL: 'mysql://u:CANARY@db'}}}",
                "services: {web: {image: x, x-mine: CANARY}}",
                "services: {web: {image: x}}\nx-shared: {MODE: CANARY}",
                "services: {web: {image: x, configs: [{source: a, target: /a}]}}\nconfigs: {a: {content: CANARY}}",
                "services: {web: {image: x, configs: [{source: secret-a, target: /a}], command: serve CANARY}}\n"
                        + "configs: {secret-a: {content: \"CANARY\\n\", x-secret: true}}",
                "services: {web: {image: x, volumes: [data:/a]}}\n"
                        + "volumes: {data: {driver_opts: {type: cifs, o: 'username=a,password=CANARY'}}}",
                "services: {web: {image: x, secrets: [a]}}\nsecrets: {a: {file: ./CANARY}}",
            })
    void aSecretIsNeverShown(String file) {
        var one = file.replace("CANARY", "first-canary") + "\n";
        var other = file.replace("CANARY", "second-canary") + "\n";
        var none = "services: {web: {image: x}}\n";
        for (var changes : List.of(
                Changes.between(one, other),
                Changes.between(null, one),
                Changes.between(none, one),
                Changes.between(one, none))) {
            assertThat(changes).isNotEmpty();
            assertThat(changes.toString()).doesNotContain("canary");
        }
    }

    @Test
    void whatIsPublicStaysReadable() {
        var file = """
                services:
                  web:
                    image: acme/token-service:%1$s
                    command: [serve, --listen, "0.0.0.0:%1$s", --origin, "http://a.test/%1$s"]
                    labels: {traefik.http.routers.web.rule: "Host(`a%1$s.test`)"}
                    mem_limit: %1$sm
                """;
        assertThat(changed(file.formatted(1), file.formatted(2)))
                .noneMatch(Difference::masked)
                .extracting(Difference::after)
                .containsExactly("acme/token-service:2", "0.0.0.0:2", "http://a.test/2", "Host(`a2.test`)", "2097152");
    }

    @Test
    void whatDiffersOnlyInItsSecretIsChangedWithoutASide() {
        assertThat(changed(
                        "services: {web: {image: x, command: [a, 'http://u:one@b']}}\n",
                        "services: {web: {image: x, command: [a, 'http://u:two@b']}}\n"))
                .containsExactly(new Difference(Kind.CHANGED, List.of("command", "1"), true, null, null));
    }

    @Test
    void longValuesTakeNoLongTime() {
        var blob = "a-key.".repeat(20_000);
        var file = "services: {web: {image: x, labels: {a: '%s', b: '%s', c: '%s'}}}\n";
        var quotes = "\"x\",".repeat(20_000);
        var urls = "a://b:c".repeat(20_000);
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(changed(
                                file.formatted(blob, "c" + quotes, urls),
                                file.formatted(blob + "=b", "password=" + quotes, urls + "@")))
                        .hasSize(3));
    }

    @Test
    void aFileThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Changes.between("a: [", WEB)).isInstanceOf(ComposeFileException.class);
    }

    @Test
    void aMaskedDifferenceCannotHoldAValue() {
        assertThatThrownBy(() -> new Difference(Kind.ADDED, List.of("a"), true, null, "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("what is masked has no value: [a]");
    }

    private static List<Difference> changed(String before, String after) {
        var changes = Changes.between(before, after);
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).kind()).isEqualTo(Kind.CHANGED);
        return changes.get(0).differences();
    }
}
