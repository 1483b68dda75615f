package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.server.Stacks;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets planted in every kind of input, and searched for in all that every goal prints and leaves behind. */
class SecretsIT {
    private static final String PROJECT = "secrets-it";
    private static final String OTHER = "secrets-it-failed";
    private static final long SEED = 5;
    private static final String CRASH =
            "-Dcompose.services.web.command=[sh, -c, \"env; env | base64 -w 0; echo; cat /run/secrets/pem; exit 3\"]";

    @TempDir
    Path directory;

    @TempDir
    Path registryDirectory;

    private final Random random = new Random(SEED);
    private final List<Canary> all = new ArrayList<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    /** What was printed or lies somewhere, by where that is. */
    private final Map<String, String> places = new LinkedHashMap<>();
    /** What stands in the compose file, and so in the record that only its owner can read. */
    private final List<Canary> deployed = new ArrayList<>();
    /** What the caller wrote on Maven's own command line. */
    private final List<Canary> spoken = new ArrayList<>();

    private final List<String> inputs = new ArrayList<>();
    private TestServer server;
    private Maven maven;
    private PrivateRegistry registry;
    private List<String> options = List.of();

    @BeforeEach
    void plant() throws Exception {
        server = TestServer.required();
        maven = new Maven(directory, server);
        var caller = deployed(rich("a variable that a service names"));
        var dotenv = deployed(rich(".env"));
        var given = deployed(spoken(rich("-Dcompose.env")));
        var override = deployed(spoken(rich("-Dcompose.services")));
        var literal = deployed(rich("a literal of the compose file"));
        var login = deployed(Canary.plain("a login in a URL", random));
        var file = deployed(rich("a file of secrets:"));
        var envFile = deployed(rich("an env_file"));
        var content = deployed(rich("the content of a config"));
        var label = deployed(rich("a label"));
        var build = rich("a build argument");
        var unused = rich("a secret of .env that nothing uses");
        var basicAuth = rich("COMPOSE_BASIC_AUTH");
        var passphrase = rich("COMPOSE_SSH_PASSPHRASE");
        var password = rich("COMPOSE_SSH_PASSWORD");
        var token = rich("another variable of the pipeline");
        var serverPassword = rich("the password of a server in settings.xml");
        var webhook = rich("COMPOSE_WEBHOOK");
        var commenter = rich("COMPOSE_GITLAB_TOKEN");
        var github = rich("COMPOSE_GITHUB_TOKEN");
        var gitlabRegistry = rich("CI_REGISTRY_PASSWORD");
        var serverRegistry = rich("the password of a registry in settings.xml");
        all.addAll(List.of(build, unused, basicAuth, passphrase, password, token, serverPassword, webhook, commenter));
        all.addAll(List.of(github, gitlabRegistry, serverRegistry));

        write(".env", "DB_PASSWORD=" + singleQuoted(dotenv) + "\nUNUSED_TOKEN=" + singleQuoted(unused) + "\n");
        write("key.pem", file.value() + "\n");
        write("web.env", "WEB_SECRET=" + singleQuoted(envFile) + "\n");
        write("compose.yaml", compose(literal, login, content, label, build));
        write("settings.xml", """
                <settings><servers><server>
                  <id>ci</id>
                  <passphrase><![CDATA[%s]]></passphrase>
                  <password><![CDATA[%s]]></password>
                </server><server>
                  <id>registry</id>
                  <username>ann</username>
                  <password><![CDATA[%s]]></password>
                </server></servers></settings>
                """.formatted(passphrase.value(), serverPassword.value(), serverRegistry.value()));
        write("id", Files.readString(Path.of(server.key())));
        Files.setPosixFilePermissions(directory.resolve("id"), PosixFilePermissions.fromString("rw-------"));
        var keygen = new ProcessBuilder(
                        "ssh-keygen",
                        "-q",
                        "-p",
                        "-P",
                        "",
                        "-N",
                        passphrase.value(),
                        "-f",
                        directory.resolve("id").toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(keygen.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keygen.waitFor()).as(said).isZero();

        // Of a key in this form, the first line is the same in many; the third is of this one alone.
        var key = Files.readString(directory.resolve("id"));
        all.add(new Canary("the text in COMPOSE_SSH_KEY", key.lines().toList().get(3)));

        variables.put("CALLER_PASSWORD", caller.value());
        variables.put("COMPOSE_SSH_KEY", key);
        variables.put("COMPOSE_BASIC_AUTH", "ann:" + basicAuth.value());
        variables.put("COMPOSE_SSH_PASSPHRASE", passphrase.value());
        variables.put("COMPOSE_SSH_PASSWORD", password.value());
        variables.put("CI_JOB_TOKEN", token.value());
        // Nobody listens there, which is said.
        variables.put(
                "COMPOSE_WEBHOOK", "http://127.0.0.1:9/" + URLEncoder.encode(webhook.value(), StandardCharsets.UTF_8));
        variables.put("COMPOSE_GITLAB_TOKEN", commenter.value());
        variables.put("COMPOSE_GITHUB_TOKEN", github.value());
        variables.put("CI_REGISTRY", "registry.invalid");
        variables.put("CI_REGISTRY_USER", "ann");
        variables.put("CI_REGISTRY_PASSWORD", gitlabRegistry.value());
        variables.put("CI_API_V4_URL", "http://127.0.0.1:9/api/v4");
        variables.put("CI_PROJECT_ID", "42");
        variables.put("MAVEN_OPTS", "-Djava.io.tmpdir=" + Files.createDirectory(directory.resolve("tmp")));
        if (System.getenv("COMPOSE_IT_REGISTRY") != null) {
            var pull = rich("COMPOSE_REGISTRY_PASSWORD");
            all.add(pull);
            registry = PrivateRegistry.start(registryDirectory, "ann", pull.value());
            variables.putAll(Map.of(
                    "COMPOSE_REGISTRY",
                    registry.name(),
                    "COMPOSE_REGISTRY_USER",
                    "ann",
                    "COMPOSE_REGISTRY_PASSWORD",
                    pull.value()));
        }
        options = List.of(
                "-Dcompose.host=" + server.address(),
                "-Dcompose.privateKey=" + directory.resolve("id"),
                "-Dcompose.knownHosts=" + server.knownHosts(),
                "-Dcompose.domain=" + server.domain(),
                "-Dcompose.branch=feature/secrets",
                "-Dcompose.overlays=basicauth",
                "-Dcompose.processEnvironment=true",
                "-Dcompose.env.GIVEN_SECRET=" + given.value(),
                "-Dcompose.services.web.environment.MORE_PASSWORD=" + override.value());
    }

    @AfterEach
    void takeDown() {
        if (maven != null) {
            for (var project : List.of(PROJECT, OTHER)) {
                server.remove(project, Stacks.STATE_DIRECTORY);
            }
        }
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void noSecretIsAnywhere() throws IOException {
        System.out.println("canaries: seed " + SEED);
        List<String> processes;
        try (var eyes = new ProcessEyes()) {
            everyGoal();
            everyError();
            processes = eyes.seen();
        }
        lookAtFiles();
        var found = new ArrayList<String>();
        places.forEach((place, text) -> all.forEach(canary ->
                canary.in(text).ifPresent(form -> found.add(canary.place() + " as " + form + " in " + place))));
        for (var process : processes) {
            for (var canary : all) {
                var own = spoken.contains(canary) && process.contains("compose-maven-plugin");
                canary.in(process)
                        .filter(form -> !own)
                        .ifPresent(form -> found.add(canary.place() + " as " + form + " in the process " + process));
            }
        }
        assertThat(found).isEmpty();
        assertThat(processes).anySatisfy(process -> assertThat(process).contains("stacks-", "deploy", "sha256="));
        theSearchFindsWhatIsThere();
        var outputs = places.keySet().stream()
                .filter(place -> place.startsWith("output "))
                .count();
        Proof.claim(
                "secrets: " + all.size() + " canaries x " + all.get(0).forms().size() + " forms in " + outputs
                        + " outputs, " + (places.size() - outputs) + " files and " + processes.size()
                        + " command lines, found: 0");
    }

    private void everyGoal() throws IOException {
        var first = goal("deploy", PROJECT, "-X", "-Dcompose.postDeploy=web: env");
        succeeds(first);
        assertThat(first.out()).contains("the variable NOWHERE_SET has no value and is left out");
        succeeds(goal("deploy", PROJECT, "-X", "-Dcompose.images=transfer"));
        lookHere(" after a deploy");
        for (var goal : List.of("status", "logs", "whoami", "open")) {
            succeeds(goal(goal, PROJECT, "-X"));
        }
        succeeds(goal("exec", PROJECT, "-X", "-Dcompose.service=web", "-Dcompose.command=true"));
        assertThat(fails(goal("ci", PROJECT, "-X", "-Dcompose.ci=gitlab", "-Dcompose.output=-"))
                        .out())
                .contains("sounds like a secret");
        // A pipeline has the text of its key in a variable.
        succeeds(goal("list", PROJECT, "-X", "-Dcompose.privateKey="));
        succeeds(goal("plan", PROJECT, "-X", CRASH));
        succeeds(goal("plan", PROJECT, "-Dcompose.format=json"));
        assertThat(goal("deploy", PROJECT, "-X", CRASH).out())
                .contains("UNHEALTHY", "***", "the previous version is up");
        assertThat(goal("deploy", OTHER, CRASH).out()).contains("UNHEALTHY", "***");
        succeeds(goal("render", PROJECT, "-X"));
        succeeds(goal("render", PROJECT, "-Dcompose.stage=resolved"));
        succeeds(goal("render", PROJECT, "-Dcompose.stage=merged"));
        succeeds(goal("deploy", PROJECT, "-X", "-Dcompose.dryRun=true"));
        succeeds(goal("list", PROJECT, "-X", "-Dcompose.format=json"));
        succeeds(goal("extend", PROJECT, "-X", "-Dcompose.lifetime=2h"));
        succeeds(goal("pin", PROJECT, "-X"));
        succeeds(goal("sweep", PROJECT, "-X"));
        assertThat(goal("down", PROJECT, "-X").out()).contains("POLICY");
        var passphrase = variables.remove("COMPOSE_SSH_PASSPHRASE");
        succeeds(goal(
                "list", PROJECT, "-X", "-s", directory.resolve("settings.xml").toString(), "-Dcompose.serverId=ci"));
        variables.put("COMPOSE_SSH_PASSPHRASE", passphrase);
    }

    private void everyError() throws IOException {
        var good = Files.readString(directory.resolve("compose.yaml"));
        var literal = deployed.get(4).value();
        var broken = new LinkedHashMap<String, String>();
        broken.put(
                "YAML",
                "services:\n  web:\n    environment:\n      API_TOKEN: " + Json.write(literal) + " x\n  y: [\n");
        broken.put("a key", "services:\n  web:\n    image: x\n    API_TOKEN: " + Json.write(literal) + "\n");
        broken.put("a value", "services: {web: {image: x, mem_limit: '${GIVEN_SECRET}'}}\n");
        broken.put("a variable", "services: {web: {image: x, environment: {A: '${NONE:?it is ${DB_PASSWORD}}'}}}\n");
        broken.put("a port", "services: {web: {image: x, ports: ['${DB_PASSWORD}:80']}}\n");
        for (var each : Ring.sample(broken.entrySet(), 3)) {
            write("compose.yaml", each.getValue());
            fails(goal("deploy", PROJECT, "-X"));
        }
        var ours = List.of("COMPOSE_SSH_KEY", "CI_JOB_TOKEN", "CI_REGISTRY_PASSWORD", "COMPOSE_GITHUB_TOKEN");
        for (var own : Ring.sample(ours, 2)) {
            write("compose.yaml", "services: {web: {image: x, environment: [" + own + "]}}\n");
            assertThat(fails(goal("render", PROJECT, "-X")).out())
                    .contains("the variable " + own + ": it holds a secret");
        }
        write("compose.yaml", good);
        write("src/main/compose/broken.ftl", "services: {web: {labels: {n: [=variables.GIVEN_SECRET?number]}}}\n");
        fails(goal("deploy", PROJECT, "-X", "-Dcompose.overlays=broken"));
        var environment = Files.readString(directory.resolve(".env"));
        write(
                ".env",
                environment + "OTHER_PASSWORD=\"" + deployed.get(1).value().substring(0, 16) + "\n");
        fails(goal("deploy", PROJECT, "-X"));
        write(".env", environment);
        fails(goal("list", PROJECT, "-X", "-Dcompose.privateKey=" + Files.readString(Path.of(server.key()))));
        var passphrase = variables.get("COMPOSE_SSH_PASSPHRASE");
        var user = variables.get("COMPOSE_BASIC_AUTH");
        variables.put("COMPOSE_SSH_PASSPHRASE", passphrase + "?");
        fails(goal("list", PROJECT, "-X"));
        variables.put("COMPOSE_SSH_PASSPHRASE", passphrase);
        variables.put("COMPOSE_BASIC_AUTH", user.substring(4));
        fails(goal("deploy", PROJECT, "-X"));
        variables.put("COMPOSE_BASIC_AUTH", user);
        // Who pulls is found in settings.xml, and the registry does not exist.
        fails(goal(
                "deploy",
                PROJECT,
                "-X",
                "-s",
                directory.resolve("settings.xml").toString(),
                "-Dcompose.registry=registry",
                "-Dcompose.services.web.image=registry/x:1"));
        if (registry != null) {
            var password = variables.get("COMPOSE_REGISTRY_PASSWORD");
            variables.put("COMPOSE_REGISTRY_PASSWORD", password + "?");
            assertThat(fails(goal("deploy", PROJECT, "-X")).out()).contains("NOPERM");
            variables.put("COMPOSE_REGISTRY_PASSWORD", password);
        }
    }

    /** Everything on the server but the compose files and what they mount, and everything here but what we wrote. */
    private void lookAtFiles() throws IOException {
        var state = ".yourlabs.compose";
        assertThat(server.login("find " + state + " -maxdepth 0 ! -perm 700; find " + state + "/" + PROJECT + " "
                        + state + "/" + OTHER + " -perm /077 ! -path \"*/files/*/content\""))
                .as("what others can read")
                .isEmpty();
        var texts = new LinkedHashMap<String, StringBuilder>();
        server.login("grep -raH \"\" --exclude=\"docker-compose*\" --exclude=content " + state + " .docker || true")
                .lines()
                .forEach(line -> texts.computeIfAbsent(line.replaceAll(":.*", ""), name -> new StringBuilder())
                        .append(line)
                        .append('\n'));
        texts.forEach((name, text) -> places.put("the server's " + name, text.toString()));
        assertThat(places.keySet()).anySatisfy(place -> assertThat(place).endsWith(OTHER + "/deploy.log"));
        lookHere("");
        assertThat(places.keySet())
                .contains("our target/compose/deployment.json after a deploy", "our target/compose/deploy.log");
    }

    private void lookHere(String when) throws IOException {
        try (Stream<Path> here = Files.walk(directory)) {
            for (var file : here.filter(Files::isRegularFile).toList()) {
                var name = directory.relativize(file).toString();
                if (!inputs.contains(name)) {
                    places.put("our " + name + when, Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    /** Where secrets belong, and where they were asked for. */
    private void theSearchFindsWhatIsThere() throws IOException {
        var record = ".yourlabs.compose/" + PROJECT;
        var onServer = server.login("cat " + record + "/docker-compose.yml " + record + "/files/*/content");
        var file = directory.resolve("out.yaml");
        succeeds(goal("render", PROJECT, "-Dcompose.output=" + file));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var mounted = List.of("a file of secrets:", "the content of a config");
        for (var text : List.of(onServer, Files.readString(file))) {
            assertThat(deployed)
                    .filteredOn(canary -> text.equals(onServer) || !mounted.contains(canary.place()))
                    .allSatisfy(canary ->
                            assertThat(canary.in(text)).as(canary.place()).isPresent());
            assertThat(all)
                    .filteredOn(canary -> !deployed.contains(canary))
                    .allSatisfy(canary ->
                            assertThat(canary.in(text)).as(canary.place()).isEmpty());
        }
        var control = rich("a command line");
        var process = new ProcessBuilder("sh", "-c", "read line", control.value()).start();
        try (var eyes = new ProcessEyes()) {
            var until = System.nanoTime() + 60_000_000_000L;
            while (eyes.seen().stream().noneMatch(seen -> control.in(seen).isPresent())) {
                assertThat(System.nanoTime()).as("the time to see a process").isLessThan(until);
                TestServer.pause(20);
            }
        } finally {
            process.destroy();
        }
        for (var encoded :
                Set.of(Json.write(control.value()), URLEncoder.encode(control.value(), StandardCharsets.UTF_8))) {
            assertThat(control.in(encoded)).isPresent();
        }
        for (var before : List.of("", "a", "ab", "abc")) {
            var text = (before + control.value() + "after").getBytes(StandardCharsets.UTF_8);
            assertThat(control.in(Base64.getEncoder().encodeToString(text))).isPresent();
            assertThat(control.in(Base64.getUrlEncoder().encodeToString(text))).isPresent();
        }
    }

    private Maven.Outcome goal(String goal, String project, String... more) {
        var words = new ArrayList<>(options);
        words.removeIf(option -> Stream.of(more).anyMatch(other -> other.startsWith(option.replaceAll("=.*", "="))));
        words.add("-Dcompose.project=" + project);
        words.addAll(List.of(more));
        var outcome = maven.run(goal, words, variables);
        places.put("output " + (places.size() + 1) + " of " + goal + " " + String.join(" ", more), outcome.out());
        return outcome;
    }

    private static void succeeds(Maven.Outcome outcome) {
        assertThat(outcome.exit()).as(outcome.out()).isZero();
    }

    private static Maven.Outcome fails(Maven.Outcome outcome) {
        assertThat(outcome.exit()).as(outcome.out()).isNotZero();
        return outcome;
    }

    private static String compose(Canary literal, Canary login, Canary content, Canary label, Canary build) {
        var environment = new LinkedHashMap<String, Object>();
        environment.put("API_TOKEN", literal.value());
        environment.put("DB_PASSWORD", "${DB_PASSWORD}");
        environment.put("GIVEN_SECRET", "${GIVEN_SECRET}");
        environment.put("CALLER_PASSWORD", null);
        environment.put("NOWHERE_SET", null);
        environment.put("DATABASE_URL", "postgres://ann:" + login.value() + "@db/shop");
        var web = new LinkedHashMap<String, Object>();
        web.put("image", "compose-it/httpd:1");
        web.put("build", Map.of("context", ".", "args", Map.of("NPM_TOKEN", build.value())));
        web.put("expose", List.of("80"));
        web.put("environment", environment);
        web.put("env_file", List.of("web.env"));
        web.put("labels", Map.of("com.example.api-key", label.value()));
        web.put("secrets", List.of("pem"));
        web.put("configs", List.of(Map.of("source", "token", "target", "/etc/token")));
        return Json.write(Map.of(
                "services", Map.of("web", web),
                "secrets", Map.of("pem", Map.of("file", "./key.pem")),
                "configs", Map.of("token", Map.of("content", content.value()))));
    }

    /** The dotenv format has no escape between single quotes. */
    private static String singleQuoted(Canary canary) {
        return "'" + canary.value() + "'";
    }

    private Canary rich(String place) {
        return Canary.rich(place, random);
    }

    private Canary deployed(Canary canary) {
        all.add(canary);
        deployed.add(canary);
        return canary;
    }

    private Canary spoken(Canary canary) {
        spoken.add(canary);
        return canary;
    }

    private void write(String name, String text) throws IOException {
        var file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        inputs.add(name);
    }
}
