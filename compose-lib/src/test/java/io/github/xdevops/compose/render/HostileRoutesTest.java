package io.github.xdevops.compose.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Whatever a host, prefix, path, service or branch is called: it is refused, or it stays in its place in rule, label and YAML. */
@Tag("B4")
@Tag("names")
class HostileRoutesTest {
    private static final int CASES = Ring.count(10_000, 100_000);
    private static final int ROUTES_OF_A_STACK = 500;

    private static final List<String> PIECES = List.of(
            "a",
            "b-c",
            "x9",
            "-",
            "_",
            ".",
            "..",
            "/",
            "//",
            "~",
            "`",
            "`)",
            "`) || Host(`victim.test",
            ") && (",
            "||",
            "&&",
            "!",
            "Host(`a`)",
            "HostRegexp(`.*`)",
            "@internal",
            "@docker",
            ",",
            ";",
            ":",
            "::1",
            "[",
            "]",
            "{",
            "}",
            "{{.X}}",
            "$",
            "$$",
            "${X}",
            "[=project]",
            "[#include 'x']",
            "<#assign>",
            "\"",
            "'",
            "\\",
            "\\n",
            "\n",
            "\r",
            "\r\n",
            "\t",
            " ",
            "\0",
            "\u0085",
            "\u2028",
            "\u2029",
            "\ufeff",
            "\u202e",
            "\ud800",
            "ß",
            "é",
            "日本",
            "😀",
            "İ",
            "ı",
            "K",
            "%",
            "%2e",
            "%0a",
            "#",
            "# c",
            ": y",
            "- z",
            "&a",
            "*a",
            "!t",
            "?",
            "|",
            ">",
            "null",
            "true",
            "0x1f",
            "1e3",
            "A",
            "WWW.",
            "www.",
            "xn--a",
            "traefik",
            "traefik.enable",
            "localhost",
            "@",
            "user@",
            "=",
            "\u200b");
    private static final Pattern HOST = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*");
    private static final Pattern RULE =
            Pattern.compile("(?:Host\\(`([^`]+)`\\)|\\(Host\\(`([^`]+)`\\) \\|\\| Host\\(`www\\.([^`]+)`\\)\\))"
                    + "(?: && PathPrefix\\(`(/[^`]+)`\\))?");

    @TempDir
    Path directory;

    private final long seed = Ring.seed();
    private final Random random = new Random(seed);

