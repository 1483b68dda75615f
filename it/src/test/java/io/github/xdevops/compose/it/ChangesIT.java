package io.github.xdevops.compose.it;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** After any change of its files, a redeploy gives the same environment as a first deploy. */
@Execution(ExecutionMode.SAME_THREAD)
class ChangesIT {
    private static final String COMPOSE = """
            services:
              web:
                extends: {file: common.yaml, service: base}
                command: ["httpd", "-f", "-p", "80", "-h", "/www"]
                ports: ["80"]
                env_file: web.env
                environment: {COLOUR: "${COLOUR}"}
                labels: {team: "a"}
                depends_on: [db]
                networks: [default, back]
                volumes: ["./site:/www:ro", "./run.sh:/run.sh:ro"]
                configs: [{source: ini, target: /etc/my.ini}]
                secrets: [token]
              db:
                image: compose-it/busybox:1
                init: true
                command: ["sleep", "1000"]
                networks: {back: {aliases: ["store"]}}
                volumes: ["data:/data", "/anonymous"]
            networks: {back: {}}
            volumes: {data: {}}
            configs: {ini: {content: "a=1"}}
            secrets: {token: {file: token.txt}}
            """;
    /** Texts of {@link #COMPOSE}, and what they become. */
    private static final List<Map.Entry<String, String>> EDITS = List.of(
            entry("team: \"a\"", "team: \"b\""),
            entry("    labels: {team: \"a\"}\n", ""),
            entry("a=1", "a=2"),
            entry("target: /etc/my.ini", "target: /etc/other.ini"),
            entry("source: ini, ", "source: ini, mode: 0400, "),
            entry("secrets: [token]", "secrets: [{source: token, target: key}]"),
            entry("    secrets: [token]\n", ""),
            entry("\"./run.sh:/run.sh:ro\"", "\"./site/page.html:/run.sh:ro\""),
            entry("\"./site:/www:ro\"", "\"./site:/www:ro\", \"./site/css:/css:ro\""),
            entry("./site:/www:ro", "./site/css:/www:ro"),
            entry("\"data:/data\"", "\"data:/other\""),
            entry(", \"/anonymous\"", ""),
            entry("volumes: {data: {}}", "volumes: {data: {}, more: {}}"),
            entry("\"/anonymous\"", "\"/anonymous\", {type: tmpfs, target: /scratch}"),
            entry("init: true", "tmpfs: [/tmp]"),
            entry("depends_on: [db]", "depends_on: {db: {condition: service_started, restart: true}}"),
            entry("    depends_on: [db]\n", ""),
            entry("networks: [default, back]", "networks: [default]"),
            entry("networks: {back: {aliases: [\"store\"]}}", "networks: [back]"),
            entry("\"store\"", "\"store\", \"base\""),
            entry("networks: {back: {}}", "networks: {back: {internal: true}}"),
            entry("back: {}}\n", "back: {driver_opts: {com.docker.network.bridge.enable_icc: \"false\"}}}\n"),
            entry("{back: {}}", "{back: {labels: {of: it}}}"),
            entry("networks: {back: {}}\n", "networks: {back: {}, default: {internal: false, labels: {of: it}}}\n"),
            entry(
                    "  db:\n",
                    "  more: {image: compose-it/busybox:1, init: true, command: [\"sleep\", \"1000\"]}\n  db:\n"),
            entry("\"1000\"]", "\"1001\"]"),
            entry("\"/www\"]", "\"/www/css\"]"),
            entry("ports: [\"80\"]", "expose: [\"80\"]"),
            entry("env_file: web.env", "env_file: [web.env, more.env]"),
            entry("init: true\n", "init: true\n    healthcheck: {test: [\"CMD\", \"true\"], interval: 1s}\n"),
            entry("    init: true", "    init: true\n    user: \"1000\""),
            entry("    init: true", "    init: true\n    working_dir: /tmp"),
            entry("    init: true", "    init: true\n    cap_drop: [ALL]"),
            entry("    init: true", "    init: true\n    read_only: true"),
            entry("    init: true", "    init: true\n    hostname: store"),
            entry("    init: true", "    init: true\n    stop_signal: SIGINT"),
            entry("    init: true", "    init: true\n    stop_grace_period: 3s"),
            entry("    init: true", "    init: true\n    mem_limit: 64m"),
            entry("    init: true", "    init: true\n    ulimits: {nofile: 1000}"),
            entry("    init: true", "    init: true\n    shm_size: 1m"),
            entry("    init: true", "    init: true\n    extra_hosts: [\"a.test:192.0.2.1\"]"),
            entry("    init: true", "    init: true\n    deploy: {replicas: 2}"),
            entry("    init: true", "    init: true\n    logging: {options: {max-file: \"2\"}}"),
            entry("    init: true", "    init: true\n    sysctls: {net.ipv4.ip_unprivileged_port_start: 0}"),
            entry("    init: true", "    init: true\n    entrypoint: [\"/bin/sh\", \"-c\", \"exec sleep 900\"]\n"));

