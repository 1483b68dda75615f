package io.github.xdevops.compose.it;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.doctor.Doctor;
import io.github.xdevops.compose.doctor.DoctorOptions;
import io.github.xdevops.compose.doctor.Finding;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioned;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.provision.Role;
import io.github.xdevops.compose.provision.Step;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bare server, set up by {@code compose:provision}. The first run is killed at one step, and the next one finishes it; what
 * follows sees the same server.
 */
@Tag("provision")
class ProvisionIT {
    @TempDir
    static Path directory;

    private static BareServer server;
    private static Maven maven;
    private static Maven.Outcome provisioned;

    @BeforeAll
    static void provision() throws Exception {
        maven = new Maven(directory, TestServer.required());
        server = new BareServer("provision");
        BareImages.provideTraefik(server);
        var random = new Random(Ring.seed());
        new KilledProvision(server)
                .at(
                        KilledProvision.STEPS.get(random.nextInt(KilledProvision.STEPS.size())),
                        random.nextBoolean(),
                        random);
        provisioned = run("-Dcompose.role=ci", "-Dcompose.domain=bare.test", "-Dcompose.gate.key=" + key());
        Proof.claim("provision: 1 of 1 kills finished by the next run" + Ring.note());
    }

    @AfterAll
    static void remove() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void afterOneCommandTheServerIsReadyAndTheOwnerKnowsWhatIsLeft() {
        assertThat(provisioned.exit()).as(provisioned.out()).isZero();
        assertThat(provisioned.out())
                .contains(
                        "changed: ",
                        "COMPOSE_KNOWN_HOSTS",
                        server.ip() + " ssh-ed25519 ",
                        "the private key of " + key())
                .contains("-Dcompose.host=deploy@" + server.ip() + " -Dcompose.domain=bare.test")
                .contains("DNS: make a record for *.bare.test that points to " + server.ip());
    }

    @Test
    void theSecondCommandBringsTheFirstUrl() throws Exception {
        var deployed = deploy("first");
        assertThat(deployed.exit()).as(deployed.out()).isZero();
        assertThat(deployed.out()).doesNotContain("expired environments may stay");
        assertThat(get("first.bare.test")).contains("compose-it/httpd");
        assertThat(server.run("cat /home/deploy/.yourlabs.compose/.host/sweeper"))
                .startsWith("systemd-user ");
    }

    @Test
    void aPageListsWhatIsDeployedAndAnotherTellsWhatIsGone() throws Exception {
        assertThat(deploy("paged").exit()).isZero();
        assertThat(page("bare.test/"))
                .startsWith("200 ")
                .contains("<a href=\"http://paged.bare.test", "<bdi>feature/paged</bdi>", ">deployed<");
        try (var stacks = Stacks.on(server.connect("deploy"))) {
            stacks.down("paged", Progress.NONE);
        }
        assertThat(page("bare.test/")).doesNotContain("feature/paged");
        var gone = page("paged.bare.test/");
        for (int tries = 0; !gone.contains("is gone") && tries < 50; tries++) { // Traefik needs a moment
            TestServer.pause(100);
            gone = page("paged.bare.test/");
        }
        assertThat(gone).startsWith("404 ").contains("<bdi>feature/paged</bdi></b> was taken down on ");
        assertThat(page("never.bare.test/"))
                .startsWith("404 ")
                .contains("Nothing is here")
                .isEqualTo(page("10.0.0.1/x"));
        assertThat(page("never_bare/")).startsWith("400 ");
    }