    @Test
    void aRuleSaysTheHostAndThePathAndNothingElse() {
        int kept = 0;
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            var host = hostile("a.test");
            var prefix = random.nextInt(4) == 0 ? hostile("m") : "";
            var path = random.nextInt(2) == 0 ? "/" + hostile("p") : "/";
            var www = random.nextInt(4) == 0;
            var endpoint = kept(() -> {
                var route = random.nextBoolean()
                        ? new Route("web", 80, prefix, path)
                        : Route.parse(
                                (prefix.isEmpty() ? "" : prefix + "=") + "web:80" + (path.equals("/") ? "" : path));
                var address = Address.parse(host).prefixed(route.prefix());
                return new Endpoint(route, address, www ? "www." + address.host() : null, "x");
            });
            if (endpoint == null) {
                refused++;
                continue;
            }
            kept++;
            var said = endpoint.address().host();
            var rule = RULE.matcher(endpoint.rule());
            assertThat(rule.matches()).as("seed %s: %s", seed, endpoint).isTrue();
            assertThat(said).as("seed %s", seed).matches(HOST).hasSizeLessThanOrEqualTo(253);
            assertThat(www ? rule.group(2) : rule.group(1)).isEqualTo(said);
            assertThat(www ? rule.group(3) : said).isEqualTo(said);
            var wanted = endpoint.route().path();
            assertThat(rule.group(4)).as("seed %s", seed).isEqualTo(wanted.equals("/") ? null : wanted);
            assertThat(wanted).matches("/[a-zA-Z0-9._~/-]*");
        }
        System.out.println("hostile routes: seed " + seed + ", " + kept + " kept, " + refused + " refused");
        assertThat(kept).isGreaterThan(CASES / 50);
        assertThat(refused).isGreaterThan(CASES / 50);
        Proof.claim("isolation: " + CASES + " hostile hosts and paths, " + refused + " refused, " + kept
                + " in a rule that says exactly them");
    }

    @Test
    void everyBranchsLabelsAreExactlyThoseOfItsOwnRouter() throws IOException {
        int routed = 0;
        int stacks = 0;
        while (routed < CASES) {
            var routes = new ArrayList<Route>();
            var urls = new HashSet<String>(); // two routes with one URL are refused
            while (routes.size() < ROUTES_OF_A_STACK) {
                var route = kept(() -> new Route("web", 1 + random.nextInt(65_535), friendly(), "/" + hostile("p")));
                if (route != null && urls.add(route.prefix() + " " + route.path())) {
                    routes.add(route);
                }
            }
            check(routes);
            routed += routes.size();
            stacks++;
        }
        System.out.println("hostile labels: seed " + seed + ", " + routed + " routes in " + stacks + " stacks");
        Proof.claim("isolation: " + routed + " routes of " + stacks
                + " branches with hostile names, each label in the compose file exactly its own router's");
    }

    private void check(List<Route> routes) throws IOException {
        var environment = Environment.of("acme/" + printable(hostile("x")), printable(hostile("feature")));
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: x}}\n");
        var stack = Stack.in(directory)
                .environment(environment)
                .domain("ci.test")
                .routes(routes)
                .render();
        var router = stack.project();
        assertThat(router).as("seed %s", seed).matches("[a-z0-9][a-z0-9-]{0,62}");
        var expected = new TreeMap<String, Object>(Map.of(
                "io.github.xdevops.compose.managed",
                "true",
                "traefik.enable",
                "true",
                "traefik.docker.network",
                router + "_default"));
        for (int i = 0; i < routes.size(); i++) {
            var name = router + "__" + i;
            var route = routes.get(i);
            var host = (route.prefix().isEmpty() ? "" : route.prefix() + "-") + router + ".ci.test";
            var rule =
                    "Host(`" + host + "`)" + (route.path().equals("/") ? "" : " && PathPrefix(`" + route.path() + "`)");
            expected.put("traefik.http.routers." + name + ".rule", rule);
            expected.put("traefik.http.routers." + name + ".entrypoints", "web");
            expected.put("traefik.http.routers." + name + ".service", name);
            expected.put("traefik.http.routers." + name + ".middlewares", name + "__deployment");
            expected.put(
                    "traefik.http.middlewares." + name
                            + "__deployment.headers.customresponseheaders.X-Compose-Deployment",
                    stack.endpoints().get(i).mark());
            expected.put("traefik.http.services." + name + ".loadbalancer.server.port", Integer.toString(route.port()));
        }
        var settings = LoadSettings.builder().setCodePointLimit(10_000_000).build();
        var file = map(new Load(settings).loadFromString(stack.text()));
        assertThat(file).as("seed %s", seed).containsOnlyKeys("services", "networks");
        var services = map(file.get("services"));
        assertThat(services).as("seed %s", seed).containsOnlyKeys("web");
        assertThat(map(map(services.get("web")).get("labels")))
                .as("seed %s", seed)
                .isEqualTo(expected);
    }

    @SuppressWarnings("unchecked") // keys of a compose file's maps are strings
    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    /** What it makes, or {@code null} where that is refused; nothing else may happen. */
    private <T> @Nullable T kept(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (ComposeException e) {
            assertThat(e.word()).as("seed %s", seed).isEqualTo(Outcome.USAGE);
            return null;
        }
    }

    private String hostile(String good) {
        var text = new StringBuilder(random.nextInt(3) == 0 ? "" : good);
        for (int i = random.nextInt(4); i > 0; i--) {
            var piece = PIECES.get(random.nextInt(PIECES.size()));
            text.insert(random.nextInt(text.length() + 1), random.nextInt(50) == 0 ? piece.repeat(100) : piece);
        }
        return text.toString();
    }

    private String friendly() {
        return random.nextInt(3) == 0 ? "" : "p" + random.nextInt(1000);
    }

    /** As far as an environment's name may go. */
    private static String printable(String name) {
        var text = name.replace("\0", "");
        var whole = text.substring(0, Math.min(text.length(), 900)).replaceAll("\\p{Cs}", "");
        return whole.isBlank() ? "x" : whole;
    }
}
