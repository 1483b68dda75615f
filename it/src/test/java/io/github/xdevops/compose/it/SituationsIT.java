package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Stacks;
import io.github.xdevops.compose.server.UrlCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people have reported of tools like this one, as far as it needs a server: see {@code it/situations}. */
class SituationsIT {
    private static final String STATE = "state-situations";

    @TempDir
    Path directory;

    private final List<String> projects = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final Progress progress = new Progress() {
        @Override
        public void phase(String name) {}

        @Override
        public void line(String text) {
            said.add(text);
        }
    };
    private TestServer server;
    private Stacks stacks;

    @BeforeEach
    void connect() {
        server = TestServer.required();
        stacks = server.stacks(STATE);
    }

    @AfterEach
    void takeDown() {
        if (stacks != null) {
            projects.forEach(project -> stacks.down(project, Progress.NONE));
            stacks.close();
        }
    }

    @Test
    @Tag("R10")
    void aMigrationThatFailsIsNamedWithWhatItWroteAlsoWhenThePreviousVersionIsBack() throws IOException {
        var compose = """
                services:
                  migrate: {image: compose-it/busybox:1, command: [sh, -c, "echo table users is missing; exit %s"]}
                  check: {image: compose-it/busybox:1, command: ["true"], depends_on: {migrate: {condition: service_completed_successfully}}}
                  web: {image: compose-it/httpd:1, expose: ["80"], depends_on: {check: {condition: service_completed_successfully}}}
                """;
        assertThatThrownBy(() -> deploy("migration", compose.formatted("3")))
                .hasMessageContainingAll("service migrate ended: Exited (3)", "others wait for it");
        assertThat(said).anyMatch(line -> line.contains("table users is missing"));
        var stack = deploy("migration", compose.formatted("0"));
        said.clear();
        assertThatThrownBy(() -> deploy("migration", compose.formatted("4")))
                .hasMessageContainingAll("service migrate ended: Exited (4)", "the previous version is up again");
        assertThat(said).anyMatch(line -> line.contains("table users is missing"));
        assertThat(server.login("cat " + STATE + "/" + stack.project() + "/deploy.log"))
                .contains("table users is missing");
    }

    @Test
    @Tag("R6")
    @Tag("R23")
    void aContainersNameIsAHostNameAndAProgramMayBeProcessOne() throws IOException {
        var stack = deploy("names", """
                services:
                  db: {image: compose-it/httpd:1, container_name: shop-db, network_mode: bridge, volumes: ["data:/data"]}
                  probe: {image: compose-it/busybox:1, command: [sleep, "1000"], network_mode: "container:shop-db"}
                  web:
                    image: compose-it/httpd:1
                    init: false
                    entrypoint: [sh, -c, "[ $$$$ = 1 ] || exit 100; wget -q -O /www/db.html http://shop-db/ && exec httpd -f -p 80 -h /www"]
                    expose: ["80"]
                    depends_on: [db]
                    cap_drop: [ALL]
                    cap_add: [NET_BIND_SERVICE]
                    healthcheck: {test: ["CMD", "true"], interval: 0s}
                    mem_limit: 64m
                    memswap_limit: 64m
                    sysctls: {net.core.somaxconn: 512}
                    volumes_from: [db:ro]
                volumes: {data: {}}
                """);
        assertThat(server.get(stack.endpoints().get(0).url() + "/db.html")).contains("compose-it/httpd");
        assertThat(server.docker("exec", stack.project() + "-probe-1", "wget", "-q", "-O", "-", "http://127.0.0.1/"))
                .contains("compose-it/httpd");
    }

    /** HTTP/2 is answered in bytes, because no image here speaks it. */
    @Test
    @Tag("R11")
    void traefikLeadsToEveryKindOfRoute() throws Exception {
        Files.writeString(directory.resolve("h2c.sh"), """
                #!/bin/sh
                head -c 100 >/dev/null
                printf '\\000\\000\\000\\004\\000\\000\\000\\000\\000\\000\\000\\000\\004\\001\\000\\000\\000\\000'
                printf '\\000\\000\\001\\001\\004\\000\\000\\000\\001\\210\\000\\000\\010\\000\\001\\000\\000\\000\\001over h2c'
                printf '\\000\\000\\010\\007\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\000'
                timeout 3 cat >/dev/null
                """);
        assertThat(directory.resolve("h2c.sh").toFile().setExecutable(true)).isTrue();
        var tls = tls();
        var stack = deploy("routes", """
                services:
                  web:
                    image: compose-it/httpd:1
                    command: [sh, -c, "mkdir -p /two && echo port two >/two/index.html && (httpd -p 81 -h /two; exec httpd -f -p 80 -h /www)"]
                    x-route:
                      - {port: 80, sticky: true}
                      - {port: 80, path: /api, strip: true}
                      - {port: 81, prefix: two}
                  grpc:
                    image: compose-it/busybox:1
                    command: [nc, -ll, -p, "9000", -e, /h2c.sh]
                    volumes: ["./h2c.sh:/h2c.sh:ro"]
                    x-route: {port: 9000, prefix: grpc, scheme: h2c}
                  tls:
                    image: compose-it/busybox:1
                    command: %s
                    volumes: ["./tls:/tls:ro"]
                    x-route: {port: 8443, prefix: tls, scheme: https}
                """.formatted(tls));
        var host = stack.project() + "." + server.domain();
        assertThat(server.get("http://" + host)).contains("compose-it/httpd");
        assertThat(server.get("http://" + host + "/api/index.html")).contains("compose-it/httpd");
        assertThat(server.get("http://two-" + host)).contains("port two");
        assertThat(server.get("http://grpc-" + host)).isEqualTo("over h2c");
        assertThat(server.header("http://" + host, "Set-Cookie"))
                .hasValueSatisfying(cookie -> assertThat(cookie).contains("="));
        assertThatThrownBy(() -> UrlCheck.within(Duration.ofSeconds(1)).await(stack))
                .as("the test server's Traefik trusts no certificate of a service")
                .hasMessageContainingAll("tls-", "answers 500", "--serversTransport.insecureSkipVerify=true");
        try (var trusting = TrustingTraefik.of(server, stack.project())) {
            assertThat(trusting.get("tls-" + host)).contains("s_server");
        }
    }

