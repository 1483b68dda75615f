package io.github.xdevops.compose.server.script;

import static io.github.xdevops.compose.server.script.ReviewFile.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The server's policy judges rendered stacks, and files that no client of ours wrote. */
@EveryShell
class PolicyScriptTest extends InEveryShell {
    private static int refused;

    @Test
    void anOrdinaryStackIsAllowed() throws IOException {
        var stack = stack("""
                services:
                  web:
                    image: "web:1"
                    command: ["serve", "--port", "80"]
                    environment: {A: "$$HOME é 😀 \\u2028 \\\\ \\" #", "odd key": "x", "quote\\"d": "y", "EMPTY": ""}
                    ports: ["8080:80"]
                    container_name: fixed
                    restart: always
                    healthcheck: {test: ["CMD", "true"], interval: 5s}
                    depends_on: {db: {condition: service_healthy}}
                    volumes: ["data:/data", {type: tmpfs, target: /tmp/x, tmpfs: {size: 10m}}]
                    configs: [{source: ini, target: /etc/x.ini}]
                    networks: {default: {aliases: [shop]}, back: {}}
                    labels: {team: shop, traefik.http.routers.steal.rule: "Host(`admin.test`)"}
                    x-route:
                      - {port: 80, sticky: true}
                      - {port: 80, prefix: api, path: /v1, strip: true}
                      - {port: 9000, prefix: grpc, scheme: h2c}
                      - {port: 8443, prefix: admin, scheme: https}
                    init: false
                    stop_grace_period: 1m
                    logging: {driver: local, options: {max-size: 5m, max-file: "3", compress: "true"}}
                  tuned:
                    image: "web:1"
                    cap_drop: [ALL]
                    cap_add: [CHOWN, NET_BIND_SERVICE, SETGID, SETUID]
                    cpu_period: 50000
                    cpu_quota: 25000
                    cpuset: "0"
                    deploy: {mode: global, x-note: a, resources: {reservations: {memory: "0"}}}
                    healthcheck: {test: ["CMD", "true"], interval: 0s, start_interval: 0s, x-note: a}
                    ipc: none
                    isolation: default
                    mem_limit: 512m
                    memswap_limit: 512m
                    mem_swappiness: 10
                    networks: {back: {gw_priority: 1, interface_name: eth7, x-note: a}}
                    oom_score_adj: 500
                    security_opt: [no-new-privileges]
                    shm_size: 1gb
                    sysctls: {net.core.somaxconn: 1024, net.ipv4.tcp_syncookies: 0, net.ipv6.conf.all.disable_ipv6: 1}
                    ulimits: {core: 0, stack: 67108864}
                    volumes: [{type: volume, source: data, target: /data, consistency: cached, x-note: a}]
                    volumes_from: [db:ro]
                  bridged: {image: "web:1", network_mode: bridge, container_name: old, links: [db]}
                  idle: {image: "web:1", scale: 0, hostname: idle, pull_policy: daily, volumes: ["data:/data:Z"]}
                  db:
                    image: postgres
                    tmpfs: [/run]
                    deploy: {replicas: 2}
                    ulimits: {nofile: {soft: 1024, hard: 4096}}
                    cap_drop: [ALL]
                    networks: [back]
                networks: {back: {internal: true, x-note: a}}
                volumes: {data: {name: production}}
                configs: {ini: {content: "a=$$b\\n[c]\\n"}}
                """);
        assertThat(judge(stack)).isEmpty();
    }

