package io.github.xdevops.compose.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.doctor.Finding.State;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.server.ScriptText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A healthy server has no findings, and each fault has its own. */
@EveryShell({"dash", "bash"}) // busybox runs its own date and df, whatever the path says
class DoctorTest {
    private static final Instant NOW = Instant.ofEpochSecond(Long.parseLong(ExaminedServer.NOW));
    private static final InetAddress SERVER = address(203, 0, 113, 7);

    @Parameter
    String shell;

    @TempDir
    Path directory;

    private final SeenNetwork network = new SeenNetwork();
    private ExaminedServer server;

    record Fault(String name, Consumer<DoctorTest> injection, String check, State state) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Fault problem(String name, String check, Consumer<DoctorTest> injection) {
        return new Fault(name, injection, check, State.PROBLEM);
    }

    private static Fault advice(String name, String check, Consumer<DoctorTest> injection) {
        return new Fault(name, injection, check, State.ADVICE);
    }

    static List<Fault> faults() {
        return List.of(
                problem("no flock", "tools", test -> test.server.remove("bin/flock")),
                problem("no timeout", "tools", test -> test.server.remove("bin/timeout")),
                problem("no gzip", "tools", test -> test.server.remove("bin/gzip")),
                problem("no docker", "docker", test -> test.server.remove("bin/docker")),
                problem("no right to use docker", "docker", test -> test.dockerFails("Got permission denied while …")),
                problem("daemon down", "docker", test -> test.dockerFails("Cannot connect to the Docker daemon")),
                problem("podman", "docker", test -> test.server.write("version", "Emulate Docker CLI using podman\n")),
                problem("old engine", "docker", test -> test.server.write("version", "19.03.15\n")),
                problem("no compose", "compose", test -> test.server.write("compose", "")),
                problem("old compose", "compose", test -> test.server.write("compose", "v2.20.2\n")),
                advice("docker not at boot", "boot", test -> test.server.write("enabled", "disabled\ndisabled\n")),
                problem(
                        "live-restore in a swarm",
                        "live-restore",
                        test -> test.server.write(
                                "info", "root /\nlive-restore true\nswarm active\npools \nsecurity \n")),
                problem("no networks left", "networks", test -> {
                    test.server.replace("info", "10.100.0.0/16/24", "10.9.0.0/24/24");
                    test.server.write("root/proc/net/route", "br-1 0000090A 00000000 0001 0 0 0 00FFFFFF\n");
                }),
                advice("few networks left", "networks", test -> test.server.replace("info", "/16/24", "/22/24")),
                advice(
                        "containers without a record",
                        "leftovers",
                        test -> test.withContainer("ours gone-app " + test.server.state() + "/gone-app")),
                problem(
                        "no traefik",
                        "traefik",
                        test -> test.server.write(
                                "containers", "status Up 1 hour\nimage abc nginx \"nginx\"\nports web \n")),
                problem("traefik 2", "traefik", test -> test.server.replace("traefik", "v3.6.12", "v2.11.0")),
                problem("engine 29 with an old traefik", "traefik", test -> {
                    test.server.write("version", "29.0.1\n");
                    test.server.replace("traefik", "v3.6.12", "v3.5.3");
                }),
                problem(
                        "traefik on a bridge",
                        "traefik.network",
                        test -> test.server.replace("traefik", "mode host\nnetwork host", "mode web\nnetwork web")),
                advice(
                        "exposed by default",
                        "traefik.exposedByDefault",
                        test -> test.server.replace(
                                "etc/traefik.yml",
                                "exposedByDefault: false",
                                "endpoint: unix:///run/xdevops/docker.sock")),
                problem(
                        "a constraint of the owner",
                        "traefik.constraints",
                        test -> test.server.replace(
                                "etc/traefik.yml", "io.github.xdevops.compose.managed", "com.example.public")),
                advice(
                        "no constraint",
                        "traefik.constraints",
                        test -> test.server.replace(
                                "etc/traefik.yml",
                                "    constraints: Label(`io.github.xdevops.compose.managed`,`true`)\n",
                                "")),
                advice(
                        "long idle connections",
                        "traefik.idleConnTimeout",
                        test -> test.server.replace("etc/traefik.yml", "idleConnTimeout: 3s", "idleConnTimeout: 60s")),
                advice(
                        "docker's socket in traefik",
                        "traefik.socket",
                        test -> test.server.replace("traefik", "/run/xdevops/docker.sock", "/var/run/docker.sock")),
                problem("a silent read-only API", "docker.api", test -> test.server.write("api-get", "503")),
                advice("an API that is not read-only", "docker.api", test -> test.server.write("api-post", "404")),
                advice(
                        "open dashboard",
                        "traefik.api",
                        test -> test.server.replace(
                                "etc/traefik.yml", "providers:", "api: {insecure: true}\nproviders:")),
                advice(
                        "configuration that is no YAML",
                        "traefik.configuration",
                        test -> test.server.write("etc/traefik.yml", "a: [\n")),
                problem("full disk", "disk", test -> test.server.replace("df-Pk", "30000000 25%", "500000 99%")),
                advice("nearly full disk", "disk", test -> test.server.replace("df-Pk", "30000000 25%", "2000000 95%")),
                problem("no inodes", "inodes", test -> test.server.replace("df-Pi", "1900000 5%", "100 99%")),
                problem(
                        "no memory",
                        "memory",
                        test -> test.server.replace(
                                "root/proc/meminfo", "MemAvailable: 4000000", "MemAvailable: 100000")),
                advice(
                        "small machine without swap",
                        "swap",
                        test -> test.server.replace("root/proc/meminfo", "MemTotal: 8000000", "MemTotal: 2000000")),
                advice(
                        "production on one device",
                        "devices",
                        test -> test.server.write("state/.host/provisioned", "role=production\n")),
                advice("clock", "clock", test -> test.server.write("now", "1800000200\n")),
                advice("cloud metadata", "metadata", test -> test.server.program("bash", "exit 0")),
                advice("a private network", "lan", DoctorTest::withPrivateNetwork),
                advice(
                        "a private network behind a single address",
                        "lan",
                        test -> test.server.replace("root/proc/net/fib_trie", "203.0.113.7", "10.128.0.2")),
                advice("a private network that only one port is closed to", "lan", test -> {
                    test.withPrivateNetwork();
                    test.server.program(
                            "iptables", "echo '-A DOCKER-USER -d 10.0.0.0/8 -p tcp -m tcp --dport 25 -j DROP'");
                }),
                advice(
                        "passwords",
                        "ssh.passwords",
                        test -> test.server.write("root/etc/ssh/sshd_config", "Port 22\n")),
                advice(
                        "a state directory that others see",
                        "state",
                        test -> test.server.permissions("state", "rwxr-xr-x")),
                advice("sweeper late", "sweeper", test -> test.server.write("state/.host/swept", "1799990000\n")),
                advice("no sweeper", "sweeper", test -> test.server.write("state/.host/sweeper", "none stacks.sh\n")),
                advice("no pages", "pages", test -> test.server.write("root/proc/net/tcp", "")),
                advice("an old backup", "backup", test -> test.backup(1_799_900_000, 1_799_990_000, "")),
                advice("an old drill", "backup", test -> test.backup(1_799_990_000, 1_790_000_000, "")),
                advice("a failed backup", "backup", test -> test.backup(1_799_990_000, 0, "IOERR: no space left")),
                advice(
                        "no lingering",
                        "sweeper",
                        test -> test.server.write("state/.host/sweeper", "systemd-user stacks.sh\n")),
                advice(
                        "a policy line with a typo",
                        "policy",
                        test -> test.server.write(
                                "state/.policy",
                                "# ours\n[review]\n\nallow services.*.tty  # ours\nalow services.*.privileged\n")),
                advice(
                        "a limit that is none",
                        "limits",
                        test -> test.server.write("state/.limits", "disk_mib=2048\nmemory=2g\n")),
                problem("no wildcard in DNS", "dns", test -> test.network.names.remove("x.ci.example.com")),
                problem(
                        "DNS to another server",
                        "dns",
                        test -> test.network.names.put("x.ci.example.com", List.of(address(203, 0, 113, 8)))),
                problem("closed port", "port", test -> test.network.open.remove(443)),
                problem("no certificate", "certificate", test -> test.network.certificate = null),
                problem(
                        "certificate of another name",
                        "certificate",
                        test -> test.network.certificate =
                                Certificates.of("www.example.com", NOW.plus(Duration.ofDays(60)))),
                problem(
                        "certificate over",
                        "certificate",
                        test -> test.network.certificate =
                                Certificates.of("*.ci.example.com", NOW.minus(Duration.ofDays(1)))),
                advice(
                        "certificate ends soon",
                        "certificate",
                        test -> test.network.certificate =
                                Certificates.of("*.ci.example.com", NOW.plus(Duration.ofDays(5)))),
                advice("a published port", "published", test -> {
                    test.network.open.add(5432);
                    test.withContainer("ports shop-db-1 0.0.0.0:5432->5432/tcp, :::5432->5432/tcp");
                }));
    }