    @Test
    @Tag("R25")
    void aServiceThatNeedsLongToListenIsWaitedForByDefault() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web: {image: compose-it/httpd:1, command: [sh, -c, "sleep 31; exec httpd -f -p 80 -h /www"], expose: ["80"]}
                """);
        var deployed = maven("slow", "acme/it-situations", "deploy");
        assertThat(deployed.exit()).as(deployed.out()).isZero();
    }

    @Test
    @Tag("R14")
    void twoComposeFilesOfOneDirectoryAreTwoStacksOrTheSecondIsRefused() throws IOException {
        Files.createDirectory(directory.resolve(".git"));
        Files.writeString(
                directory.resolve("shop.yaml"), "services: {web: {image: compose-it/httpd:1, expose: ['80']}}\n");
        Files.writeString(
                directory.resolve("admin.yaml"),
                "services: {web: {image: compose-it/httpd:1, expose: ['80'], environment: {A: b}}}\n");
        var shop = maven("two", "acme/it-situations", "deploy", "-Dcompose.files=shop.yaml");
        assertThat(shop.exit()).as(shop.out()).isZero();
        assertThat(maven("two", "acme/it-situations", "deploy", "-Dcompose.files=admin.yaml")
                        .error())
                .contains("DATA", "was deployed from shop.yaml", "REPOSITORY/admin.yaml");
        var admin = maven("two", "acme/it-situations/admin.yaml", "deploy", "-Dcompose.files=admin.yaml");
        assertThat(admin.exit()).as(admin.out()).isZero();
        assertThat(server.login("ls " + STATE + " | grep -c ^two-")).isEqualTo("2");
    }

    @Test
    @Tag("R13")
    void aFileNameBeyondAsciiArrivesUnderLocaleCOrIsRefusedByName() throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve("site")).resolve("grüße.html"), "hello");
        Files.writeString(directory.resolve("größe.env"), "A=b");
        var compose = Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: compose-it/httpd:1, expose: ['80'], volumes: ['./site:/www']}}\n");
        var deployed =
                maven(Map.of("LC_ALL", "C"), "locale", "acme/it-situations", "deploy", "-Dcompose.urlCheck=none");
        assertThat(deployed.exit()).as(deployed.out()).isZero();
        assertThat(server.get("http://"
                        + Environment.of("acme/it-situations", "locale").slug() + "." + server.domain()
                        + "/gr%C3%BC%C3%9Fe.html"))
                .isEqualTo("hello");
        Files.writeString(compose, "services: {web: {image: web, expose: ['80'], env_file: größe.env}}\n");
        assertThat(maven(Map.of("LC_ALL", "C"), "locale", "acme/it-situations", "render")
                        .error())
                .contains("locale cannot name", "LC_ALL=C.UTF-8");
    }

    private Maven.Outcome maven(String branch, String repository, String goal, String... more) {
        return maven(Map.of(), branch, repository, goal, more);
    }

    private Maven.Outcome maven(
            Map<String, String> variables, String branch, String repository, String goal, String... more) {
        var maven = new Maven(directory, server);
        var options = maven.toServer(more);
        options.addAll(List.of(
                "-Dcompose.branch=" + branch,
                "-Dcompose.repository=" + repository,
                "-Dcompose.stateDirectory=" + STATE,
                "-Dcompose.lifetime=1h"));
        projects.add(Environment.of(repository, branch).slug());
        return maven.run(goal, options, variables);
    }

    /** A server of OpenSSL's own, with its libraries, as a command. */
    private String tls() throws IOException, InterruptedException {
        var tls = Files.createDirectory(directory.resolve("tls"));
        var script = """
                openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=tls 2>/dev/null
                cp "$(command -v openssl)" .
                ldd openssl | sed -n 's/.*=> \\(\\/[^ ]*\\).*/\\1/p; s/^[^/]*\\(\\/[^ ]*ld-[^ ]*\\) .*/\\1/p' | xargs -I FILE cp FILE .
                ls | grep ^ld-
                """;
        var process =
                new ProcessBuilder("sh", "-ec", script).directory(tls.toFile()).start();
        var loader = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return "[/tls/" + loader
                + ", --library-path, /tls, /tls/openssl, s_server, -accept, '8443', -key, /tls/key.pem, -cert, /tls/cert.pem, -www]";
    }

    private Stack deploy(String branch, String compose) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), compose);
        var stack = Stack.in(directory)
                .environment(Environment.of("acme/it", "situations/" + branch))
                .domain(server.domain())
                .lifetime(Lifetime.parse("1h"))
                .render();
        projects.add(stack.project());
        stacks.deploy(stack, progress);
        return stack;
    }
}