    @ParameterizedTest
    @Tag("Y13")
    @CsvSource(
            delimiter = '|',
            value = {
                "privileged: true | web.privileged",
                "cap_add: [SYS_ADMIN] | web.cap_add[0]",
                "cap_add: [NET_RAW] | web.cap_add[0]",
                "devices: ['/dev/sda:/dev/sda'] | web.devices[0]",
                "device_cgroup_rules: ['c 1:3 mr'] | web.device_cgroup_rules[0]",
                "gpus: all | web.gpus",
                "security_opt: ['seccomp:unconfined'] | web.security_opt[0]",
                "security_opt: ['apparmor=unconfined'] | web.security_opt[0]",
                "sysctls: {net.ipv4.conf.all.proxy_arp: 1} | web.sysctls",
                "group_add: [docker] | web.group_add[0]",
                "userns_mode: host | web.userns_mode",
                "uts: host | web.uts",
                "pid: host | web.pid",
                "pid: 'container:victim' | web.pid",
                "ipc: host | web.ipc",
                "cgroup: host | web.cgroup",
                "cgroup_parent: /victim | web.cgroup_parent",
                "runtime: sysbox | web.runtime",
                "network_mode: host | web.network_mode",
                "network_mode: 'container:victim' | web.network_mode",
                "volumes_from: ['container:victim'] | web.volumes_from[0]",
                "external_links: [victim] | web.external_links[0]",
                "provider: {type: awesomecloud} | web.provider",
                "post_start: [{command: id, privileged: true}] | web.post_start[0]",
                "pre_stop: [{command: id}] | web.pre_stop[0]",
                "annotations: {run.oci.hooks: x} | web.annotations",
                "blkio_config: {weight: 10} | web.blkio_config",
                "storage_opt: {size: 1T} | web.storage_opt",
                "oom_kill_disable: true | web.oom_kill_disable",
                "oom_score_adj: -1000 | web.oom_score_adj",
                "memswap_limit: -1 | web.memswap_limit",
                "mem_limit: 64g | web.mem_limit",
                "cpus: 64 | web.cpus",
                "pids_limit: -1 | web.pids_limit",
                "scale: 500 | web.scale",
                "deploy: {replicas: 500} | web.deploy.replicas",
                "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}} | web.deploy.resources",
                "credential_spec: {file: x} | web.credential_spec",
                "isolation: process | web.isolation",
                "cpu_rt_runtime: 95000 | web.cpu_rt_runtime",
                "ulimits: {rtprio: 99} | web.ulimits",
                "use_api_socket: true | web.use_api_socket",
                "networks: {default: {driver_opts: {a: b}}} | web.networks.default.driver_opts",
                "labels: {com.docker.compose.project: victim} | web.labels.com.docker.compose.project",
                "labels: {io.github.xdevops.compose.project: victim} | web.labels.io.github.xdevops.compose.project",
                "volumes: [{type: volume, source: v, target: /x}, {type: npipe, source: x, target: /y}] | web.volumes",
                "volumes: [{type: cluster, source: x, target: /y}] | web.volumes",
                "volumes: ['/var/run/docker.sock:/var/run/docker.sock'] | web.volumes",
                "volumes: ['/:/host'] | web.volumes",
                "volumes: ['~/.ssh:/x'] | web.volumes",
                "volumes: ['../../secrets:/x'] | web.volumes",
                "volumes: [{type: bind, source: /etc, target: /x}] | web.volumes",
            })
    void aKeyThatReachesTheServerIsRefusedWhereverItHides(String key, String path) throws IOException {
        var rest = "volumes: {v: {}}\n";
        var plain = "services: {web: {image: web, expose: ['80'], " + key + "}}\n" + rest;
        var ways = new ArrayList<>(hiding(key, plain, rest).entrySet());
        Collections.shuffle(ways, new Random(Ring.seed() + key.hashCode()));
        for (var files : ways.subList(0, Ring.count(2, ways.size()))) {
            assertThat(refusal(files.getValue())).as(files.getKey()).contains("services." + path);
            refused++;
            if (!shell.equals("dash")) {
                break; // what differs is what Java makes of it
            }
        }
    }

    @ParameterizedTest
    @Tag("A9")
    @Tag("Y14")
    @Tag("Y15")
    @Tag("Y17")
    @CsvSource(
            delimiter = '|',
            value = {
                "volumes: {vol: {driver_opts: {type: none, o: bind, device: /etc}}} | volumes.vol",
                "volumes: {vol: {driver: sshfs}} | volumes.vol.driver",
                "volumes: {vol: {labels: {com.docker.compose.project: victim}}} | volumes.vol.labels.com.docker.compose.project",
                "networks: {default: {labels: {com.docker.compose.network: x}}} | networks.default.labels.com.docker.compose.network",
                "secrets: {s: {file: /etc/shadow}} | secrets.s",
                "configs: {s: {file: /etc/shadow}} | configs.s",
            })
    void aResourceThatReachesTheServerIsRefused(String resource, String path) throws IOException {
        var name = resource.substring(0, resource.indexOf(':'));
        var use = Map.of(
                        "volumes", "volumes: ['vol:/x']",
                        "secrets", "secrets: [s]",
                        "configs", "configs: [s]",
                        "networks", "networks: [default]")
                .get(name);
        assertThat(refusal(Map.of(
                        "compose.yaml",
                        "services: {web: {image: web, expose: ['80'], " + use + "}}\n" + resource + "\n")))
                .contains(path);
        refused++;
    }