    private static final String CONTAINER = """
            {"name": {{json .Name}}, "config": {{json .Config}}, "host": {{json .HostConfig}}, "runs": {{.State.Running}},
             "networks": {{"{"}}{{range $name, $end := .NetworkSettings.Networks}}{{json $name}}: {{json $end.Aliases}}, {{end}}"": []}}""";
    private static final String FILES = """
            for f in $(find /www /run.sh /css /etc/my.ini /etc/other.ini /run/secrets /data /other 2>/dev/null | sort); do
              echo $f $(stat -c '%a %u:%g' $f) $(readlink $f) $([ ! -f $f ] || md5sum <$f)
            done""";

    @RegisterExtension
    private final Deployments here = Deployments.recordedIn("state-changes");

    private final TestServer server = here.server();
    private final Path directory = here.directory();

    @Test
    void aRedeployAfterAnyChangeEndsLikeAFirstDeploy() throws IOException {
        var changes = changes();
        var sample = Ring.sample(changes.keySet(), 1);
        var differences = new ArrayList<String>();
        for (var name : sample) {
            reset();
            deploy("old");
            changes.get(name).make();
            var redeployed = observed(deploy("old"));
            var fresh = deploy("new");
            var deployed = observed(fresh);
            if (!redeployed.equals(deployed)) {
                differences.add(name + "\n  redeployed: " + redeployed + "\n  new:        " + deployed);
            }
            here.stacks().down(fresh.project(), DownOptions.FORCE, Progress.NONE);
        }
        Proof.claim("changes of a project's files" + Ring.note() + ": " + sample.size() + " of " + changes.size()
                + ", after which a redeploy and a first deploy differ: " + differences.size());
        assertThat(differences).isEmpty();
    }

    private interface Change {
        void make() throws IOException;
    }

    private Map<String, Change> changes() {
        Map<String, Change> all = new LinkedHashMap<>();
        EDITS.forEach(edit -> all.put(edit.toString(), () -> {
            assertThat(COMPOSE).contains(edit.getKey());
            write("compose.yaml", COMPOSE.replace(edit.getKey(), edit.getValue()));
        }));
        all.put("a mounted file", () -> write("run.sh", "#!/bin/sh\necho other\n"));
        all.put("a mounted file that becomes empty", () -> write("run.sh", ""));
        all.put("a file in a mounted directory", () -> write("site/page.html", "second"));
        all.put("a new file in a mounted directory", () -> write("site/new.html", "new"));
        all.put("a file less in a mounted directory", () -> Files.delete(directory.resolve("site/css/style.css")));
        all.put(
                "a renamed file in a mounted directory",
                () -> Files.move(directory.resolve("site/page.html"), directory.resolve("site/other.html")));
        all.put("an empty directory in a mounted directory", () -> Files.createDirectory(directory.resolve("site/x")));
        all.put("the mode of a mounted file", () -> mode("run.sh", "rwxr--r--"));
        all.put("the mode of a file in a mounted directory", () -> mode("site/page.html", "rw-rw-r--"));
        all.put(
                "a link in a mounted directory",
                () -> Files.createSymbolicLink(directory.resolve("site/link"), Path.of("page.html")));
        all.put("a secret", () -> write("token.txt", "other-hush"));
        all.put("a value of an env_file", () -> write("web.env", "SIZE=2\n"));
        all.put("a variable of .env", () -> write(".env", "COLOUR=blue\n"));
        all.put("an extended service", () -> write("common.yaml", common("FLAVOUR: sour")));
        all.put("the image", () -> write("common.yaml", common("FLAVOUR: sweet").replace("httpd:1", "busybox:1")));
        return all;
    }

