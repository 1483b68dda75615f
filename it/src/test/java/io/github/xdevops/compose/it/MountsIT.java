package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a compose file mounts is what its containers see, on the real engine. */
class MountsIT {
    private static final String STATE = "state-mounts";
    private static final String COMPOSE = """
            services:
              web:
                image: compose-it/httpd:1
                command: ["httpd", "-f", "-p", "80", "-h", "/www"]
                user: "1000"
                read_only: true
                tmpfs: [/run, /tmp]
                ports: ["80"]
                volumes: ["./site:/www:ro", "./run.sh:/usr/local/bin/run.sh:ro"]
                configs: [{source: ini, target: /etc/my.ini}]
                secrets: [token, {source: token, target: strict, uid: "1000", mode: 0400}]
              writer:
                image: compose-it/busybox:1
                command: ["sleep", "1000"]
                volumes: ["./data:/data", "./state.txt:/state.txt", "./cache:/cache"]
            configs: {ini: {content: "a=1"}}
            secrets: {token: {file: token.txt}}
            """;

    @TempDir
    Path directory;

    private final List<String> projects = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private TestServer server;
    private Stacks stacks;

    @BeforeEach
    void connect() throws IOException {
        server = TestServer.required();
        stacks = server.stacks(STATE);
        for (var name : List.of("site/css", "data")) {
            Files.createDirectories(directory.resolve(name));
        }
        write("site/page.html", "first");
        write("site/__init__.py", "");
        Files.write(directory.resolve("site/logo"), new byte[] {0, (byte) 0xff, 1});
        write("run.sh", "#!/bin/sh\necho ran\n");
        write("token.txt", "hush-hush");
        write("data/seed", "1");
        write("state.txt", "new");
        mode("run.sh", "rwxr-x--x");
        mode("token.txt", "rw-------");
        mode("data", "rwxrwxrwx");
    }

    @AfterEach
    void takeDown() {
        if (stacks != null) {
            projects.forEach(project -> stacks.down(project, Progress.NONE));
            stacks.close();
            server.login("rm -rf " + STATE);
        }
    }

    @Test
    @Tag("R9")
    @Tag("R15")
    @Tag("R18")
    @Tag("R24")
    @Tag("R27")
    @Tag("R28")
    void aMountIsWhatTheProjectHasAndAChangeOfItReachesTheContainersThatUseIt() throws IOException {
        var stack = deploy("a", COMPOSE);
        var web = stack.project() + "-web-1";
        var writer = stack.project() + "-writer-1";
        // The image's own page is hidden, and an empty file and a binary one have arrived.
        assertThat(in(web, "ls -A /www; od -An -tx1 /www/logo"))
                .isEqualTo("__init__.py\ncss\nlogo\npage.html\n 00 ff 01");
        assertThat(in(web, "stat -c '%a %u:%g' /usr/local/bin/run.sh; /usr/local/bin/run.sh"))
                .isEqualTo("751 " + owner("run.sh") + "\nran");
        assertThat(in(web, "cat /etc/my.ini /run/secrets/token /run/secrets/strict"))
                .isEqualTo("a=1hush-hushhush-hush");
        assertThat(in(web, "stat -c '%a %u' /run/secrets/strict")).isEqualTo("400 1000");
        assertThat(in(web, "touch /www/x /run/secrets/token 2>&1 | grep -c Read-only"))
                .isEqualTo("2");
        assertThat(server.get(stack.endpoints().get(0).url() + "/page.html")).isEqualTo("first");
        in(writer, "mkdir -m 700 /data/own /cache/own && echo mine >/data/own/file && echo changed >/state.txt");

        var old = container(web);
        var kept = container(writer);
        write("site/page.html", "second");
        assertThat(stacks.plan(stack("a", COMPOSE)).changes())
                .singleElement()
                .satisfies(change -> assertThat(change.toString()).contains("web", "/www", "dir-site-"));
        deploy("a", COMPOSE);
        assertThat(server.get(stack.endpoints().get(0).url() + "/page.html")).isEqualTo("second");
        assertThat(container(web)).isNotEqualTo(old);
        assertThat(container(writer)).isEqualTo(kept);
        assertThat(in(writer, "cat /data/own/file /state.txt")).isEqualTo("mine\nchanged");
        assertThat(volumes(stack.project())).hasSize(3);

        old = container(web);
        write("token.txt", "other-hush");
        deploy("a", COMPOSE);
        assertThat(in(web, "cat /run/secrets/token")).isEqualTo("other-hush");
        assertThat(container(web)).isNotEqualTo(old);
        old = container(web);
        deploy("a", COMPOSE.replace("a=1", "a=2"));
        assertThat(in(web, "cat /etc/my.ini")).isEqualTo("a=2");
        assertThat(container(web)).isNotEqualTo(old);
        assertThat(container(writer)).isEqualTo(kept);
        old = container(web);
        deploy("a", COMPOSE.replace("a=1", "a=2"));
        assertThat(container(web)).as("nothing has changed").isEqualTo(old);

        write("data/seed", "2");
        assertThat(in(deploy("b", COMPOSE).project() + "-writer-1", "ls -A /data /cache; cat /state.txt"))
                .isEqualTo("/cache:\n\n/data:\nseed\nnew");
        deploy("a", COMPOSE.replace("a=1", "a=2"));
        assertThat(in(writer, "ls -A /data; cat /data/seed")).isEqualTo("seed\n2");

        var record = STATE + "/" + stack.project();
        assertThat(server.login("grep -c hush " + record + "/docker-compose.yml || :"))
                .isEqualTo("0");
        server.login("cd " + record + " && docker compose -p " + stack.project() + " up -d 2>&1");
        assertThat(in(web, "cat /run/secrets/token")).isEqualTo("other-hush");
        assertThat(stacks.down(stack.project(), Progress.NONE)).isTrue();
        assertThat(server.remains(stack.project())).isEmpty();
        assertThat(server.login("ls -A " + STATE + "/.trash " + STATE + "/.staging"))
                .doesNotContain("/" + stack);
    }