    /** A rendered stack has none of them; a client that is not ours may send them. */
    @Test
    @Tag("Y14")
    void whatARenderedStackLeavesOutIsRefusedAsWell() throws IOException {
        var stack = stack("services: {web: {image: web, expose: ['80']}}\n");
        assertThat(judge(stack)).isEmpty();
        var network = "networks:\n  default:\n";
        for (var added : List.of(
                List.of("    init: true\n", "    network_mode: \"bridge\"\n", "services.web.network_mode"),
                List.of("    init: true\n", "    mac_address: \"02:42:ac:11:00:02\"\n", "services.web.mac_address"),
                List.of("      default: null\n", "", "services.web.networks.default.ipv4_address"),
                List.of(network, "    driver: \"macvlan\"\n", "networks.default.driver"),
                List.of(network, "    driver_opts:\n      \"a\": \"b\"\n", "networks.default.driver_opts"),
                List.of(network, "    ipam:\n      driver: \"default\"\n", "networks.default.ipam"))) {
            var place = added.get(0);
            assertThat(stack.text()).contains(place);
            var text = place.contains("null")
                    ? stack.text().replace(place, "      default:\n        ipv4_address: \"10.0.0.2\"\n")
                    : stack.text().replace(place, place + added.get(1));
            assertThat(judge(
                            text,
                            "project=" + stack.project(),
                            "hosts=" + stack.endpoints().get(0).address().host()))
                    .contains(added.get(2));
            refused++;
        }
    }

    @AfterAll
    static void claim() {
        Proof.claim("policy: " + refused + " stacks with a forbidden key, plain and hidden, allowed: 0");
    }

