package io.github.xdevops.compose.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Permission;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.secret.PipelineSecrets;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackBuilderTest {
    private static final String WEB = "services: {web: {image: web, expose: [\"80\"]}}\n";

    @TempDir
    Path directory;

    @Test
    void aStackThatIsPrintedShowsNoSecret() throws IOException {
        var stack = render("""
                services:
                  web:
                    image: web
                    expose: ["80"]
                    environment: {DB_PASSWORD: hunter2-topsecret}
                """);
        assertThat(stack.secrets()).contains("hunter2-topsecret");
        assertThat(stack.toString()).contains(stack.project()).doesNotContain("hunter2-topsecret");
    }

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

    @Test
    void aReviewStackHasNoPortsNamesRestartsOrForeignThings() throws IOException {
        var stack = render("""
                services:
                  web:
                    image: web
                    container_name: fixed
                    restart: always
                    ports: ["8080:80"]
                    labels: {traefik.http.routers.steal.rule: "Host(`admin`)", TRAEFIK.enable: "true", team: shop}
                    networks: [web]
                    volumes: ["data:/data"]
                networks: {web: {external: true}}
                volumes: {data: {name: production}}
                """);
        assertThat(stack.warnings())
                .contains(
                        "dropped, because review environments share the server: services.web.ports,"
                                + " services.web.container_name, services.web.labels.traefik.http.routers.steal.rule,"
                                + " services.web.labels.TRAEFIK.enable, networks.web.name, networks.web.external, volumes.data.name");
        assertThat(stack.text())
                .doesNotContain("container_name", "always", "8080", "steal", "TRAEFIK.enable", "external", "production")
                .contains("restart: \"no\"", "team: \"shop\"", "Host(`feature-cart-", "managed", "- \"fixed\"");
    }

    @Test
    void onTheProxysNetworkNoServiceAnswersToAHostNameOfItsChoice() throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: web, expose: [\"80\"], hostname: authelia, domainname: corp}}\n");
        var shared = builder().proxyNetwork("proxy").render();
        assertThat(shared.text())
                .doesNotContain("hostname", "domainname")
                .contains("aliases:\n          - \"authelia\"");
        assertThat(shared.warnings())
                .containsExactly("dropped, because review environments share the server: services.web.hostname,"
                        + " services.web.domainname");
        var alone = builder().render();
        assertThat(alone.text()).contains("authelia", "domainname");
        assertThat(alone.warnings()).isEmpty();
    }

    @Test
    void theLogNamesWhatIsReplacedWhereThatIsAnotherThanWasAskedFor() throws IOException {
        var stack = render("""
                services:
                  web:
                    image: web
                    expose: ["80"]
                    restart: always
                    init: false
                    stop_grace_period: 1m
                    logging: {driver: syslog}
                    deploy: {restart_policy: {condition: any}}
                  same:
                    image: web
                    restart: "no"
                    init: true
                    stop_grace_period: 2s
                """);
        assertThat(stack.warnings())
                .containsExactly(
                        "replaced, because review environments are temporary and limited: services.web.restart,"
                                + " services.web.logging, services.web.deploy.restart_policy");
        assertThat(stack.text()).contains("init: false", "stop_grace_period: \"1m0s\"");
    }

    @Test
    void boundedLogsOfTheProjectStay() throws IOException {
        var stack = render("""
                services:
                  web:
                    image: web
                    expose: ["80"]
                    logging: {driver: local, options: {max-size: 5m, max-file: "3", compress: "true"}}
                  large:
                    image: web
                    logging: {driver: local, options: {max-size: 50m}}
                """);
        assertThat(stack.text())
                .contains("driver: \"local\"", "max-size: \"5m\"")
                .doesNotContain("50m");
        assertThat(stack.warnings()).singleElement().asString().endsWith(": services.large.logging");
    }

    @Test
    void aRouteMayHaveASchemeAStrippedPathAndACookie() throws IOException {
        var stack = render("""
                services:
                  web:
                    image: web
                    x-route:
                      - 8080
                      - {port: 9000, path: /api, strip: true, sticky: true}
                      - {port: 9443, prefix: admin, scheme: https}
                  grpc: {image: grpc, x-route: {port: 50051, prefix: grpc, scheme: h2c}}
                """);
        assertThat(stack.endpoints()).hasSize(4);
        var project = stack.project();
        assertThat(stack.text())
                .contains(
                        "middlewares.PROJECT__1__strip.stripprefix.prefixes\": \"/api\"".replace("PROJECT", project),
                        project + "__1__deployment," + project + "__1__strip\"",
                        "services.PROJECT__1.loadbalancer.sticky.cookie\": \"true\"".replace("PROJECT", project),
                        "services.PROJECT__2.loadbalancer.server.scheme\": \"https\"".replace("PROJECT", project),
                        "services.PROJECT__3.loadbalancer.server.scheme\": \"h2c\"".replace("PROJECT", project))
                .doesNotContain(project + ".loadbalancer.server.scheme");
    }

    @Test
    void twoRoutesWithOneUrlAreRefused() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var builder = builder().routes(List.of(Route.to("web", 80), Route.to("web", 81)));
        assertThatThrownBy(builder::render)
                .hasMessageContainingAll("web:80 and web:81 have the same URL", "api=web:81", "web:81/api");
    }

    @Test
    void aVariableWithoutAValueInTheNameOfAnImageIsAnErrorHere() {
        for (var image : List.of("$REGISTRY:$SLUG", "registry/web:$SLUG", "$SLUG", "$SLUG/web")) {
            assertThatThrownBy(() -> render("services: {web: {image: '" + image + "', expose: ['80']}}\n"))
                    .isInstanceOf(ComposeException.class)
                    .hasMessageStartingWith("compose.yaml:1:25: services.web")
                    .hasMessageContaining("-Dcompose.env.SLUG=");
        }
    }

    @Test
    void aVariableWithoutAValueIsNamedWhereverItBreaksSomething() {
        for (var line : List.of(
                "volumes: ['$DIR:/x']", "volumes: ['$DIR/conf:/x']", "ports: ['80:$DIR']", "env_file: '$DIR'")) {
            assertThatThrownBy(() -> render("services: {web: {image: web, " + line + "}}\n"))
                    .as(line)
                    .isInstanceOf(ComposeException.class)
                    .hasMessageStartingWith("compose.yaml:1:")
                    .hasMessageContaining("-Dcompose.env.DIR=");
        }
    }

    @Test
    @Tag("R1")
    void aStackWhoseServicesAreAllSwitchedOffNamesTheProfiles() {
        assertThatThrownBy(() -> render("services: {web: {image: web, profiles: [app, dev]}}\n"))
                .hasMessage("compose.yaml:1:11: services: no service is enabled; the profiles are: app, dev");
    }

    @Test
    void anUnknownOverlayIsNamedBeforeAnythingIsRendered() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        assertThatThrownBy(() -> builder().overlays(List.of("basicauht")).render())
                .hasMessageStartingWith("There is no overlay `basicauht`")
                .hasMessageContaining("basicauth, maildev, noindex");
    }

    @Test
    void aNameAndAPasswordInTheUrlAreThoseOfBasicAuthentication() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var stack = builder().url("http://hugo:hugo_b%40ss@shop.ci.example.com").render();
        assertThat(stack.endpoints().get(0).url()).isEqualTo("http://shop.ci.example.com");
        assertThat(stack.text())
                .contains("basicauth.users\": \"hugo:$$2y$$10$$")
                .doesNotContain("hugo_b");
    }

    @Test
    void aStackWithoutRoutesIsRendered() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        for (var overlays : List.of(List.<String>of(), List.of("noindex", "basicauth"))) {
            var stack = builder().unrouted().overlays(overlays).render();
            assertThat(stack.endpoints()).isEmpty();
            assertThat(stack.text()).contains("web").doesNotContain("traefik.");
        }
    }

    @Test
    void aStackKnowsHowManyNetworksItMakes() throws IOException {
        assertThat(render(WEB).networks()).isEqualTo(1);
        assertThat(render("""
                services:
                  web: {image: web, expose: ["80"], networks: [front, back]}
                  db: {image: db, networks: [back]}
                  batch: {image: batch, network_mode: none}
                networks: {front: {external: true}, back: {}, unused: {}}
                """).networks())
                .as("a review's own instead of the external one, and none that nobody uses")
                .isEqualTo(2);
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web: {image: web, expose: ["80"], networks: [front, back]}
                networks: {front: {external: true}, back: {}}
                """);
        assertThat(builder().lifetime(Lifetime.FOREVER).render().networks()).isEqualTo(1);
    }

    @Test
    void aServerLearnsWhatItNeedsToLookForRoom() throws IOException {
        var stack = render(WEB);
        assertThat(deployWords(stack, DeployOptions.DEFAULT))
                .contains(" networks=1 ", " repository=" + stack.environment().repositoryHash() + " ")
                .doesNotContain("evict");
        assertThat(deployWords(stack, DeployOptions.DEFAULT.withPermissions(EnumSet.allOf(Permission.class))))
                .contains(" evict=yes force=yes renumber=yes");
        assertThat(Environment.of("acme/shop", "a").repositoryHash())
                .isEqualTo(Environment.of("acme/shop", "b").repositoryHash())
                .isNotEqualTo(Environment.of("acme/shop2", "a").repositoryHash())
                .matches("[0-9a-f]{64}");
    }

    @Test
    void limitsAreGivenWhereThereAreNoneAndKeptWhereThereAre() throws IOException {
        assertThat(render(WEB).text()).contains("mem_limit: \"1073741824\"", "pids_limit: 512", "cpus: 1");
        assertThat(render("""
                services:
                  web: {image: web, expose: ["80"], mem_limit: 64m, cpus: 0.5, pids_limit: 20}
                """).text()).contains("mem_limit: \"67108864\"", "pids_limit: 20", "cpus: 0.5");
        assertThat(render("""
                services:
                  web: {image: web, expose: ["80"], deploy: {resources: {limits: {memory: 64m}}}}
                """).text())
                .contains("memory: \"67108864\"", "pids: 512", "cpus: 1")
                .doesNotContain("mem_limit");
    }

    @Test
    void whatIsRenderedIsRenderedToTheSameAgain() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var first = builder().overlays(List.of("maildev", "noindex")).render();
        Files.writeString(directory.resolve("compose.yaml"), first.text());
        var routes = first.endpoints().stream().map(Endpoint::route).toList();
        var second =
                builder().overlays(List.of("maildev", "noindex")).routes(routes).render();
        assertThat(second.text()).isEqualTo(first.text());
    }

    @Test
    void aStackThatNothingLeadsToNeedsNoPort() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), "services: {worker: {image: worker}}\n");
        var stack = builder().overlays(List.of("noindex")).unrouted().render();
        assertThat(stack.endpoints()).isEmpty();
        assertThat(stack.text()).contains("worker").doesNotContain("traefik");
    }

    @Test
    void aComposeFileMayBeATemplateItself() throws IOException {
        Files.writeString(directory.resolve("stack.yaml.ftl"), """
                services:
                [#list ["web", "worker"] as name]
                  [=name]:
                    image: [="shop-[=name]:[=variables.TAG]"]
                    environment: {PROJECT: [=project], HOME: "${COMPOSE_HOST}"}
                [/#list]
                """);
        var text = builder()
                .files(List.of(Path.of("stack.yaml.ftl")))
                .variable("TAG", "7")
                .routes(List.of(Route.to("web", 80)))
                .render()
                .text();
        assertThat(text)
                .contains("shop-web:7", "shop-worker:7", "\"PROJECT\": \"feature-cart-", "\"HOME\": \"feature-cart-");
        Files.writeString(directory.resolve("broken.yaml.ftl"), "services:\n  web: [=nothing]\n");
        assertThatThrownBy(() ->
                        builder().files(List.of(Path.of("broken.yaml.ftl"))).render())
                .isInstanceOf(ComposeException.class)
                .hasMessageStartingWith("broken.yaml.ftl:2: ");
    }

    @Test
    void servicesLearnTheirUrls() throws IOException {
        var stack = render(WEB);
        assertThat(stack.text())
                .contains("\"COMPOSE_URL\": \"" + stack.endpoints().get(0).url() + "\"", "\"COMPOSE_URL_WEB\"");
    }

    @Test
    void singleValuesAreChangedFromOutside() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: web:1
                    expose: ["80"]
                    environment: {OLD: "1", KEPT: "2"}
                    healthcheck: {test: ["CMD", "true"]}
                """);
        var text = builder()
                .override("web.image", "web:2")
                .override("web.environment.OLD", "")
                .override("web.environment.NEW", "a: [b] # $x")
                .override("web.environment.NUMBER", "007")
                .override("web.labels.com.example.team", "shop")
                .override("web.command", "[run, --fast]")
                .override("web.privileged", "false")
                .override("web.healthcheck", "")
                .render()
                .text();
        assertThat(text)
                .contains(
                        "web:2", "\"NEW\": \"a: [b] # $$x\"", "\"NUMBER\": \"007\"", "com.example.team", "- \"--fast\"")
                .contains("KEPT")
                .doesNotContain("web:1", "OLD", "healthcheck");
    }

    @Test
    void anOverrideOfAServiceThatIsNotThereNamesTheOthers() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        assertThatThrownBy(() -> builder().override("wbe.image", "x").render())
                .hasMessageContainingAll("compose.services.wbe.image", "[web]");
    }

    @Test
    void aVariableWithoutAValueGetsTheOneThatWasGivenAndIsElseLeftOutAndNamed() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: web
                    expose: ["80"]
                    environment: [TOKEN, UNSET, OF_DOTENV]
                    post_start: [{command: ls, environment: [UNSET, A=1]}]
                """);
        Files.writeString(directory.resolve(".env"), "OF_DOTENV=d\n");
        var stack = builder().variable("TOKEN", "t$1").render();
        assertThat(stack.text())
                .contains("\"TOKEN\": \"t$$1\"", "\"OF_DOTENV\": \"d\"", "\"A\": \"1\"")
                .doesNotContain("UNSET");
        assertThat(stack.warnings())
                .containsExactly(
                        "compose.yaml:5:26: services.web.environment: the variable UNSET has no value and is left out;"
                                + " compose.env.UNSET would give it one");
        assertThat(builder().text(Stage.RESOLVED)).contains("\"UNSET\": null");
    }

    @Test
    void variablesOfTheProcessAreForFilesOnlyIfThatIsSet() throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: 'web:$TAG', expose: [\"80\"], environment: [PLAIN]}}\n");
        var process = Map.of("PLAIN", "of-the-process", "TAG", "2", "CI_JOB_TOKEN", "secret");
        assertThat(builder().processEnvironment(process).render().text())
                .contains("of-the-process", "web:2")
                .doesNotContain("secret");
        assertThat(builder().variable("TAG", "3").render().text()).doesNotContain("PLAIN");
    }

    @Test
    void noWayLeadsToTheSecretsOfThePipeline() throws IOException {
        Files.writeString(directory.resolve("bare.env"), "COMPOSE_SSH_KEY\nX=1\n");
        Files.writeString(directory.resolve("filled.env"), "X=${COMPOSE_SSH_KEY:-}\n");
        for (var way : List.of(
                "environment: [COMPOSE_SSH_KEY]}}",
                "environment: {X: '$COMPOSE_SSH_KEY'}}}",
                "environment: {X: '${NONE-${COMPOSE_SSH_KEY:-none}}'}}}",
                "environment: {X: '${COMPOSE_SSH_KEY+is set}'}}}",
                "env_file: bare.env}}",
                "env_file: filled.env}}",
                "build: {context: ., args: [COMPOSE_SSH_KEY]}}}",
                "secrets: [s]}}\nsecrets: {s: {environment: COMPOSE_SSH_KEY}}",
                "configs: [s]}}\nconfigs: {s: {environment: COMPOSE_SSH_KEY}}",
                "configs: [s]}}\nconfigs: {s: {content: '${COMPOSE_SSH_KEY}'}}")) {
            Files.writeString(
                    directory.resolve("compose.yaml"), "services: {web: {image: web, expose: [80], " + way + "\n");
            assertThatThrownBy(() -> builder()
                            .processEnvironment(Map.of("COMPOSE_SSH_KEY", "secret"))
                            .render())
                    .as(way)
                    .isInstanceOfSatisfying(
                            ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.DATA))
                    .hasMessageStartingWith("the variable COMPOSE_SSH_KEY: it holds a secret of the pipeline")
                    .hasMessageContaining("compose.env.NAME");
        }
    }

    @Test
    void noTemplateReadsWhatLiesOutsideOfTheProject() throws IOException {
        var project = Files.createDirectory(directory.resolve("project"));
        var outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret.ftl"), "services: {web: {labels: {leaked: 'yes'}}}");
        Files.writeString(project.resolve("compose.yaml"), WEB);
        var own = Files.createDirectories(project.resolve("src/main/compose"));
        Files.createSymbolicLink(own.resolve("link.ftl"), outside.resolve("secret.ftl"));
        Files.createSymbolicLink(own.resolve("dir"), outside);
        for (var way : List.of(
                "[#include 'link.ftl']",
                "[#include 'link.ftl' parse=false]",
                "[#include 'dir/secret.ftl']",
                "[#import 'link.ftl' as l]",
                "[#import '/dir/secret.ftl' as l]",
                "[#include '../../../../outside/secret.ftl']",
                "[#include 'dir/../../../../../outside/secret.ftl' parse=false]",
                "[#import '../../../../outside/secret.ftl' as l]",
                "[#include '" + outside.resolve("secret.ftl") + "' parse=false]")) {
            Files.writeString(own.resolve("evil.ftl"), way);
            assertThatThrownBy(() -> of(project).overlays(List.of("evil")).render())
                    .as(way)
                    .isInstanceOfSatisfying(
                            ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.DATA))
                    .hasMessageContaining("evil.ftl")
                    .hasMessageContaining(way.contains("link") ? "lies outside the project directory" : "");
        }
        assertThatThrownBy(() -> of(project).overlays(List.of("link")).render())
                .hasMessageContainingAll("link.ftl", "lies outside the project directory");
    }

    @Test
    void aDirectoryOfTemplatesThatIsALinkOutOfTheProjectIsAnErrorThatNamesIt() throws IOException {
        var project = Files.createDirectory(directory.resolve("project"));
        Files.writeString(
                project.resolve("compose.yaml"), "include: [evil.ftl]\nservices: {web: {image: web, expose: [80]}}\n");
        Files.writeString(
                project.resolve("evil.ftl"),
                "services: {x: {image: x, environment: {X: '[#include \"/proc/self/environ\" parse=false]'}}}\n");
        Files.createDirectories(project.resolve("src/main"));
        Files.createSymbolicLink(project.resolve("src/main/compose"), Path.of("/"));
        assertThatThrownBy(() -> of(project).render())
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.DATA))
                .hasMessageContainingAll("src/main/compose", "lies outside the project directory");
    }

    @Test
    void aTemplateMayBeALinkWithinTheProjectButNotToWhatGitKeeps() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var own = Files.createDirectories(directory.resolve("src/main/compose"));
        Files.writeString(directory.resolve("shared.ftl"), "services: {web: {labels: {shared: 'yes'}}}");
        Files.createSymbolicLink(own.resolve("linked.ftl"), directory.resolve("shared.ftl"));
        assertThat(of(directory).overlays(List.of("linked")).render().text()).contains("shared: \"yes\"");
        Files.createDirectories(directory.resolve(".git"));
        Files.writeString(directory.resolve(".git/config"), "token");
        Files.createSymbolicLink(own.resolve("config"), directory.resolve(".git/config"));
        Files.writeString(own.resolve("evil.ftl"), "[#include 'config' parse=false]");
        assertThatThrownBy(() -> of(directory).overlays(List.of("evil")).render())
                .hasMessageContainingAll("evil.ftl", "belongs to git");
    }

    private static StackBuilder of(Path project) {
        return Stack.in(project)
                .environment(Environment.of("acme/shop", "feature/cart"))
                .domain("ci.example.com")
                .templates(List.of(project.resolve("src/main/compose")));
    }

    @Test
    void aTemplateDoesNotSeeTheSecretsOfThePipeline() throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml.ftl"),
                "services: {web: {image: web, expose: [80], environment: {ALL: [=variables?values?join(' ')]}}}\n");
        assertThat(builder()
                        .files(List.of(Path.of("compose.yaml.ftl")))
                        .processEnvironment(Map.of("GITHUB_TOKEN", "secret", "PLAIN", "shown"))
                        .render()
                        .text())
                .contains("shown")
                .doesNotContain("secret");
    }

    @Test
    void whatThePipelineGivesByNameIsGivenWhateverItIsCalled() throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: web, expose: [\"80\"], environment: [GITHUB_TOKEN]}}\n");
        assertThat(builder()
                        .processEnvironment(Map.of("GITHUB_TOKEN", "of-the-process"))
                        .variable("GITHUB_TOKEN", "meant")
                        .render()
                        .text())
                .contains("\"GITHUB_TOKEN\": \"meant\"")
                .doesNotContain("of-the-process");
    }

    @Test
    void theSecretsOfThePipelineAreKnownByTheirNames() {
        assertThat(List.of(
                        "COMPOSE_SSH_KEY",
                        "COMPOSE_SSH_PASSPHRASE",
                        "COMPOSE_SSH_PASSWORD",
                        "COMPOSE_REGISTRY_PASSWORD",
                        "COMPOSE_GITHUB_TOKEN",
                        "COMPOSE_GITLAB_TOKEN",
                        "COMPOSE_WEBHOOK",
                        "COMPOSE_BASIC_AUTH",
                        "CI_JOB_TOKEN",
                        "CI_JOB_JWT_V2",
                        "CI_REGISTRY_PASSWORD",
                        "CI_DEPLOY_PASSWORD",
                        "CI_REPOSITORY_URL",
                        "GITHUB_TOKEN",
                        "GH_TOKEN",
                        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                        "ACTIONS_RUNTIME_TOKEN",
                        "SYSTEM_ACCESSTOKEN",
                        "github_token"))
                .allMatch(PipelineSecrets::isOne);
        assertThat(List.of("COMPOSE_URL", "CI_COMMIT_SHA", "CI_REGISTRY_IMAGE", "GITHUB_SHA", "DB_PASSWORD", "TOKEN"))
                .noneMatch(PipelineSecrets::isOne);
    }

    @Test
    void basicAuthenticationIsHashedTheSameEachTimeAndNeverInClear() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var text = builder()
                .overlays(List.of("basicauth"))
                .basicAuth("ann:secret!")
                .render()
                .text();
        // Another hash would recreate the containers of those who deploy with a newer version.
        assertThat(text)
                .contains("basicauth.users\": \"ann:$$2y$$10$$ccGmfNHE5hkXOnzYkq1qWenT3MfxjgCnu2FUuinEQLkmtYJgfXepa")
                .doesNotContain("secret!");
        assertThat(builder()
                        .overlays(List.of("basicauth"))
                        .basicAuth("ann:secret!")
                        .render()
                        .text())
                .isEqualTo(text);
        assertThatThrownBy(() -> builder().overlays(List.of("basicauth")).render())
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining("compose.basicAuth=name:password");
    }

    @Test
    void whatIsOnlyResolvedOrHasNoUrlNeedsNoDomain() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var withoutDomain = Stack.in(directory).environment(Environment.of("acme/shop", "x"));
        assertThat(withoutDomain.text(Stage.RESOLVED)).contains("image:");
        assertThatThrownBy(withoutDomain::render)
                .hasMessageContainingAll("compose.domain", "IP address", "compose.url");
        assertThat(withoutDomain.unrouted().render().endpoints()).isEmpty();
    }

    @Test
    void mailIsCaughtAtAnAddressOfItsOwn() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var stack = builder().overlays(List.of("maildev")).render();
        assertThat(stack.endpoints())
                .extracting(Endpoint::url)
                .hasSize(2)
                .anyMatch(url -> url.startsWith("http://mail-feature-cart-"));
        assertThat(stack.endpoints().get(0).route()).isEqualTo(Route.to("web", 80));
        assertThat(stack.text()).contains("\"SMTP_HOST\": \"maildev\"");
    }

    @Test
    void aPersistentStackRestartsAndMayHaveCertificatesAndWww() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var text = builder()
                .domain("https://example.com")
                .lifetime(Lifetime.FOREVER)
                .certResolver("letsencrypt")
                .www(Www.REMOVE)
                .render()
                .text();
        assertThat(text)
                .contains("restart: \"unless-stopped\"", "tls.certresolver\": \"letsencrypt\"", "Host(`www.", "${2}");
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com, REMOVE, https://example.com, www[.]example[.]com",
        "https://www.example.com, REMOVE, https://example.com, www[.]example[.]com",
        "https://example.com:8443, ADD, https://www.example.com:8443, example[.]com",
        "http://www.example.com, ADD, http://www.example.com, example[.]com",
    })
    void oneOfTheTwoNamesWithAndWithoutWwwRedirectsToTheOther(String url, Www www, String canonical, String other)
            throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var builder = builder().url(url).lifetime(Lifetime.FOREVER).www(www);
        var stack = builder.routes(List.of(Route.to("web", 80), Route.parse("mail=web:81")))
                .overlays(List.of("basicauth"))
                .basicAuth("ann:secret")
                .render();
        assertThat(builder.address()).isEqualTo(canonical);
        assertThat(stack.endpoints().get(0).url()).isEqualTo(canonical);
        assertThat(stack.endpoints().get(0).hosts()).containsExactlyInAnyOrder("example.com", "www.example.com");
        assertThat(stack.endpoints().get(1).hosts()).hasSize(1);
        assertThat(stack.text())
                .contains(
                        "\"COMPOSE_URL\": \"" + canonical + "\"",
                        "__www.redirectregex.regex\": \"(?i)^https?://" + other + "(:[0-9]+)?(/.*)?$$\"",
                        "__www.redirectregex.replacement\": \"" + canonical + "$${2}\"")
                .containsPattern("__0(g0)?.middlewares\": \"[^\",]*__deployment,[^\",]*__www,[^\",]*__basicauth\"")
                .containsPattern("__1(g0)?.middlewares\": \"[^\",]*__deployment,[^\",]*__basicauth\"");
        assertThat(stack.text().contains("__http.")).isEqualTo(url.startsWith("https"));
    }

    @Test
    void httpRedirectsToHttpsBeforeAnybodyIsAskedForAPassword() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var review = builder()
                .domain("https://ci.example.com:8443")
                .overlays(List.of("basicauth"))
                .basicAuth("ann:secret")
                .render();
        var router = review.project() + "__0";
        assertThat(review.text())
                .contains(
                        "routers." + router + "__http.entrypoints\": \"web\"",
                        "routers." + router + "__http.middlewares\": \"" + router + "__https\"",
                        "middlewares." + router + "__https.redirectscheme.port\": \"8443\"")
                // A branch may come back without TLS, and browsers keep a permanent redirect.
                .doesNotContain("redirectscheme.permanent", "redirectregex");
        assertThat(builder().domain("ci.example.com").render().text()).doesNotContain("__http", "redirectscheme");
    }

    /** As its documentation combines them. */
    @Test
    void filesOfYourlabsComposeWorkUnchanged() throws IOException {
        Files.writeString(directory.resolve("docker-compose.yml"), """
                version: '3.4'
                services:
                  django:
                    image: shop:1
                    command: [run, "${HOST:-0.0.0.0}"]
                    environment: [DEBUG, "HOST=$HOST", "PROTO=${PROTO}"]
                    ports: ["8000"]
                  postgres:
                    image: postgres:13
                """);
        Files.writeString(directory.resolve(".traefik.yml"), """
                version: '3.4'
                services:
                  django:
                    networks: [web, default]
                    labels:
                      - traefik.enable=true
                      - "traefik.http.routers.${CI_ENVIRONMENT_SLUG-django}.rule=Host(`${HOST}`)"
                      - traefik.http.routers.${CI_ENVIRONMENT_SLUG-django}.entrypoints=websecure
                      - traefik.http.services.${CI_ENVIRONMENT_SLUG-django}.loadBalancer.server.port=8000
                networks: {web: {external: true}}
                """);
        Files.writeString(directory.resolve(".persist.yml"), """
                version: '3.4'
                services:
                  django: {restart: always, volumes: ["./media:/media"]}
                  postgres:
                    restart: always
                    volumes: ["./data/postgres:/var/lib/postgresql/data", "./dump:/dump"]
                    labels: ["io.yourlabs.compose.mkdir=./dump,./data/postgres,./media:1000:1000:0700"]
                """);
        Files.writeString(directory.resolve(".maildev.yml"), """
                version: '3.4'
                services:
                  django: {environment: [EMAIL_HOST=maildev, EMAIL_PORT=1025]}
                  maildev:
                    image: maildev/maildev:2.1.0
                    networks: [web, default]
                    labels:
                      - traefik.enable=true
                      - "traefik.http.routers.maildev-${CI_ENVIRONMENT_SLUG-django}.rule=Host(`mail.${HOST}`)"
                      - traefik.http.services.maildev-${CI_ENVIRONMENT_SLUG-django}.loadBalancer.server.port=80
                """);
        var stack = builder()
                .files(List.of(
                        Path.of("docker-compose.yml"),
                        Path.of(".traefik.yml"),
                        Path.of(".persist.yml"),
                        Path.of(".maildev.yml")))
                .url("https://staging.example.com")
                .lifetime(Lifetime.FOREVER)
                .home("/home/staging")
                .routes(List.of(Route.to("django", 8000)))
                .render();
        assertThat(stack.text())
                .contains(
                        "\"HOST\": \"staging.example.com\"",
                        "\"PROTO\": \"https\"",
                        "\"0.0.0.0\"",
                        "\"EMAIL_HOST\": \"maildev\"",
                        "\"/home/staging/data/postgres\"",
                        "staging__maildev-django.rule\": \"Host(`mail.staging.example.com`)\"")
                .doesNotContain("routers.django.");
        assertThat(Objects.requireNonNull(stack.home()).directories())
                .hasSize(3)
                .allMatch(one -> one.endsWith(":1000:1000:0700"));
    }

    @Test
    void aReviewHasNoRedirectForWwwAndTheOverlayOfThatNameIsNotAskedFor() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        assertThatThrownBy(() -> builder().www(Www.ADD).render()).hasMessageContaining("compose.www need");
        assertThatThrownBy(() -> builder().overlays(List.of("www")).render())
                .hasMessageContaining("compose.www=remove");
    }

    @Test
    void aServiceWithAnUrlIsReachedOnTheProxysNetworkButTheFileDoesNotAttachIt() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var stack = builder().proxyNetwork("web_1").render();
        assertThat(deployWords(stack, DeployOptions.DEFAULT)).contains(" proxy=web_1");
        assertThat(stack.text().lines().filter(line -> line.contains("web_1")))
                .containsExactly("      \"traefik.docker.network\": \"web_1\"");
        var unrouted = builder().proxyNetwork("web_1").unrouted().render();
        assertThat(deployWords(unrouted, DeployOptions.DEFAULT)).doesNotContain("proxy=");
        for (var name : List.of("", "-x", "a b", "a/b", "a,b", "a$b", "a\n", "x".repeat(101))) {
            assertThatThrownBy(() -> builder().proxyNetwork(name))
                    .isInstanceOf(ComposeException.class)
                    .hasMessageContaining("compose.proxyNetwork");
        }
    }

    @Test
    void aReviewNeverAsksForACertificate() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        assertThatThrownBy(() -> builder().certResolver("letsencrypt").render()).hasMessageContaining("forever");
    }

    @Test
    void aProjectReplacesAnOverlayAndAddsItsOwn() throws IOException {
        var own = Files.createDirectory(directory.resolve("own"));
        Files.writeString(own.resolve("noindex.ftl"), "services: {web: {labels: {replaced: [=project]}}}\n");
        Files.writeString(own.resolve("team.ftl"), "services: {web: {labels: {team: [=environment.repository]}}}\n");
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var text = builder()
                .templates(List.of(own))
                .overlays(List.of("team", "noindex"))
                .render()
                .text();
        assertThat(text)
                .contains("replaced: \"feature-cart-", "team: \"acme/shop\"")
                .doesNotContain("X-Robots-Tag");
    }

    @Test
    void anOverlayThatIsNotThereIsNamed() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        assertThatThrownBy(() -> builder().overlays(List.of("nosuch")).render()).hasMessageContaining("`nosuch`");
    }

    @Test
    void theStagesShowHowAFileIsMade() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var builder = builder().override("web.image", "web:2");
        assertThat(builder.text(Stage.RESOLVED)).contains("\"web\"").doesNotContain("web:2", "traefik");
        assertThat(builder.text(Stage.MERGED)).contains("web:2").doesNotContain("traefik");
        assertThat(builder.text(Stage.FINAL))
                .contains("web:2", "traefik")
                .isEqualTo(builder.render().text());
    }

    @Test
    void theDocumentationNamesEverythingThatOverlaysSee() throws IOException {
        var own = Files.createDirectory(directory.resolve("own"));
        Files.writeString(own.resolve("noindex.ftl"), """
                x-seen:
                [#list .data_model?keys as key]
                  [=key]: ""
                [/#list]
                [#list routed as service, routes][#list routes[0]?keys as key]
                  [="route.[=key]"]: ""
                [/#list][/#list]
                """);
        Files.writeString(directory.resolve("compose.yaml"), WEB);
        var text = builder()
                .templates(List.of(own))
                .overlays(List.of("noindex"))
                .render()
                .text();
        var seen = Pattern.compile("^  \"?([a-zA-Z.]+)\"?: \"\"$", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
        var documentation = Files.readString(Path.of("../docs/compose-files.md"));
        assertThat(seen)
                .hasSizeGreaterThan(15)
                .allSatisfy(key -> assertThat(documentation).contains("`" + key + "`"));
    }

    private StackBuilder builder() {
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "feature/cart"))
                .domain("ci.example.com");
    }

    private Stack render(String compose) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), compose);
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "feature/cart"))
                .domain("ci.example.com")
                .render();
    }

    private static String deployWords(Stack stack, DeployOptions options) {
        return "stacks.sh deploy " + String.join(" ", new Verb.Deploy(stack, options).words());
    }
}