    /** The status and body that Traefik answers for this host and path. */
    private static String page(String url) throws IOException {
        var host = url.substring(0, url.indexOf('/'));
        var curl = new ProcessBuilder(
                        "curl",
                        "-s",
                        "-H",
                        "Host: " + host,
                        "-w",
                        "%{stderr}%{http_code} ",
                        "http://" + server.ip() + url.substring(host.length()))
                .start();
        var status = new String(curl.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII);
        return status + new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Maven.Outcome deploy(String project) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: compose-it/httpd:1
                    ports: ["80"]
                """);
        return maven.run(
                "deploy",
                server.calledWith(
                        "-Dcompose.images=transfer",
                        "-Dcompose.urlCheck=none",
                        "-Dcompose.project=" + project,
                        "-Dcompose.branch=feature/" + project,
                        "-Dcompose.domain=bare.test"),
                Map.of());
    }

    @Test
    void aSecondRunNeedsNoParametersAndChangesNothing() {
        var again = provision(ProvisionOptions.REMEMBERED);
        assertThat(again.steps()).extracting(Step::state).containsOnly(Step.State.OK);
        assertThat(again.changed()).isZero();
        assertThat(again.role()).isEqualTo(Role.CI);
        assertThat(again.domain()).isEqualTo("bare.test");
    }

    @Test
    void theDoctorFindsNothingButWhatIsBrokenAndItsCuresCure() {
        assertThat(found()).isEmpty();
        server.run("systemctl disable docker docker.socket; gpasswd -d deploy docker; docker stop xdevops-traefik");
        try {
            assertThat(found()).extracting(Finding::check).containsExactly("docker");
            cure(found());
            assertThat(found()).extracting(Finding::check).containsExactly("boot", "traefik");
            cure(found());
            assertThat(found()).isEmpty();
        } finally {
            server.run("systemctl enable docker; usermod -aG docker deploy");
            provision(ProvisionOptions.REMEMBERED);
        }
    }

    /** Those that are not about how Debian and the machine under the test are. */
    private static List<Finding> found() {
        try (var host = server.connect("deploy")) {
            return Doctor.examine(host, new DoctorOptions(Stacks.STATE_DIRECTORY, server.ip(), null, null))
                    .findings()
                    .stream()
                    .filter(finding -> finding.state() != Finding.State.OK)
                    .filter(finding -> !List.of("ssh.passwords", "swap").contains(finding.check()))
                    .toList();
        }
    }

    private static List<Finding> ofLan() {
        return found().stream().filter(finding -> finding.check().equals("lan")).toList();
    }

    private static void cure(List<Finding> findings) {
        for (var finding : findings) {
            if (finding.cure().startsWith("mvn compose:provision")) {
                provision(ProvisionOptions.REMEMBERED);
            } else {
                server.run(finding.cure());
            }
        }
    }

    @Test
    void aPortThatAContainerPublishesIsClosedFromOutside() throws IOException {
        server.run("docker run -d --name published -p 9000:80 traefik:v3.6.12 --entrypoints.web.address=:80");
        try {
            assertThat(
                            server.run(
                                    "timeout 5 bash -c \"until true </dev/tcp/127.0.0.1/9000; do sleep .1; done\" && echo open"))
                    .isEqualTo("open\n");
            assertThat(isOpen(9000)).isFalse();
            assertThat(isOpen(80)).isTrue();
            server.run("nft delete table inet xdevops");
            assertThat(isOpen(9000)).as("without the firewall").isTrue();
        } finally {
            server.run("nft -f /etc/xdevops/firewall.nft; docker rm -f published");
        }
    }

    @Test
    void aContainerOfAReviewServerReachesNoPrivateNetwork() throws IOException {
        var gateway = server.run("ip route").replaceFirst("(?s).*default via (\\S+).*", "$1");
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(gateway))) {
            server.run("docker network create lan && docker run -d --name inside --network lan traefik:v3.6.12");
            var ask = "nsenter -n -t $(docker inspect -f {{.State.Pid}} inside) timeout 3 bash -c \"exec 3<>/dev/tcp/"
                    + gateway + "/" + socket.getLocalPort() + "\"";
            assertThat(server.tryRun(ask).ok()).isFalse();
            server.run("nft delete table inet xdevops; systemctl stop xdevops-firewall");
            assertThat(server.tryRun(ask).ok()).as("without the firewall").isTrue();
            var open = ofLan();
            assertThat(open)
                    .singleElement()
                    .extracting(Finding::found)
                    .asString()
                    .contains("10.203.0.0/24");
            cure(open);
            assertThat(ofLan()).isEmpty();
            assertThat(server.tryRun(ask).ok()).isFalse();
        } finally {
            server.run("docker rm -f inside; docker network rm lan");
            provision(ProvisionOptions.REMEMBERED);
        }
    }

    @Test
    void theFirewallIsTakenBackWhenNoSecondConnectionConfirmsIt() {
        var forget =
                "systemctl disable --now xdevops-firewall; rm -f /run/xdevops.read/xdevops-firewall; nft list tables";
        try (var host = server.connect("root")) {
            assertThat(server.run(forget)).doesNotContain("xdevops");
            assertThatThrownBy(() -> Provisioning.on(host, () -> {
                                throw new HostException(Fault.NOHOST, "nothing answers");
                            })
                            .run(ProvisionOptions.REMEMBERED, step -> {}))
                    .isInstanceOfSatisfying(
                            ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.UNAVAIL))
                    .hasMessageContaining("taken back");
            assertThat(server.run("nft list tables")).doesNotContain("xdevops");

            // Nor when the client is gone: then the server's own timer does it, after two minutes at most.
            assertThatThrownBy(() -> Provisioning.on(host, () -> {
                                throw new IllegalStateException("killed");
                            })
                            .run(ProvisionOptions.REMEMBERED, step -> {}))
                    .hasMessage("killed");
            assertThat(server.run("nft list tables")).contains("xdevops");
            assertThat(server.run("systemctl is-enabled xdevops-firewall || :")).contains("disabled");
            assertThat(server.run("systemctl show -p TimersMonotonic --value xdevops-firewall-undo.timer"))
                    .contains("OnActiveUSec=2min");
            server.run("systemctl start xdevops-firewall-undo.service");
            assertThat(server.run("nft list tables")).doesNotContain("xdevops");
        } finally {
            provision(ProvisionOptions.REMEMBERED);
        }
        assertThat(server.run("nft list tables")).contains("xdevops");
    }

    @Test
    void traefikMayReadWhatItRoutesAndNothingElse() throws Exception {
        assertThat(docker("GET", "/v1.41/containers/json")).isEqualTo(200);
        assertThat(docker("GET", "/version")).isEqualTo(200);
        assertThat(docker("GET", "/containers/xdevops-traefik/json")).isEqualTo(200);
        for (var refused : List.of(
                "POST /containers/create",
                "POST /containers/xdevops-traefik/exec",
                "GET /containers/xdevops-traefik/archive?path=/etc",
                "GET /containers/xdevops-traefik/logs?stdout=1",
                "GET /images/json",
                "GET /secrets",
                "POST /containers/json",
                "GET /containers/json/../../images/json",
                "DELETE /containers/xdevops-traefik")) {
            assertThat(docker(refused.split(" ")[0], refused.split(" ")[1]))
                    .as(refused)
                    .isEqualTo(403);
        }
        assertThat(server.run("docker inspect xdevops-traefik --format \"{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}}"
                        + " {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Binds}}\""))
                .matches("(?s)\\[ALL] \\[(CAP_)?NET_BIND_SERVICE] true .*")
                .doesNotContain("/run/docker.sock", "/var/run/docker.sock");
    }

    @Test
    void thePipelinesKeyDeploysAndOpensNoShell() throws Exception {
        var shell = new ProcessBuilder(
                        "ssh",
                        "-i",
                        directory.resolve("pipeline").toString(),
                        "-o",
                        "UserKnownHostsFile=" + server.knownHosts(),
                        "-o",
                        "BatchMode=yes",
                        "deploy@" + server.ip(),
                        "id")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("this SSH key is behind a gate");
        var listed = maven.run(
                "list",
                List.of(
                        "-Dcompose.host=deploy@" + server.ip(),
                        "-Dcompose.privateKey=" + directory.resolve("pipeline"),
                        "-Dcompose.knownHosts=" + server.knownHosts()),
                Map.of());
        assertThat(listed.exit()).as(listed.out()).isZero();
    }

    /** A sample; the gate is the same as on any server, see {@link GateIT} and {@link RoutingAttacksIT}. */
    @Test
    void aHostileBranchGetsNothingThroughThePipelinesKey() throws Exception {
        Files.writeString(directory.resolve("hostile.yaml"), """
                services:
                  web: {image: compose-it/httpd:1, ports: ["80"]}
                  a: {image: compose-it/httpd:1, privileged: true}
                  b: {image: compose-it/httpd:1, network_mode: host}
                  c: {image: compose-it/httpd:1, pid: host}
                  d: {image: compose-it/httpd:1, cap_add: [SYS_ADMIN]}
                  e: {image: compose-it/httpd:1, devices: ["/dev/vda"]}
                  f:
                    image: compose-it/httpd:1
                    labels: {traefik.http.routers.f.rule: "Host(`first.bare.test`)"}
                """);
        var deployed = maven.run(
                "deploy",
                List.of(
                        "-Dcompose.host=deploy@" + server.ip(),
                        "-Dcompose.privateKey=" + directory.resolve("pipeline"),
                        "-Dcompose.knownHosts=" + server.knownHosts(),
                        "-Dcompose.files=hostile.yaml",
                        "-Dcompose.urlCheck=none",
                        "-Dcompose.project=hostile",
                        "-Dcompose.branch=hostile",
                        "-Dcompose.domain=bare.test"),
                Map.of());
        assertThat(deployed.exit()).isNotZero();
        assertThat(deployed.out())
                .contains("POLICY", "services.a.privileged", "services.b.network_mode", "services.c.pid")
                .contains("services.d.cap_add", "services.e.devices", "services.f.labels");
        assertThat(server.run("docker ps -aq --filter label=com.docker.compose.project=hostile"))
                .isEmpty();
    }

    @Test
    void aLoginNeedsToBeRootOrToUseSudoWithoutAPassword() {
        try (var host = server.connect("deploy")) {
            var provisioning = Provisioning.on(host, () -> server.connect("deploy"));
            assertThatThrownBy(() -> provisioning.run(ProvisionOptions.REMEMBERED, step -> {}))
                    .isInstanceOfSatisfying(
                            ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.NOPERM))
                    .hasMessageContaining("deploy is neither root nor may use sudo without a password");
            server.run("DEBIAN_FRONTEND=noninteractive apt-get -qq -y install sudo >/dev/null 2>&1 &&"
                    + " echo \"deploy ALL=(ALL) NOPASSWD: ALL\" >/etc/sudoers.d/deploy");
            assertThat(provisioning.run(ProvisionOptions.REMEMBERED, step -> {}).changed())
                    .isZero();
        } finally {
            server.run("rm -f /etc/sudoers.d/deploy");
        }
    }

    @Test
    void aProductionServerDiffersByTheseFilesOnlyAndTheWayBackLeavesNone() throws Exception {
        assertThat(isOpen(443)).isFalse();
        var review = tree();
        try {
            var production = provision(ProvisionOptions.builder()
                    .role(Role.PRODUCTION)
                    .email("ops@example.com")
                    .build());
            assertThat(production.steps())
                    .filteredOn(step -> step.state() == Step.State.CHANGED)
                    .extracting(Step::name)
                    .containsExactly("traefik", "pages", "backup", "firewall", "record");
            assertThat(production.domain()).isEqualTo("bare.test");
            assertThat(differing(review, tree()))
                    .containsExactly(
                            "/etc/systemd/system/xdevops-backup-files.service",
                            "/etc/systemd/system/xdevops-backup-nightly.service",
                            "/etc/systemd/system/xdevops-backup-nightly.timer",
                            "/etc/systemd/system/xdevops-backup-recover.service",
                            "/etc/systemd/system/xdevops-backup-watch.service",
                            "/etc/systemd/system/xdevops-backup-watch.timer",
                            "/etc/systemd/system/xdevops-backup.path",
                            "/etc/systemd/system/xdevops-backup.service",
                            "/etc/systemd/system/xdevops-backup@.service",
                            "/etc/systemd/system/xdevops-pages@.service",
                            "/etc/tmpfiles.d/xdevops-backup.conf",
                            "/etc/xdevops/firewall.nft",
                            "/etc/xdevops/traefik/compose.yaml",
                            "/etc/xdevops/traefik/dynamic/xdevops-pages.yml",
                            "/etc/xdevops/traefik/traefik.yml",
                            "/home/deploy/.yourlabs.compose/.host/provisioned",
                            "/home/deploy/.yourlabs.compose/.limits",
                            "/usr/local/sbin/xdevops-backup");
            assertThat(server.status("https://" + server.ip() + "/")).isEqualTo(404);
            assertThat(provision(ProvisionOptions.REMEMBERED).changed()).isZero();
        } finally {
            provision(ProvisionOptions.builder().role(Role.CI).build());
        }
        assertThat(isOpen(443)).isFalse();
        assertThat(differing(review, tree())).isEmpty();
    }

    /** Each file that is there to stay, with its mode, its owner and a hash of what is in it; a record has its time. */
    private static Set<String> tree() {
        var files = "find /etc /home /usr/local /var/lib/xdevops -xdev -type f -not -path \"*/.yourlabs.compose/[!.]*\""
                + " -not -name swept -not -name list.html -not -name .housekeeping -not -name .clock -not -name acme.json -exec sh -c \"$1\" sh {} +";
        return server.run(files, "for f; do echo \"$(stat -c '%n %a %U' $f) $(grep -v ^when= $f | sha256sum)\"; done")
                .lines()
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> differing(Set<String> one, Set<String> other) {
        var names = new TreeSet<String>();
        Stream.of(one, other)
                .flatMap(Set::stream)
                .filter(line -> !(one.contains(line) && other.contains(line)))
                .forEach(line -> names.add(line.replaceFirst(" .*", "")));
        return names;
    }

    @Test
    void theServerHasANameRoomForSearchEnginesAndLogsThatEnd() {
        assertThat(server.run("cat /proc/sys/vm/max_map_count")).isEqualTo("1048576\n");
        server.run(
                "install -d -o deploy /home/shop/log && seq 9999 >/home/shop/log/app.log && cat /home/shop/log/app.log >/home/kept");
        try {
            server.run("logrotate -s /run/rotated -f /etc/logrotate.d/xdevops-homes");
            assertThat(server.run("wc -c </home/shop/log/app.log; cmp /home/kept /home/shop/log/app.log.1"))
                    .isEqualTo("0\n");
        } finally {
            server.run("rm -r /home/shop /home/kept");
        }
        var reached = ProvisionOptions.builder().reachedAs("ci.bare.test").build();
        assertThat(provision(reached).steps())
                .filteredOn(step -> step.state() == Step.State.CHANGED)
                .flatExtracting(Step::changes)
                .containsExactly("call the server ci.bare.test");
        assertThat(server.run("hostname; hostname -f; cat /etc/hostname")).isEqualTo("ci\nci.bare.test\nci\n");
        // From now on it has a name, and keeps it.
        var other = ProvisionOptions.builder().reachedAs("www.bare.test").build();
        assertThat(provision(other).changed()).isZero();
    }

    @Test
    void aTraefikThatRunsAlreadyStays() {
        var dry = ProvisionOptions.builder().dryRun(true).build();
        server.run(
                "docker stop xdevops-traefik && docker network create web && docker run -d --name proxy -p 80:80 --network web"
                        + " traefik:v3.6.12 --entrypoints.web.address=:80");
        try {
            assertThat(provision(dry).steps().get(0).notes())
                    .singleElement()
                    .asString()
                    .contains("in the container proxy on the network web: it stays", "compose.proxyNetwork=web");
            server.run("docker network disconnect web proxy; docker rm -f proxy; docker run -d --name proxy -p 80:80"
                    + " traefik:v3.6.12 --entrypoints.web.address=:80");
            assertThatThrownBy(() -> provision(dry))
                    .hasMessageContaining("a Traefik of your own has the port (proxy)")
                    .hasMessageContaining("compose.force=true");
            var forced = provision(
                    ProvisionOptions.builder().force(true).dryRun(true).build());
            assertThat(forced.steps().get(0).notes()).singleElement().asString().contains("stays as it is");
            assertThat(server.run("docker inspect proxy --format \"{{.State.Running}}\""))
                    .isEqualTo("true\n");
        } finally {
            server.run("docker rm -f proxy; docker network rm web; docker start xdevops-traefik");
            provision(ProvisionOptions.REMEMBERED);
        }
    }

    @Test
    void theOwnersDaemonJsonKeepsEachOfItsKeys() {
        var merged =
                "jq -c \"[.[\\\"default-address-pools\\\"][0].size, .mtu, .[\\\"live-restore\\\"], .[\\\"log-opts\\\"]]\" /etc/docker/daemon.json";
        assertThat(server.run(merged)).isEqualTo("[26,null,true,{\"max-size\":\"10m\",\"max-file\":\"3\"}]\n");
        try {
            server.run(
                    "echo \"{\\\"mtu\\\": 1400, \\\"live-restore\\\": false, \\\"log-driver\\\": \\\"journald\\\"}\" >/etc/docker/daemon.json");
            var again = provision(ProvisionOptions.REMEMBERED);
            assertThat(server.run(merged)).isEqualTo("[26,1400,false,null]\n");
            // Traefik's container runs, so Docker is not restarted under it.
            assertThat(again.steps()).flatExtracting(Step::notes).anyMatch(note -> note.contains("compose.force=true"));
            assertThat(provision(ProvisionOptions.REMEMBERED).changed()).isZero();

            server.run("echo \"{\" >/etc/docker/daemon.json");
            assertThatThrownBy(() -> provision(ProvisionOptions.REMEMBERED))
                    .hasMessageContaining("/etc/docker/daemon.json is not a JSON object");
            assertThat(server.run("cat /etc/docker/daemon.json")).isEqualTo("{\n");
        } finally {
            server.run("rm /etc/docker/daemon.json");
            provision(ProvisionOptions.builder().force(true).build());
        }
        assertThat(server.run(merged)).isEqualTo("[26,null,true,{\"max-size\":\"10m\",\"max-file\":\"3\"}]\n");
    }

    private static Maven.Outcome run(String... options) {
        var all = new ArrayList<>(List.of(
                "-Dcompose.host=" + server.address(),
                "-Dcompose.privateKey=" + server.key(),
                "-Dcompose.knownHosts=" + server.knownHosts()));
        all.addAll(List.of(options));
        return maven.run("provision", all, Map.of());
    }

    private static Provisioned provision(ProvisionOptions options) {
        try (var host = server.connect("root")) {
            return Provisioning.on(host, () -> server.connect("root")).run(options, step -> {});
        }
    }

    private static Path key() {
        var key = directory.resolve("pipeline");
        if (!Files.exists(key)) {
            try {
                new ProcessBuilder(
                                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "pipeline", "-f", key.toString())
                        .start()
                        .onExit()
                        .join();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return directory.resolve("pipeline.pub");
    }

    private static String get(String host) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://" + server.ip() + "/"))
                .header("Host", host)
                .build();
        for (int tries = 0; ; tries++) {
            var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200 || tries == 50) {
                return answer.body();
            }
            TestServer.pause(100);
        }
    }

    private static boolean isOpen(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(server.ip(), port), 1500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks through the socket that Traefik has, as it would. */
    private static int docker(String method, String path) throws Exception {
        var curl = new ProcessBuilder(
                        "curl",
                        "-s",
                        "-o",
                        "/dev/null",
                        "--path-as-is",
                        "-w",
                        "%{http_code}",
                        "--unix-socket",
                        "/proc/" + server.init() + "/root/run/xdevops/docker.sock",
                        "-X",
                        method,
                        "http://docker" + path)
                .start();
        return Integer.parseInt(new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    }
}