    /** The same key by other ways, each of which the resolver undoes before the policy looks. */
    private Map<String, Map<String, String>> hiding(String key, String plain, String rest) {
        var ways = new LinkedHashMap<String, Map<String, String>>();
        ways.put("alone", Map.of("compose.yaml", plain));
        var front = "web: {image: web, expose: ['80']";
        ways.put(
                "extends",
                Map.of(
                        "compose.yaml",
                        "services: {" + front + ", extends: {file: base.yaml, service: evil}}}\n" + rest,
                        "base.yaml",
                        "services: {evil: {image: y, " + key + "}}\n"));
        ways.put(
                "include",
                Map.of(
                        "compose.yaml",
                        "include: [more.yaml]\nservices: {front: {image: x, expose: ['80']}}\n",
                        "more.yaml",
                        "services: {web: {image: web, " + key + "}}\n" + rest));
        ways.put("an anchor", Map.of("compose.yaml", """
                x-evil: &evil {%s}
                services:
                  web:
                    <<: *evil
                    image: web
                    expose: ['80']
                %s""".formatted(key, rest)));
        ways.put(
                "a second file",
                Map.of(
                        "compose.yaml",
                        "services: {" + front + "}}\n" + rest,
                        "compose.override.yaml",
                        "services: {web: {" + key + "}}\n"));
        ways.put(
                "a profile",
                Map.of(
                        "compose.yaml",
                        "services: {front: {image: x, expose: ['80']}, web: {image: web, profiles: [evil], " + key
                                + "}}\n" + rest));
        ways.put(
                "an overlay of the project's own",
                Map.of(
                        "compose.yaml",
                        "services: {" + front + "}}\n" + rest,
                        "src/main/compose/evil.ftl",
                        "services: {web: {" + key + "}}\n"));
        ways.put(
                "a replaced built-in overlay",
                Map.of(
                        "compose.yaml",
                        "services: {" + front + "}}\n" + rest,
                        "src/main/compose/ephemeral.ftl",
                        "services: {web: {" + key + "}}\n"));
        return ways;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "restart: always | services.web.restart",
                "ports: ['80:80'] | services.web.ports",
                "container_name: victim | services.web.container_name",
                "labels: {traefik.http.routers.victim.rule: 'Host(`victim.test`)'} | services.web.labels.traefik.http.routers.victim.rule",
                "labels: {TRAEFIK.http.routers.victim.rule: x} | services.web.labels.TRAEFIK.http.routers.victim.rule",
                "labels: {'traefik.tcp.routers.p.rule': 'HostSNI(`*`)'} | services.web.labels.traefik.tcp.routers.p.rule",
                "labels: {'traefik.http.middlewares.p__x.forwardauth.address': 'http://evil'} | services.web.labels.traefik.http.middlewares",
                "logging: {driver: syslog, options: {syslog-address: 'udp://evil'}} | services.web.logging.driver",
            })
    @Tag("Y16")
    void whatTheBuiltInOverlayTakesAwayIsRefusedWhenAProjectReplacesIt(String key, String path) throws IOException {
        assertThat(refusal(Map.of(
                        "compose.yaml",
                        "services: {web: {image: web, expose: ['80'], " + key + "}}\n",
                        "src/main/compose/ephemeral.ftl",
                        "services: {}\n")))
                .contains(path);
    }

    @Test
    void limitsAndTheBanOfNewPrivilegesAreForced() throws IOException {
        assertThat(refusal(Map.of(
                        "compose.yaml",
                        "services: {web: {image: web, expose: ['80']}}\n",
                        "src/main/compose/ephemeral.ftl",
                        "services: {}\n")))
                .contains(
                        "services.web lacks services.*.security_opt[] = no-new-privileges:true",
                        "lacks services.*.mem_limit or ",
                        "lacks services.*.pids_limit or ",
                        "lacks services.*.cpus or ",
                        "lacks services.*.logging.options.max-size");
    }

    @Test
    void theOwnerLoosensAndTightensIt() {
        var text = SERVICE + "    cap_add:\n      - \"NET_ADMIN\"\n";
        assertThat(judge(text)).contains("services.web.cap_add[0]: rights over the server", ".policy");
        write(".policy", "# VPN tests\nallow services.*.cap_add[] = NET_ADMIN|NET_RAW\n");
        assertThat(judge(text)).isEmpty();
        assertThat(judge(text.replace("NET_ADMIN", "SYS_ADMIN"))).contains("services.web.cap_add[0]");
        write(".policy", "refuse services.*.image = x  # comes from nowhere\n");
        assertThat(judge(SERVICE)).contains("services.web.image: comes from nowhere");
        write(
                ".policy",
                "allow services.*.privileged = true\n[persistent]\nrefuse services.*.image  # for the others\n");
        assertThat(judge(SERVICE)).isEmpty();
        assertThat(judge(SERVICE, "lifetime=forever")).contains("for the others");
        write(".policy", "permit everything\n");
        assertThat(judge(SERVICE)).contains("begins with none of allow, refuse, require and total");
    }

    @Test
    void persistentEnvironmentsAreNotJudgedUnlessTheOwnerWantsIt() {
        var text = SERVICE + "    privileged: true\n";
        assertThat(judge(text, "lifetime=forever")).isEmpty();
        assertThat(judge(text, "lifetime=forever", "gated=yes"))
                .contains("services.web.privileged: is root on the server");
        write(".policy", "[persistent]\n");
        assertThat(judge(text, "lifetime=forever")).contains("services.web.privileged: is root on the server");
        write(".policy", "[persistent]\nallow services.*.privileged\n");
        assertThat(judge(text, "lifetime=forever", "gated=yes")).isEmpty();
        assertThat(judge(text)).contains("services.web.privileged: is root on the server");
    }

    /** As the templates write it; limits are those of its own compose file. */
    @Test
    void aPersistentEnvironmentRestartsAndLogsToJournaldBehindAGate() {
        var text = SERVICE.replace(
                        "driver: \"json-file\"\n      options:\n        max-size: \"10m\"", "driver: \"journald\"")
                + "    restart: \"unless-stopped\"\n";
        assertThat(text).contains("journald", "unless-stopped");
        assertThat(judge(text, "lifetime=forever", "gated=yes")).isEmpty();
        assertThat(judge(text)).contains("services.web.restart", "services.web.logging.driver");
    }

    @Test
    void aRefusedDeployLeavesNoTrace() {
        var answer = run(
                "deploy",
                words("p", SERVICE + "    privileged: true\n", "judged=yes"),
                bundle(SERVICE + "    privileged: true\n"));
        assertThat(answer).contains("\"word\":\"POLICY\"", "services.web.privileged: is root on the server");
        assertThat(home.resolve(".yourlabs.compose/p")).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/.staging")).isEmptyDirectory();
        assertThat(run("deploy", words("p", SERVICE, "judged=yes"), bundle(SERVICE)))
                .contains("\"word\":\"OK\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "services: {web: {image: x}}",
                "---",
                "%YAML 1.2",
                "# comment",
                "\"a\": &x \"b\"",
                "\"a\": *x",
                "\"a\": !!str \"b\"",
                "\"a\": 'b'",
                "\"a\": b",
                "\"a\": |",
                "\"a\": \"b",
                "\"a\": \"b\\x70\"",
                "\"pri\\u0076ileged\": true",
                "\"a\": \"\\u0062\"",
                "? a",
                "y: 1",
                "\"a\":\t\"b\"",
                "\"a\": \"b\" # c",
                "\"a\": \"b\" ",
                "\"a\": [\"b\"]",
                "\"a\": {b: c}",
                "- \"a\"",
                " \"a\": 1",
                "   a: 1",
                "\"a\": \"x\ry: z\"",
                "\"a\": \"x\u0085y\"",
                "\"a\": \"x\u2028y\"",
                "\uFEFFa: 1",
                "\"a\": \"b\"\n\"a\": \"c\"",
                "a:",
                "a:\n- 1",
                "a:\n    b: 1",
                "a:\n  - - 1",
                "a:\n  b: 1\n  - 2",
            })
    @Tag("Y6")
    @Tag("Y8")
    void aFileThatIsNotWrittenAsThisToolWritesThemIsRefused(String line) {
        assertThat(judge(SERVICE + line + "\n")).contains("is not as this tool writes it");
    }

    @Test
    void aVariableOfTheServerIsNotFilledIn() {
        assertThat(judge(SERVICE + "    hostname: \"${HOME}\"\n"))
                .contains("services.web.hostname: a variable of the server");
        assertThat(judge(SERVICE + "    hostname: \"$$${HOME}\"\n"))
                .contains("services.web.hostname: a variable of the server");
        assertThat(judge(SERVICE + "    hostname: \"$${HOME}\"\n")).isEmpty();
    }

    @Test
    void aVariableThatComposeWouldTakeFromTheServersLoginIsRefused() throws IOException {
        var environment = SERVICE + "    environment:\n";
        assertThat(judge(environment + "      \"SECRET\": null\n"))
                .contains("services.web.environment.SECRET: a variable of the server");
        assertThat(judge(environment + "      - \"SECRET\"\n"))
                .contains("services.web.environment[0]: a variable of the server");
        assertThat(judge(environment + "      \"A\": \"null\"\n      \"B\": \"\"\n"))
                .isEmpty();
        assertThat(judge(environment + "      - \"A=b\"\n")).isEmpty();
        assertThat(judge(stack("services: {web: {image: web, expose: ['80'], environment: {UNSET: , B: ''}}}\n")))
                .isEmpty();
    }

    @Test
    void onAnAddressThatNeighboursShareNobodyChoosesANameOfTheirOwn() throws IOException {
        Files.writeString(stub.resolve("hook"), "case \"$*\" in 'network inspect '*) echo 'web '; exit ;; esac\n");
        for (var key : List.of("hostname", "domainname")) {
            var text = SERVICE + "    " + key + ": \"shop\"\n";
            assertThat(judge(text)).isEmpty();
            assertThat(judge(text, "proxy=web"))
                    .contains("services.web." + key + ": would be a name on the network web", "leave it out");
        }
    }

    @Test
    @Tag("L4")
    void manyNetworksVolumesAndServicesAreRefusedAndTheOwnerSetsHowMany() {
        var services = new StringBuilder("services:\n");
        for (int i = 0; i < 33; i++) {
            services.append(SERVICE.replace("services:\n", "")
                    .replace("web:", "s" + i + ":")
                    .replace("1073741824", "104857600"));
        }
        var networks = new StringBuilder("networks:\n");
        var volumes = new StringBuilder("volumes:\n");
        for (int i = 0; i < 40; i++) {
            networks.append("  n").append(i).append(": {}\n");
            volumes.append("  v").append(i).append(": {}\n");
        }
        var text = services.toString() + networks + volumes;
        assertThat(judge(text)).contains("for 33 containers", "for 41 networks", "for 40 volumes", "for 33 processors");
        write(".limits", "stack_containers=0\nstack_networks=41\nstack_volumes=040\nstack_cpus=33\nstack_pids=20000\n");
        assertThat(judge(text)).isEmpty();
        write(".limits", "stack_memory_mib=50\n");
        assertThat(judge(SERVICE)).contains("asks for 1g of memory", "at most 50m is allowed");
    }

    @Test
    void aPatternOfTheOwnersDoesNotLeadOutOfItsDirectory() {
        write(".policy", """
                [persistent]
                allow services.*.volumes[].type = bind
                allow services.*.volumes[].source = /srv/shop|/srv/data/*
                """);
        for (var source : List.of("/srv/shop", "/srv/data/x", "/srv/data/a..b")) {
            assertThat(judge(mounting(source), "lifetime=forever")).as(source).isEmpty();
        }
        for (var source : List.of(
                "/srv/data/../../etc", "/srv/data/..", "/", "/etc", "/srv/shop/x", "../x", ".", "~/x", "a/../b")) {
            assertThat(judge(mounting(source), "lifetime=forever"))
                    .as(source)
                    .contains("services.web.volumes[0].source: a path of the server");
        }
        assertThat(judge(mounting("/srv/shop"))).contains("services.web.volumes[0].type");
    }

    @Test
    void aBindMountIsOfAFileThatTheDeploymentBringsOrRefused() {
        var own = SERVICE + """
                    volumes:
                      - source: "%s"
                        type: "%s"
                        target: "/x"
                """;
        var file = "./files/file-a-0123456789abcdef/content";
        assertThat(judge(own.formatted(file, "bind"))).isEmpty();
        for (var source : List.of(
                "./files/file-a-0123456789abcdef",
                "./files/file-a-0123456789abcdef/filled",
                "./files/file-a-0123456789abcdef/content/x",
                "./files/../manifest.json/content",
                "./files/a/../../../content",
                "files/file-a-0123456789abcdef/content",
                "./manifest.json",
                "docker-compose.yml",
                "data",
                "/etc")) {
            assertThat(judge(own.formatted(source, "bind"))).as(source).contains("services.web.volumes[0].");
        }
        assertThat(judge(own.formatted(file, "npipe"))).contains("services.web.volumes[0].type");
        // A file of one mount lends its right to no other, and a type is judged by what stands before it.
        assertThat(judge(own.formatted(file, "bind") + """
                      - type: "bind"
                        source: "data"
                        target: "/y"
                """))
                .contains("services.web.volumes[1].type: a path of the server");
        assertThat(judge(mounting(file))).contains("services.web.volumes[0].type: a path of the server");
    }

    private static String mounting(String source) {
        return SERVICE + """
                    volumes:
                      - type: "bind"
                        source: "%s"
                        target: "/x"
                """.formatted(source);
    }

    @Test
    void volumesAndNetworksThatOthersMadeAreNotUsedForTheirNames() throws IOException {
        var text = SERVICE + """
                volumes:
                  prod_data: {}
                  "B":
                    labels:
                      a: "b"
                networks:
                  back: {}
                """;
        for (var there : List.of(
                "volume p_prod_data p_prod|the volume p_prod_data belongs to the project p_prod",
                "volume p_B |the volume p_B belongs to somebody else",
                "network p_back q|the network p_back belongs to the project q",
                "network p_default |the network p_default belongs to somebody else")) {
            there(there.substring(0, there.indexOf('|')));
            assertThat(run("deploy", words("p", text, "judged=yes"), bundle(text)))
                    .as(there)
                    .contains("\"word\":\"DATA\"", there.substring(there.indexOf('|') + 1));
            assertThat(home.resolve(".yourlabs.compose/p")).doesNotExist();
        }
        // What lives for ever may want exactly that, and is not judged here.
        assertThat(run("deploy", words("p", text, "judged=yes", "lifetime=forever"), bundle(text)))
                .contains("\"word\":\"OK\"");
        for (var others : List.of("volume p_prod_data p", "volume p_other q", "network p_a_back q", "volume xp_B q")) {
            there(others);
            var changed = text.replace("image: \"x\"", "image: \"" + others.replace(' ', '-') + "\"");
            assertThat(run("deploy", words("p", changed, "judged=yes", "force=yes"), bundle(changed)))
                    .as(others)
                    .contains("\"word\":\"OK\"");
        }
    }

    @Test
    void anImageHasNoLabelThatTheOwnerRefuses() throws IOException {
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'inspect --format container '*)
                  rm -f "$STUB/made"
                  ! grep -q '"y"' "$HOME/.yourlabs.compose/p/docker-compose.yml" ||
                    printf '%s\\n' 'label "maintainer" "C:\\\\users\\\\u00e9 \"é\" $HOME"' 'label "ofelia.job-exec.x.command" "rm"' >"$STUB/made"
                  ;;
                esac
                """);
        assertThat(run("deploy", words("p", SERVICE, "judged=yes"), bundle(SERVICE)))
                .contains("\"word\":\"OK\"");
        write(".policy", "refuse services.*.labels.\"ofelia.*\"  # would run commands\n");
        var changed = SERVICE.replace("image: \"x\"", "image: \"y\"");
        assertThat(run("deploy", words("p", changed, "judged=yes"), bundle(changed)))
                .contains("\"word\":\"POLICY\"", "with what the images bring")
                .contains("labels.ofelia.job-exec.x.command: would run commands", "the previous version is up again");
        assertThat(read("p/docker-compose.yml")).isEqualTo(SERVICE);
        write(".policy", "refuse services.*.labels.\"other.*\"\n");
        assertThat(run("deploy", words("p", changed, "judged=yes"), bundle(changed)))
                .contains("\"word\":\"OK\"");
    }

    @Test
    void labelsInAListAreNone() {
        var rule = "      - \"traefik.http.routers.evil.rule=Host(`admin.example.com`)\"\n";
        assertThat(judge(SERVICE + "    labels:\n" + rule)).contains("services.web.labels[0]: is not among the keys");
        assertThat(judge(SERVICE + "    networks:\n      - \"default\"\n"))
                .contains("services.web.networks[0]: is not among the keys");
        assertThat(judge(SERVICE + "volumes:\n  a:\n    labels:\n      - \"com.docker.compose.project=q\"\n"))
                .contains("volumes.a.labels[0]: is not among the keys");
    }

    @Test
    void volumesBelowAQuotedKeyAreLookedAtToo() throws IOException {
        var text = SERVICE + "\"volumes\":\n  prod_data: {}\n";
        there("volume p_prod_data p_prod");
        assertThat(run("deploy", words("p", text, "judged=yes"), bundle(text)))
                .contains("the volume p_prod_data belongs to the project p_prod");
    }

    @Test
    void whatIsPinnedIsJudgedAsTheReviewThatItIs() throws IOException {
        assertThat(run("deploy", words("p", SERVICE, "judged=yes"), bundle(SERVICE)))
                .contains("\"word\":\"OK\"");
        run("pin", List.of("project=p"), "");
        Files.writeString(stub.resolve("made"), "label \"watchtower.enable\" \"true\"\n");
        write(".policy", "refuse services.*.labels.\"watchtower.enable\" = true  # pulls images\n");
        var changed = SERVICE.replace("image: \"x\"", "image: \"y\"");
        assertThat(run("deploy", words("p", changed, "judged=yes"), bundle(changed)))
                .contains("\"word\":\"POLICY\"", "labels.watchtower.enable");
    }

    private void there(String what) throws IOException {
        var kind = what.substring(0, what.indexOf(' '));
        Files.writeString(
                stub.resolve("hook"),
                "case \"$*\" in '" + kind + " ls --format '*) echo '" + what + "'; exit ;; esac\n");
    }

    @Test
    void theLastLineIsJudgedAlsoWithoutItsEnd() {
        assertThat(judge(SERVICE + "    privileged: true")).contains("services.web.privileged");
    }

    /** Whatever passes is read by a YAML reader as the same: else something could hide. */
    @Test
    void nothingPassesThatAnotherReaderWouldReadDifferently() {
        var seed = Ring.seed();
        var random = new Random(seed);
        var withStrings = SERVICE + "    environment:\n";
        for (int i = 0; i < 12; i++) {
            withStrings +=
                    "      \"NAME" + i + "\": \"a - b: c # d \\\\ \\\" {e} [f] & *g ! | > %h @i `j` ~ $$k 'l' m\"\n";
        }
        var passed = 0;
        for (int i = 0; i < 60; i++) {
            var text = mutated(withStrings, random);
            if (!judge(text).isEmpty()) {
                continue;
            }
            passed++;
            var read = new Load(LoadSettings.builder().build()).loadFromString(text);
            // The end of the last line is the only thing that may be missing.
            assertThat(written(read, "")).as("seed " + seed).isEqualTo(text.endsWith("\n") ? text : text + "\n");
        }
        assertThat(passed).isPositive();
    }

    /** The one way to write what was read. */
    private static String written(Object value, String indent) {
        var out = new StringBuilder();
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((key, below) -> {
                var name = key.toString().matches("[a-z][a-z0-9_-]*") ? key : quoted(key.toString());
                out.append(indent).append(name).append(':').append(below(below, indent + "  "));
            });
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            list.forEach(item -> out.append(indent).append('-').append(below(item, indent + "  ")));
        }
        return out.toString();
    }

    private static String below(Object value, String indent) {
        var text = written(value, indent);
        if (!text.isEmpty()) {
            return "\n" + text;
        }
        return " " + (value instanceof String string ? quoted(string) : value) + "\n";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String mutated(String text, Random random) {
        var out = new StringBuilder(text);
        for (int n = random.nextInt(2); n >= 0; n--) {
            var at = random.nextInt(out.length());
            switch (random.nextInt(4)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, "\"\\ \n:-#{}[]&*!|>'%$y1".charAt(random.nextInt(20)));
                case 2 -> out.setCharAt(at, "\"\\ \n:-#{}[]&*!|>'%$y1".charAt(random.nextInt(20)));
                default -> {
                    var lines = new ArrayList<>(List.of(out.toString().split("\n")));
                    lines.add(random.nextInt(lines.size()), lines.get(random.nextInt(lines.size())));
                    out.setLength(0);
                    out.append(String.join("\n", lines)).append('\n');
                }
            }
        }
        return out.toString();
    }

    /** What Java refuses while it renders, or else what the server says. */
    private String refusal(Map<String, String> files) throws IOException {
        var directory = Files.createTempDirectory(home, "project");
        for (var file : files.entrySet()) {
            var path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        try {
            return judge(
                    render(directory, files.containsKey("src/main/compose/evil.ftl") ? List.of("evil") : List.of()));
        } catch (ComposeException e) {
            assertThat(e.word()).isIn(Outcome.DATA, Outcome.POLICY);
            return String.valueOf(e.getMessage());
        }
    }

    private Stack stack(String compose) throws IOException {
        var directory = Files.createTempDirectory(home, "project");
        Files.writeString(directory.resolve("compose.yaml"), compose);
        return render(directory, List.of());
    }

    private static Stack render(Path directory, List<String> overlays) {
        var files = new ArrayList<>(List.of(directory.resolve("compose.yaml")));
        if (Files.exists(directory.resolve("compose.override.yaml"))) {
            files.add(directory.resolve("compose.override.yaml"));
        }
        return Stack.in(directory)
                .files(files)
                .environment(Environment.of("acme/shop", "feature/cart"))
                .domain("review.test")
                .profiles(Set.of("evil"))
                .templates(List.of(directory.resolve("src/main/compose")))
                .overlays(overlays)
                .render();
    }

    private String judge(Stack stack) {
        var hosts = new ArrayList<String>();
        stack.endpoints().forEach(endpoint -> hosts.add(endpoint.address().host()));
        return refused(
                List.of(
                        "project=" + stack.project(),
                        "hosts=" + String.join(",", hosts),
                        "lifetime=604800",
                        "judged=yes"),
                stack.text());
    }

    private String judge(String text, String... more) {
        var words = new ArrayList<>(List.of("project=p", "hosts=p.test", "lifetime=604800", "judged=yes"));
        words.addAll(List.of(more));
        return refused(words, text);
    }

    private String refused(List<String> words, String text) {
        var answer = run("show", words, text);
        assertThat(answer).contains("\"word\":\"OK\"");
        return answer.lines()
                .filter(line -> line.startsWith("@n refused "))
                .map(line -> Reply.parse(line.substring("@n refused ".length())).message())
                .findFirst()
                .orElse("");
    }
}
