package io.github.xdevops.compose.server.script;

import static io.github.xdevops.compose.server.script.ReviewFile.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge itself, with thousands of values in one call: each is the value of one key of a service of its own. */
class JudgeTest {
    private static final long SEED = Ring.seed();
    private static final String HASH = "$2y$10$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzABCDE";
    private static final Pattern HOST = Pattern.compile("Host\\(`([^`]*)`\\)");
    private static final List<String> PIECES = List.of(
            "@",
            ":",
            "/",
            ".",
            ",",
            "`",
            "|",
            "||",
            "&",
            "&&",
            "(",
            ")",
            "$",
            "\\",
            "\n",
            "\u0000",
            "é",
            "\u0660",
            " ",
            "-",
            "_",
            "__",
            "0",
            "1",
            "9",
            "80",
            "127.0.0.1",
            "q",
            "q__0",
            "q.test",
            "Host(`q.test`)",
            "p",
            "p__",
            "file",
            "@internal",
            "{",
            "}",
            "*",
            "%",
            "$2y$18$",
            "sha256:",
            "k",
            "m",
            "g",
            "e9",
            "Inf",
            "0x",
            "+",
            "ns",
            "ms",
            "s");

    /** Each that is here. */
    private static final List<String> AWKS = Stream.of("awk", "busybox awk", "gawk")
            .filter(awk -> Files.isExecutable(Path.of("/usr/bin", awk.split(" ")[0]))
                    || Files.isExecutable(Path.of("/bin", awk.split(" ")[0])))
            .toList();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "routers.p__0.rule | Host(`p.test`) | yes",
                "routers.p__0.rule | Host(`p.test`) && PathPrefix(`/a/b`) | yes",
                "routers.p__0.rule | Host(`p.test`) && PathPrefix(`/a`) OR Host(`q.test`) | no",
                "routers.p__0.rule | Host(`p.test.`) | no",
                "routers.p__0.rule | Host(`www.p.test`) | no",
                "routers.p__0.rule | (Host(`p.test`) OR Host(`www.p.test`)) | no",
                "routers.p.rule | Host(`p.test`) | no",
                "routers.web-p.rule | Host(`p.test`) | no",
                "routers.q__0.rule | Host(`p.test`) | no",
                "routers.p__00.rule | Host(`p.test`) | no",
                "routers.p__0.entrypoints | websecure | yes",
                "routers.p__0.entrypoints | traefik | no",
                "routers.p__0.priority | 1000 | no",
                "routers.p__0.priority | 24000000 | for ever",
                "routers.p__0.middlewares | p__0__deployment,p__0__basicauth | yes",
                "routers.p__0.middlewares | p__0__deployment,other | no",
                "routers.p__0.middlewares | other | no",
                "routers.p__0.middlewares | p__0__deployment,admin@file | no",
                "routers.p__0.service | api@internal | no",
                "routers.p__0.service | q__0 | no",
                "routers.p__0.tls.certresolver | letsencrypt | for ever",
                "routers.p__0.tls.certresolver | a@b | no",
                "services.p__0.loadbalancer.server.port | 65535 | yes",
                "services.p__0.loadbalancer.server.port | 65536 | no",
                "services.p__0.loadbalancer.server.port | 0 | no",
                "services.p__0.loadbalancer.server.port | 080 | no",
                "services.p__0.loadbalancer.server.port | 80@127.0.0.1:8089 | no",
                "services.p__0.loadbalancer.server.url | http://127.0.0.1:8089 | no",
                "middlewares.p__0__x.basicauth.users | a:$$2y$$10$$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzABCDE | yes",
                "middlewares.p__0__x.basicauth.users | a:$$2y$$18$$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzABCDE | no",
                "middlewares.p__0__x.basicauth.users | a:$$apr1$$x$$y | no",
                "middlewares.p__0__x.basicauth.usersfile | /etc/shadow | no",
                "middlewares.p__1__www.redirectregex.regex | (?i)^https?://p[.]test(:[0-9]+)?(/.*)?$$ | for ever",
                "middlewares.p__1__www.redirectregex.regex | (?i)^https?://p.test(:[0-9]+)?(/.*)?$$ | no",
                "middlewares.p__1__www.redirectregex.regex | (?i)^https?://q[.]test(:[0-9]+)?(/.*)?$$ | no",
                "middlewares.p__1__www.redirectregex.regex | (?i)^https?://p[.]test(.*)$$ | no",
                "middlewares.p__1__www.redirectregex.replacement | https://p.test:8443$${2} | for ever",
                "middlewares.p__1__www.redirectregex.replacement | https://q.test$${2} | no",
                "middlewares.p__1__www.redirectregex.replacement | https://p.test@q.test$${2} | no",
                "middlewares.p__1__www.redirectregex.replacement | https://p.test$${1} | no",
                "middlewares.p__0__https.redirectscheme.scheme | https | yes",
                "middlewares.p__0__https.redirectscheme.scheme | http | no",
                "middlewares.p__0__https.redirectscheme.port | 8443 | yes",
                "middlewares.p__0__https.redirectscheme.port | 8443@q.test | no",
                "middlewares.p__0__https.redirectscheme.permanent | true | for ever",
                "middlewares.p__1__www.redirectregex.regex | .* | no",
                "middlewares.p__0__deployment.headers.customresponseheaders.X-Compose-Deployment | x | yes",
                "middlewares.p__0__deployment.headers.customresponseheaders.X-Own | x | yes",
                "middlewares.p__0__deployment.headers.customresponseheaders.X-Own | x\\nSet-Cookie: y | no",
                "middlewares.p__0__deployment.headers.customrequestheaders.Host | x | no",
                "middlewares.p__deployment.headers.customresponseheaders.X-Own | x | no",
                "middlewares.p__0__x.ratelimit.average | 1 | no",
                "middlewares.p__0__x.ratelimit.redis.endpoints | 10.0.0.1:6379 | no",
                "middlewares.p__0__x.plugin.geo.headers.customresponseheaders.X-Robots-Tag | x | no",
            })
    @Tag("L1")
    @Tag("L2")
    void labelsForTraefikAreThoseThatTheTemplatesWriteAndNoOthers(String label, String value, String allowed)
            throws Exception {
        var labels = new LinkedHashMap<>(ROUTE);
        labels.put("traefik.http." + label, value.replace("OR", "||"));
        var text = labelled(labels);
        assertThat(judge(text).isEmpty()).isEqualTo(allowed.equals("yes"));
        assertThat(judge(text, "gate/persistent.policy").isEmpty()).isEqualTo(!allowed.equals("no"));
    }

    /** The server counts generations, so a client writes none but 0. */
    @Test
    void aRouterWithAGenerationIsOurs() throws Exception {
        var labels = new LinkedHashMap<String, String>();
        ROUTE.forEach((label, value) -> labels.put(label.replace("p__0", "p__0g0"), value.replace("p__0", "p__0g0")));
        assertThat(judge(labelled(labels))).isEmpty();
        labels.clear();
        ROUTE.forEach((label, value) -> labels.put(label.replace("p__0", "p__0g1"), value.replace("p__0", "p__0g1")));
        assertThat(judge(labelled(labels))).isNotEmpty();
    }

    @Test
    @Tag("L2")
    void aRouterThatRedirectsToHttpsIsOursAndLeadsNowhereElse() throws Exception {
        var redirect = Map.of(
                "traefik.http.routers.p__0__http.rule", "Host(`p.test`)",
                "traefik.http.routers.p__0__http.entrypoints", "web",
                "traefik.http.routers.p__0__http.service", "p__0",
                "traefik.http.routers.p__0__http.middlewares", "p__0__https");
        var labels = new LinkedHashMap<>(ROUTE);
        labels.putAll(redirect);
        assertThat(judge(labelled(labels))).isEmpty();
        for (var label : redirect.keySet()) {
            var changed = new LinkedHashMap<>(labels);
            changed.put(label, redirect.get(label).replace("p", "q").replace("web", "other"));
            assertThat(judge(labelled(changed))).as(label).isNotEmpty();
        }
        for (var name : List.of("p__0__https", "q__0__http", "p__0__http__http", "p__0__httpg0")) {
            var renamed = new LinkedHashMap<>(ROUTE);
            redirect.forEach((label, value) -> renamed.put(label.replace("p__0__http", name), value));
            assertThat(judge(labelled(renamed))).as(name).isNotEmpty();
        }
    }

    @Test
    @Tag("L2")
    void noRouterOrServiceIsLeftToTraefikToName() throws Exception {
        assertThat(judge(labelled(ROUTE))).isEmpty();
        for (var label : ROUTE.keySet()) {
            var labels = new LinkedHashMap<>(ROUTE);
            labels.remove(label);
            assertThat(judge(labelled(labels))).as(label).contains("services.web ", " lacks ");
        }
        assertThat(judge(labelled(Map.of("traefik.enable", "true")))).contains("lacks a router", "lacks the port");
        assertThat(judge(labelled(Map.of("traefik.enable", "false")))).isEmpty();
    }

    @Test
    @Tag("L2")
    void traefikReachesAServiceInANetworkOfItsOwn() throws Exception {
        var labels = new LinkedHashMap<>(ROUTE);
        labels.put("traefik.docker.network", "q_default");
        assertThat(judge(labelled(labels))).contains("traefik.docker.network: must be a network of the service");
        labels.put("traefik.docker.network", "p_back");
        assertThat(judge(labelled(labels))).contains("traefik.docker.network: must be a network of the service");
        assertThat(judge(labelled(labels) + "    networks:\n      back: {}\nnetworks:\n  back: {}\n"))
                .isEmpty();
    }

    private static final Map<String, String> ROUTE = new LinkedHashMap<>(Map.of(
            "traefik.enable", "true",
            "traefik.docker.network", "p_default",
            "traefik.http.routers.p__0.rule", "Host(`p.test`)",
            "traefik.http.routers.p__0.entrypoints", "web",
            "traefik.http.routers.p__0.service", "p__0",
            "traefik.http.services.p__0.loadbalancer.server.port", "80"));

    private static String labelled(Map<String, String> labels) {
        var text = new StringBuilder(SERVICE + "    labels:\n");
        labels.forEach((label, value) -> text.append("      \"" + label + "\": \"" + value + "\"\n"));
        return text.toString();
    }

    @ParameterizedTest
    @Tag("L3")
    @CsvSource({
        "ef46, no",
        "EF46, no",
        "sha256:ef46, no",
        "abcdef0123456789, no",
        "ef46:1, yes",
        "nginx, yes",
        "a/b:1, yes",
        "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, yes",
        "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, yes"
    })
    void anImageHasANameOrAWholeHash(String image, String allowed) throws Exception {
        assertThat(judge(SERVICE.replace("\"x\"", '"' + image + '"')).isEmpty()).isEqualTo(allowed.equals("yes"));
    }

    @ParameterizedTest
    @Tag("L4")
    @CsvSource(
            delimiter = '|',
            value = {
                "mem_limit: \"6442450944\" | services.web.mem_limit: 6g, and at most 4g is allowed",
                "mem_limit: \"0.5\" | services.web.mem_limit: 0.5 is no limit for Docker",
                "mem_limit: \"0\" | services.web.mem_limit: 0 is no limit for Docker",
                "cpus: \"0.0000000001\" | services.web.cpus: 0.0000000001, and at least 0.01",
                "cpus: 1.0E-10 | services.web.cpus: 1.0E-10, and at least 0.01",
                "cpus: 5 | services.web.cpus: 5, and at most 4",
                "pids_limit: 0 | services.web.pids_limit: 0 is no limit for Docker",
                "cpu_shares: 262144 | services.web.cpu_shares: 262144, and at most 1024",
                "scale: 6 | services.web.scale: 6, and at most 5",
                "scale: 0 |",
                "cpu_shares: 512 |",
                "mem_limit: \"4294967296\" |",
                "stop_grace_period: \"24h\" | services.web.stop_grace_period: 24h, and at most 300s",
                "ulimits:/nofile: 9999999 | services.web.ulimits.nofile: 9999999, and at most 1048576",
                "healthcheck:/interval: \"1ms\" | services.web.healthcheck.interval: 1ms, and at least 500ms",
                "healthcheck:/start_interval: \"10ms\" | services.web.healthcheck.start_interval: 10ms, and at least",
                "healthcheck:/interval: \"1s\" |",
                "healthcheck:/interval: \"0s\" |",
                "healthcheck:/start_interval: \"0s\" |",
                "memswap_limit: \"-1\" | services.web.memswap_limit: -1 is no limit for Docker",
                "memswap_limit: \"8589934592\" |",
                "scale: 2;memswap_limit: \"17179869184\" | the stack asks for 16g of memory",
                "scale: 5;memswap_limit: \"4294967296\" | the stack asks for 10g of memory",
                "oom_score_adj: -1 | services.web.oom_score_adj: -1, and at least 0",
                "scale: 5;healthcheck:/interval: \"500ms\" | asks for 10 health checks per second, all containers together",
                "scale: 5;mem_limit: \"2147483648\" | the stack asks for 10g of memory, all containers together, and at most 8g",
                "scale: 5;pids_limit: 4096 | asks for 2.048e+04 processes",
            })
    @Tag("R30")
    void aLimitLimits(String keys, String reason) throws Exception {
        var text = SERVICE;
        for (var key : keys.split(";")) {
            text = text.replaceAll("(?m)^    " + key.substring(0, key.indexOf(':')) + ":.*\n", "");
            text += "    " + key.replace("/", "\n      ") + "\n";
        }
        if (reason == null) {
            assertThat(judge(text)).isEmpty();
        } else {
            assertThat(judge(text)).contains(reason);
        }
    }

    @Test
    @Tag("L7")
    void aTextThatLooksLikeARuleIsNoLabel() throws Exception {
        assertThat(judge(labelled(Map.of("note", "traefik.x.rule=Host(`q.test`)"))))
                .contains("services.web.labels.note: looks like a router's rule");
        assertThat(judge(labelled(Map.of("note", "a rule=1 of traefik.io")))).isEmpty();
    }

    private record Values(String path, List<String> good, Predicate<String> ours) {}

    /** What may stand in each label, said a second time and by other means. */
    private static final List<Values> LABELS = List.of(
            label("routers.p__0.rule", JudgeTest::isOurRule, "Host(`p.test`)", "Host(`p.test`) && PathPrefix(`/a`)"),
            label("routers.p__0.service", value -> value.matches("p__(0|[1-9][0-9]{0,3})"), "p__0", "p__12"),
            label("routers.p__0.entrypoints", Set.of("web", "websecure")::contains, "web", "websecure"),
            label("routers.p__0.tls", "true"::equals, "true"),
            label(
                    "routers.p__0.middlewares",
                    value -> value.matches("p__(0|[1-9][0-9]*)__[a-z0-9-]+(,p__(0|[1-9][0-9]*)__[a-z0-9-]+)*"),
                    "p__0__deployment",
                    "p__0__deployment,p__0__x"),
            label("services.p__0.loadbalancer.server.port", JudgeTest::isPort, "80", "65535", "8080"),
            label("middlewares.p__0__x.basicauth.users", JudgeTest::areUsers, "a:" + HASH, "a:" + HASH + ",b:" + HASH),
            label(
                    "middlewares.p__0__x.headers.customresponseheaders.X-Own",
                    value -> value.length() <= 1000 && value.chars().noneMatch(c -> c < 32 || c == 127),
                    "x",
                    "noindex, nofollow"),
            label("middlewares.p__0__x.plugin.a.b", value -> false, "x"),
            label("middlewares.p__0__x.headers.customrequestheaders.Host", value -> false, "x"),
            label("routers.p.rule", value -> false, "Host(`p.test`)"),
            label("services.p__0.loadbalancer.server.url", value -> false, "http://p.test"));

    private static Values label(String name, Predicate<String> ours, String... good) {
        return new Values("traefik.http." + name, List.of(good), ours);
    }

    @Test
    @Tag("L1")
    @Tag("L2")
    @Tag("values")
    void noValueOfALabelForTraefikPassesThatIsNotOurs() throws Exception {
        var tried = 0;
        for (int batch = 0; batch < Ring.count(3, 10); batch++) {
            tried += tryValues(AWKS.get(batch % AWKS.size()), 10_000, new Random(SEED + batch));
        }
        Proof.claim("traefik values: " + tried + " tried, 0 passed that are not ours");
    }

    private int tryValues(String awk, int tried, Random random) throws Exception {
        var asked = new ArrayList<Map.Entry<Values, String>>();
        var text = new StringBuilder("services:\n");
        for (int i = 0; i < tried; i++) {
            var values = LABELS.get(i % LABELS.size());
            var value = i < 10 * LABELS.size()
                    ? values.good().get(i / LABELS.size() % values.good().size())
                    : changed(values.good().get(random.nextInt(values.good().size())), random);
            asked.add(Map.entry(values, value));
            text.append("  s")
                    .append(i)
                    .append(":\n    labels:\n      \"")
                    .append(values.path())
                    .append("\": ");
            text.append(quoted(value)).append('\n');
        }
        var refused = refused(awk, text.toString(), "labels");
        var passed = new HashSet<String>();
        for (int i = 0; i < tried; i++) {
            if (!refused.contains("s" + i)) {
                var values = asked.get(i).getKey();
                assertThat(values.ours())
                        .as("%s %s seed %d", values.path(), asked.get(i).getValue(), SEED)
                        .accepts(asked.get(i).getValue());
                passed.add(values.path());
            }
        }
        assertThat(passed).as("labels that some value passes for").hasSize(8);
        return tried;
    }

    @ParameterizedTest
    @CsvSource({
        "mem_limit, 1, 4294967296",
        "shm_size, 1, 1073741824",
        "cpus, 0.01, 4",
        "cpu_shares, 0, 1024",
        "pids_limit, 1, 4096",
        "scale, 0, 5",
        "healthcheck.interval, 0.5, 1000000000000"
    })
    @Tag("L4")
    void noLimitPassesThatDockerTakesForNone(String key, BigDecimal least, BigDecimal most) throws Exception {
        var random = new Random(SEED);
        var text = new StringBuilder("services:\n");
        var values = new ArrayList<String>();
        var good = key.endsWith("interval")
                ? List.of("1s", "1m30s", "500ms")
                : List.of("1", "0.5", "512", "2g", "100m", "4", "1024k");
        for (int i = 0; i < 3000; i++) {
            var value = i < good.size() ? good.get(i) : changed(good.get(random.nextInt(good.size())), random);
            values.add(value);
            text.append("  s").append(i).append(":\n");
            var indent = "    ";
            for (var part : key.split("\\.")) {
                text.append(i < 0 ? "" : indent).append(part).append(':');
                indent += "  ";
                text.append(key.endsWith(part) ? ' ' + quoted(value) : "").append('\n');
            }
        }
        var refused = refused("awk", text.toString(), key);
        var passed = 0;
        for (int i = 0; i < values.size(); i++) {
            // A health check without an interval has that of the image, or Docker's.
            if (!refused.contains("s" + i) && !values.get(i).equals("0s")) {
                var number = key.endsWith("interval") ? seconds(values.get(i)) : amount(values.get(i));
                var inUnit =
                        key.equals("cpus") || key.endsWith("interval") ? number : number.setScale(0, RoundingMode.DOWN);
                assertThat(inUnit)
                        .as("%s: %s seed %d", key, values.get(i), SEED)
                        .isBetween(least, most);
                passed++;
            }
        }
        assertThat(passed).isBetween(3, values.size() - 100);
    }

    /** Processor time, so that a busy machine does not fail it; ten times as much text in far less than a hundred times the time. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "volumes:\\n      - source: \"%s\" | a",
                "command:\\n      - \"%s\" | $$",
                "command:\\n      - \"%s\" | \\\"",
                "command:\\n      - \"%s\" | \\\\",
                "labels:\\n      \"traefik.http.routers.p__0.rule\": \"%s\" | Host(`p.test`) || ",
                "labels:\\n      \"a\": \"%s\" | traefik.rule",
                "\"%s\": \"v\" | k",
                "labels:\\n%s | '      \"l#\": \"b\"\n'",
                "environment:\\n%s | '      A#: \"b\"\n'",
                "command:\\n%s | '      - \"b\"\n'",
            })
    @Tag("L5")
    void eachTextCostsAsMuchAsItIsLong(String around, String piece) throws Exception {
        for (var awk : AWKS) {
            var small = cost(awk, around, piece, 30_000);
            var large = cost(awk, around, piece, 300_000);
            assertThat(large)
                    .as("%s: %d us of 30 kB, %d us of 300 kB", awk, small, large)
                    .isLessThan(30 * Math.max(small, 20_000));
        }
    }

    private long cost(String awk, String around, String piece, int bytes) throws Exception {
        var filling = new StringBuilder();
        for (int i = 0; filling.length() < bytes; i++) {
            filling.append(piece.replace("#", Integer.toString(i)).replace("A" + i, "\"A" + i + '"'));
        }
        var text = "services:\n  web:\n    " + around.replace("\\n", "\n").formatted(filling);
        var before = Files.writeString(directory.resolve("file"), text + '\n');
        var process = start(awk, directory.resolve("judge.awk"), before);
        process.getInputStream().readAllBytes();
        process.waitFor();
        return userMicros();
    }

    private static long childMicros;

    private static long userMicros() throws IOException {
        // cutime of this process: what its ended children have used.
        var fields = Files.readString(Path.of("/proc/self/stat"))
                .replaceFirst("^.*\\) ", "")
                .split(" ");
        var all = Long.parseLong(fields[13]) * 10_000;
        var one = all - childMicros;
        childMicros = all;
        return one;
    }

    private static boolean isOurRule(String value) {
        var path = value.contains(" && PathPrefix(`/") ? value.substring(value.indexOf(" && PathPrefix(`/")) : "";
        var hosts = HOST.matcher(value.substring(0, value.length() - path.length()));
        var rest = hosts.replaceAll("");
        return Set.of("", "( || )").contains(rest)
                && HOST.matcher(value).results().allMatch(host -> host.group(1).equals("p.test"))
                && path.matches("( && PathPrefix\\(`/[^`]*`\\))?");
    }

    private static boolean isPort(String value) {
        return value.matches("[1-9][0-9]{0,4}") && Integer.parseInt(value) <= 65_535;
    }

    private static boolean areUsers(String value) {
        for (var user : value.split(",", -1)) {
            var hash = user.substring(user.indexOf(':') + 1);
            if (!hash.matches("\\$2[aby]\\$1[012]\\$[./A-Za-z0-9]{53}")) {
                return false;
            }
        }
        return true;
    }

    private static BigDecimal amount(String value) {
        var digits = value.replaceFirst("[a-zA-Z]+$", "");
        var unit = value.substring(digits.length()).toLowerCase(Locale.ROOT);
        var power = unit.isEmpty() ? 0 : "bkmgt".indexOf(unit.charAt(0));
        return new BigDecimal(digits).multiply(BigDecimal.valueOf(1024).pow(power));
    }

    private static BigDecimal seconds(String value) {
        var sum = BigDecimal.ZERO;
        var parts = Pattern.compile("([0-9.]+)(ns|us|ms|s|m|h|d|w)").matcher(value);
        var seconds = Map.of(
                "ns",
                "0.000000001",
                "us",
                "0.000001",
                "ms",
                "0.001",
                "s",
                "1",
                "m",
                "60",
                "h",
                "3600",
                "d",
                "86400",
                "w",
                "604800");
        while (parts.find()) {
            sum = sum.add(new BigDecimal(parts.group(1)).multiply(new BigDecimal(seconds.get(parts.group(2)))));
        }
        return sum;
    }

    private static String changed(String text, Random random) {
        var out = new StringBuilder(text);
        for (int n = random.nextInt(3); n >= 0; n--) {
            var at = random.nextInt(out.length() + 1);
            var piece = PIECES.get(random.nextInt(PIECES.size()));
            switch (random.nextInt(3)) {
                case 0 -> out.insert(at, piece);
                case 1 -> out.replace(at, Math.min(out.length(), at + 1), piece);
                default -> out.delete(at, Math.min(out.length(), at + 1 + random.nextInt(2)));
            }
        }
        return out.toString();
    }

    /** As the emitter writes it. */
    private static String quoted(String value) {
        var out = new StringBuilder("\"");
        value.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> out.append('\\').append((char) c);
                case '\n' -> out.append("\\n");
                case '$' -> out.append("$$");
                case 0 -> out.append("\\u0000");
                default -> out.append((char) c);
            }
        });
        return out.append('"').toString();
    }

    /** What every awk says of a file, with more lines of policy if there are any. */
    private String judge(String text, String... more) throws Exception {
        var said = new HashSet<String>();
        for (var awk : AWKS) {
            var process = start(
                    awk, directory.resolve("judge.awk"), Files.writeString(directory.resolve("file"), text), more);
            said.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
        }
        assertThat(said).hasSize(1);
        return said.iterator().next();
    }

    /** The services of whose key something is said. Here the judge says all, not the first ten. */
    private Set<String> refused(String awk, String text, String key) throws Exception {
        var program = program();
        var start = program.indexOf("function complain(");
        program = program.substring(0, start) + "function complain(text) { if (index(text, \"." + key
                + "\") || text ~ /^line/) print text }\n" + program.substring(program.indexOf("\n}\n", start) + 3);
        var file = Files.writeString(directory.resolve("file"), text);
        var process = start(awk, Files.writeString(directory.resolve("all.awk"), program), file);
        var refusal = Pattern.compile("services\\.(s[0-9]+)\\." + Pattern.quote(key) + "[.:].*");
        var services = new HashSet<String>();
        try (var lines = process.inputReader(StandardCharsets.ISO_8859_1)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    continue; // the verdict
                }
                var service = refusal.matcher(line);
                assertThat(service.matches()).as(line).isTrue();
                services.add(service.group(1));
            }
        }
        assertThat(process.waitFor())
                .as("a file that the judge reads to its end")
                .isZero();
        return services;
    }

    private static String program() throws IOException {
        return resource("gate/judge.awk");
    }

    private static String resource(String name) throws IOException {
        try (var in = JudgeTest.class.getResourceAsStream("/io/github/xdevops/compose/server/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Process start(String awk, Path program, Path file, String... more) throws IOException {
        var command = new ArrayList<>(List.of(awk.split(" ")));
        if (!Files.exists(program)) {
            Files.writeString(program, program());
        }
        var policy = new StringBuilder(resource("gate/review.policy"));
        for (var part : more) {
            policy.append(resource(part));
        }
        var lines = Files.writeString(directory.resolve("lines"), policy);
        command.addAll(List.of(
                "-v",
                "project=p",
                "-v",
                "hosts=p.test",
                "-v",
                "proxy=",
                "-f",
                program.toString(),
                lines.toString(),
                file.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        return builder.start();
    }
}