    @Test
    void aFailedVersionGivesItsFilesBackToTheOneBeforeIt() throws IOException {
        var stack = deploy("c", COMPOSE);
        var writer = stack.project() + "-writer-1";
        in(writer, "echo mine >/data/own");
        write("data/seed", "2");
        write("site/page.html", "broken");
        var broken = COMPOSE.replace("\"sleep\", \"1000\"", "\"sh\", \"-c\", \"exit 3\"");
        assertThatThrownBy(() -> deploy("c", broken)).hasMessageContaining("previous version is up again");
        assertThat(in(writer, "cat /data/seed /data/own")).isEqualTo("1mine");
        assertThat(server.get(stack.endpoints().get(0).url() + "/page.html")).isEqualTo("first");
        assertThat(volumes(stack.project())).hasSize(3);
        assertThat(server.login("ls " + STATE + "/" + stack.project() + "/files | wc -l")
                        .strip())
                .isEqualTo("8");
    }

    @Test
    void aChangedNetworkIsMadeAnewAndAChangedVolumeIsKeptWithAWarning() throws IOException {
        var compose = """
                services:
                  web: {image: compose-it/httpd:1, expose: ["80"], networks: [front], volumes: ["data:/data", /cache]}
                  db: {image: compose-it/busybox:1, command: [sleep, "1000"], networks: [back]}
                networks: {front: {}, back: {}}
                volumes: {data: {}}
                """;
        var stack = deploy("d", compose);
        var web = stack.project() + "-web-1";
        in(web, "echo mine >/data/own; echo mine >/cache/own");
        var db = container(stack.project() + "-db-1");
        deploy(
                "d",
                compose.replace("front: {}", "front: {internal: true, labels: {team: shop}}")
                        .replace("data: {}", "data: {labels: {team: shop}}"));
        assertThat(said).anyMatch(line -> line.contains("the volume data was made with another definition"));
        assertThat(server.docker(
                                "network",
                                "inspect",
                                "--format",
                                "{{.Internal}} {{.Labels.team}} {{len .Containers}}",
                                stack.project() + "_front")
                        .strip())
                .isEqualTo("true shop 1");
        assertThat(in(web, "cat /data/own /cache/own")).isEqualTo("mine\nmine");
        assertThat(container(stack.project() + "-db-1")).isEqualTo(db);
    }

    @Test
    void whatAContainersRootWroteBesideTheRecordGoesWithTheEnvironment() throws IOException {
        var stack = deploy("root", "services: {web: {image: 'compose-it/httpd:1', ports: ['80']}}");
        var record = server.login("cd " + STATE + "/" + stack.project() + " && pwd");
        server.docker(
                "run",
                "--rm",
                "-v",
                record + ":/record",
                "--entrypoint",
                "sh",
                "compose-it/busybox:1",
                "-c",
                "mkdir -m 700 -p /record/data/deep && echo x >/record/data/deep/file");
        assertThat(stacks.down(stack.project(), Progress.NONE)).isTrue();
        assertThat(server.login("ls -A " + STATE + "/.trash")).isEmpty();
    }

    private Stack deploy(String branch, String compose) throws IOException {
        var stack = stack(branch, compose);
        projects.add(stack.project());
        stacks.deploy(stack, new Progress() {
            @Override
            public void phase(String name) {}

            @Override
            public void line(String text) {
                said.add(text);
            }
        });
        return stack;
    }

    private Stack stack(String branch, String compose) throws IOException {
        write("compose.yaml", compose);
        return Stack.in(directory)
                .environment(Environment.of("acme/it", "mounts/" + branch))
                .domain(server.domain())
                .render();
    }

    private String in(String container, String command) {
        return server.docker("exec", container, "sh", "-c", command).strip();
    }

    private String container(String name) {
        return server.docker("inspect", "--format", "{{.Id}}", name).strip();
    }

    private List<String> volumes(String project) {
        return server.docker("volume", "ls", "-q", "--filter", "label=com.docker.compose.project=" + project)
                .lines()
                .toList();
    }

    private String owner(String name) throws IOException {
        Map<String, Object> owner = Files.readAttributes(directory.resolve(name), "unix:uid,gid");
        return owner.get("uid") + ":" + owner.get("gid");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private void mode(String name, String mode) throws IOException {
        Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString(mode));
    }
}