    private void reset() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(directory.resolve("site/css"));
        write("compose.yaml", COMPOSE);
        write("common.yaml", common("FLAVOUR: sweet"));
        write("site/page.html", "first");
        write("site/css/style.css", "a{}");
        write("run.sh", "#!/bin/sh\necho ran\n");
        write("token.txt", "hush-hush");
        write("web.env", "SIZE=1\n");
        write("more.env", "MORE=1\n");
        write(".env", "COLOUR=red\n");
        mode("run.sh", "rwxr-xr-x");
        mode("site/page.html", "rw-r--r--");
    }

    private static String common(String variable) {
        return "services: {base: {image: \"compose-it/httpd:1\", environment: {" + variable + "}}}\n";
    }

    private Stack deploy(String branch) throws IOException {
        var stack = here.render(here.compose(branch, Files.readString(directory.resolve("compose.yaml"))));
        here.deploy(stack);
        return stack;
    }

    /**
     * All that Docker tells of a stack's containers, networks and volumes, but for names and numbers of its own, and for what a
     * recreated container keeps: its anonymous volumes.
     */
    private String observed(Stack stack) {
        var project = stack.project();
        var found = new TreeSet<String>();
        for (var id : server.containers(project)) {
            found.add(inOrder(Json.parse(inspected(project, "container", CONTAINER, id)))
                    .toString());
            found.add(nameless(project, server.docker("exec", "-u", "0", id, "sh", "-c", FILES)));
        }
        var fields = Map.of(
                "network", "{{.Name}} {{.Internal}} {{json .Options}} {{json .Labels}} {{.Driver}}",
                "volume", "{{.Name}} {{json .Options}} {{json .Labels}} {{.Driver}}");
        fields.forEach((kind, format) -> server.docker(
                        kind, "ls", "-q", "--filter", "label=com.docker.compose.project=" + project)
                .lines()
                .forEach(name -> found.add(inspected(project, kind, format, name))));
        return String.join("\n", found);
    }

    private String inspected(String project, String kind, String format, String name) {
        return nameless(project, server.docker(kind, "inspect", "--format", format, name));
    }

    private static String nameless(String project, String text) {
        return text.strip()
                .replace(project, "PROJECT")
                .replaceAll("(?<!sha256:)\\b[0-9a-f]{64}\\b", "HASH")
                .replaceAll("\\b[0-9a-f]{12}\\b", "ID");
    }

    /** With maps and lists in order, as Docker has none there. */
    private static Object inOrder(Object value) {
        if (value instanceof Map<?, ?> map) {
            var out = new TreeMap<String, String>();
            map.forEach((key, of) ->
                    out.put((String) key, of == null ? "" : inOrder(of).toString()));
            out.remove("com.docker.compose.replace");
            return "/anonymous".equals(out.get("Target")) ? "ANONYMOUS" : out;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(one -> inOrder(one).toString()).sorted().toList();
        }
        return value;
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private void mode(String name, String mode) throws IOException {
        Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString(mode));
    }
}