    @BeforeEach
    void makeServer() {
        server = ExaminedServer.healthy(directory, shell);
    }

    @Test
    void aHealthyServerHasNoFindings() {
        assertThat(examine().findings())
                .filteredOn(finding -> finding.state() != State.OK)
                .isEmpty();
        assertThat(examine().findings())
                .extracting(Finding::check)
                .contains("docker", "compose", "traefik", "dns", "port", "sweeper");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void eachFaultIsFoundByItsCheckAndNothingElseIs(Fault fault) {
        fault.injection().accept(this);
        assertThat(examine().findings())
                .filteredOn(finding -> finding.state() != State.OK)
                .isNotEmpty()
                .allSatisfy(finding -> {
                    assertThat(finding.check()).isEqualTo(fault.check());
                    assertThat(finding.state()).isEqualTo(fault.state());
                    assertThat(finding.cure()).isNotBlank();
                });
    }

    @AfterAll
    static void claim() {
        Proof.claim("doctor: %d of %d faults found".formatted(faults().size(), faults().size()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "policy", "limits"})
    void theCureOfWhatLiesInTheStateDirectoryCures(String check) {
        faults().stream()
                .filter(fault -> fault.check().equals(check))
                .forEach(fault -> fault.injection().accept(this));
        server.cure(found(check).get(0).cure());
        assertThat(found(check)).isEmpty();
    }

    /** The real firewall's file counts while its service is active; as root, the rules that its cure makes do. */
    @Test
    void aPrivateNetworkThatIsClosedIsNoFinding() {
        withPrivateNetwork();
        server.write(
                "root/etc/xdevops/firewall.nft",
                ScriptText.resource("provision/firewall.nft").replace("SSH_PORT", "22"));
        assertThat(found("lan")).hasSize(1);
        server.write("active", "");
        assertThat(found("lan")).isEmpty();
        server.remove("active");
        assertThat(found("lan").get(0).cure()).startsWith("for net in 10.9.0.0/24; ");
        server.program(
                "iptables",
                "echo '-A DOCKER-USER -d 10.9.0.0/24 -i br+ ! -o br+ -p tcp -m tcp ! --dport 53 -m conntrack --ctstate NEW -j DROP'");
        assertThat(found("lan")).isEmpty();
    }

    @Test
    void aProductionServerMayReachItsPrivateNetwork() {
        withPrivateNetwork();
        assertThat(found("lan")).hasSize(1);
        server.write("state/.host/provisioned", "role=production\n");
        assertThat(found("lan")).isEmpty();
    }

    private void backup(long last, long drilled, String failed) {
        server.write(
                "root/var/lib/xdevops/backups/shop",
                "{\"project\":\"shop\",\"last\":" + last + ",\"id\":\"01234567\",\"checked\":0,\"drilled\":" + drilled
                        + ",\"damage\":\"\",\"failed\":\"" + failed + "\"}\n");
    }

    /** Adds a container of which docker ps says this. */
    private void withContainer(String line) {
        server.replace(
                "containers",
                "status Created\n",
                "status Up 2 days\nimage 123 nginx \"nginx\"\n" + line + "\nstatus Created\n");
    }

    private void withPrivateNetwork() {
        server.write(
                "root/proc/net/route",
                "eth0 007100CB 00000000 0001 0 0 0 00FFFFFF\neth1 0000090A 00000000 0001 0 0 0 00FFFFFF\n");
    }

    @Test
    void aServerThatNobodyHasDeployedToIsHealthy() {
        server.remove("state/shop/removeat");
        server.remove("state/.host/sweeper");
        server.remove("state/.host/swept");
        assertThat(examine().findings()).allMatch(finding -> finding.state() == State.OK);
    }

    @Test
    void busyboxFindsTheSame() {
        server.write("state/.policy", "alow services.*.privileged\n");
        server.replace("traefik", "v3.6.12", "v2.11.0");
        withContainer("ours gone-app " + server.state() + "/gone-app");
        var inBusybox = server.in("busybox sh");
        assertThat(Doctor.examine(inBusybox, options(), network, NOW, "x").findings())
                .filteredOn(finding -> Set.of("docker", "compose", "networks", "policy", "leftovers", "traefik")
                        .contains(finding.check()))
                .isEqualTo(examine().findings().stream()
                        .filter(finding -> Set.of("docker", "compose", "networks", "policy", "leftovers", "traefik")
                                .contains(finding.check()))
                        .toList());
    }

    @Test
    void theNetworkThatEnvironmentsShareWithTraefikIsGood() {
        server.replace("traefik", "mode host\nnetwork host", "mode web\nnetwork web");
        var options = new DoctorOptions(server.state(), null, null, "web");
        assertThat(Doctor.examine(server, options, network, NOW, "x").problems())
                .isEmpty();
    }

    @Test
    void argumentsAndVariablesOfTraefikCountLikeItsFile() {
        server.write("etc/traefik.yml", "");
        server.replace("traefik", "mode host", """
                argument --providers.docker.exposedByDefault=false
                argument --providers.docker.constraints=Label(`io.github.xdevops.compose.managed`,`true`)
                variable TRAEFIK_SERVERSTRANSPORT_FORWARDINGTIMEOUTS_IDLECONNTIMEOUT=5s
                mode host""");
        assertThat(examine().findings()).allMatch(finding -> finding.state() == State.OK);
    }

    @ParameterizedTest
    @EnumSource(HostException.Fault.class)
    void aServerThatCannotBeReachedIsTheOnlyFinding(HostException.Fault fault) {
        var diagnosis = Doctor.examine(new UnreachableServer(fault), options(), network, NOW, "x");
        assertThat(diagnosis.problems()).containsExactly("connection");
        assertThat(diagnosis.findings().get(0).cure()).isNotBlank();
    }

    private List<Finding> found(String check) {
        return examine().findings().stream()
                .filter(finding -> finding.check().equals(check) && finding.state() != State.OK)
                .toList();
    }

    private Diagnosis examine() {
        return Doctor.examine(server, options(), network, NOW, "x");
    }

    private DoctorOptions options() {
        return new DoctorOptions(server.state(), "ci.example.com", Address.parse("https://ci.example.com"), null);
    }

    private void dockerFails(String message) {
        server.write("version", message + "\n");
        server.write("exit", "1\n");
    }

    private static InetAddress address(int... bytes) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]});
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** DNS, ports and the certificate of a healthy server. */
    private static final class SeenNetwork implements Internet {
        private final Map<String, List<InetAddress>> names =
                new HashMap<>(Map.of("ci.example.com", List.of(SERVER), "x.ci.example.com", List.of(SERVER)));
        private final Set<Integer> open = new HashSet<>(Set.of(80, 443));
        private @Nullable X509Certificate certificate =
                Certificates.of("*.ci.example.com", NOW.plus(Duration.ofDays(60)));

        @Override
        public List<InetAddress> resolve(String name) {
            return names.getOrDefault(name, List.of());
        }

        @Override
        public boolean isOpen(InetAddress address, int port) {
            return open.contains(port);
        }

        @Override
        public X509Certificate certificate(InetAddress address, int port, String name) throws IOException {
            if (certificate == null) {
                throw new IOException("connection reset");
            }
            return certificate;
        }
    }

    private record UnreachableServer(HostException.Fault fault) implements Host {
        @Override
        public String address() {
            return "deploy@ci.example.com";
        }

        @Override
        public Result run(Command command, Input input, Consumer<String> lines) {
            throw new HostException(fault, "no way");
        }

        @Override
        public void close() {}
    }
}
