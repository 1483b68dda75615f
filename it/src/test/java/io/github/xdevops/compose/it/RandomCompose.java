package io.github.xdevops.compose.it;

import io.github.xdevops.compose.corpus.CorpusCase;
import io.github.xdevops.compose.text.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small compose files by chance: the same seed gives the same files. About one in five holds something wrong. */
final class RandomCompose {

    private static final List<String> SERVICES = List.of("web", "db", "cache", "job");
    private static final List<String> WORDS = List.of(
            "a",
            "b-c",
            "x=y",
            "",
            "yes",
            "0777",
            "1e3",
            "22:22",
            "a b",
            "it's",
            "say \"hi\"",
            "$A",
            "${A}",
            "${NOPE:-d}",
            "${E:-e}",
            "$$x",
            "${A:+set}",
            "é😀",
            "#c",
            "- x",
            "~",
            "null",
            "tab\tx",
            "line\nline",
            "{a}",
            "[b]",
            "\\n",
            "%s",
            "*",
            "&a",
            "!t");

    /** Stands for a null until it is in a map. */
    private static final Object NONE = new Object();

    private final Random random;

    private RandomCompose(long seed) {
        this.random = new Random(seed);
    }

    /** One to three files, to be merged in this order. */
    static CorpusCase project(long seed) {
        var random = new RandomCompose(seed);
        int count = 1 + (random.chance(40) ? 1 : 0) + (random.chance(10) ? 1 : 0);
        var files = new LinkedHashMap<>(Map.of("variables", "A=one\nE=\nTAG=1.2\nN=3\n"));
        var arguments = new StringBuilder();
        for (int i = 0; i < count; i++) {
            files.put(i + ".yaml", Json.write(random.document(i == 0)));
            arguments.append("-f ").append(i).append(".yaml ");
        }
        files.put("args", arguments.toString());
        return new CorpusCase("seed-" + seed, Path.of("random"), files);
    }

    private Map<String, Object> document(boolean first) {
        Map<String, Object> services = new LinkedHashMap<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            services.put(SERVICES.get(first ? i : random.nextInt(count)), service(first, i));
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("services", services);
        Map<String, Object> resource = new LinkedHashMap<>();
        some(resource, "driver", 30, () -> pick("bridge", "local"));
        some(resource, "labels", 30, this::keyValues);
        some(resource, "name", 20, () -> "fixed-" + pick("a", "b"));
        if (first || chance(20)) {
            out.put("networks", of("n1", resource, "n2", chance(50) ? NONE : Map.of()));
            out.put("volumes", of("v1", chance(50) ? NONE : of("driver", "local"), "v2", Map.of()));
            out.put("configs", of("c1", of("content", word(), "x-note", 1)));
            out.put("secrets", of("s1", of("file", "./secret.txt")));
        }
        some(out, "x-extra", 20, () -> of("list", List.of(1, 2.5, "z"), "word", word()));
        return out;
    }

    private Map<String, Object> service(boolean first, int index) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (first || chance(70)) {
            out.put("image", pick("nginx", "postgres:16", "registry.example/x/y:${TAG}", "${NOPE:-redis}"));
        }
        some(
                out,
                "command",
                30,
                () -> pick((Object) "run --x 'a b' \"c\"", List.of("sh", "-c", word()), "", NONE, List.of()));
        some(out, "entrypoint", 15, () -> pick((Object) "/e.sh", List.of("/e.sh", "-x")));
        some(out, "environment", 60, this::keyValues);
        some(out, "labels", 40, this::keyValues);
        some(out, "ports", 40, () -> list(this::port));
        some(out, "volumes", 40, () -> list(this::mount));
        some(
                out,
                "networks",
                30,
                () -> chance(50) ? List.of("n1", "n2") : of("n1", NONE, "n2", of("aliases", List.of("q", word()))));
        some(
                out,
                "depends_on",
                index > 0 && first ? 40 : 0,
                () -> chance(50)
                        ? List.of("web")
                        : of(
                                "web",
                                of("condition", pick("service_started", "service_healthy"), "restart", chance(50))));
        some(
                out,
                "healthcheck",
                25,
                () -> of(
                        "test", pick((Object) "curl x", List.of("CMD", "a", word())),
                        "interval", pick("10s", "1m30s", "90s", "0.5s", "1h"),
                        "retries", pick((Object) 3, "${N}")));
        some(
                out,
                "deploy",
                20,
                () -> of(
                        "replicas", pick((Object) 1, "${N}"),
                        "resources", of("limits", of("cpus", pick("0.5", "1", "0.001"), "memory", pick("64M", "1g")))));
        some(out, "restart", 30, () -> pick("always", "no", "unless-stopped", "on-failure:3"));
        some(
                out,
                "mem_limit",
                out.containsKey("deploy") ? 1 : 20,
                () -> pick((Object) "512m", 1048576, "1.5gb", "2 GiB"));
        some(out, "cpus", out.containsKey("deploy") ? 1 : 15, () -> pick((Object) 0.5, "1.25", 2));
        some(out, "privileged", 10, () -> pick((Object) true, false, "${NOPE:-yes}"));
        some(out, "read_only", 10, () -> chance(50));
        some(out, "init", 15, () -> chance(50));
        some(out, "stop_grace_period", 15, () -> pick("10s", "1m", "1h5s", "300ms"));
        some(out, "expose", 15, () -> pick((Object) List.of("80", 81), List.of(80)));
        some(out, "dns", 10, () -> pick((Object) "1.1.1.1", List.of("1.1.1.1", "8.8.8.8")));
        some(out, "tmpfs", 10, () -> pick((Object) "/run", List.of("/run", "/tmp:size=1m")));
        some(out, "extra_hosts", 15, () -> pick((Object) List.of("h:1.2.3.4", "g=::1"), of("h", "5.6.7.8")));
        some(out, "ulimits", 10, () -> of("nofile", pick((Object) 100, of("soft", 1, "hard", 2))));
        some(
                out,
                "logging",
                15,
                () -> of("driver", pick("json-file", "journald"), "options", of("max-size", pick((Object) "1m", 5))));
        some(out, "configs", 10, () -> List.of(pick((Object) "c1", of("source", "c1", "target", "/c", "mode", 288))));
        some(out, "secrets", 10, () -> List.of(pick((Object) "s1", of("source", "s1", "uid", "1"))));
        some(out, "cap_add", 10, () -> List.of("NET_ADMIN", pick("SYS_TIME", "NET_ADMIN")));
        some(out, "profiles", 4, () -> List.of(pick("p1", "p2")));
        some(out, "build", 10, () -> pick((Object) "./ctx", of("context", ".", "args", keyValues(), "target", word())));
        some(out, "x-own", 10, () -> of("a", word(), "n", NONE, "f", 1.5));
        some(out, pick("imag", "port", "Image", "network", "x"), 2, this::word);
        some(
                out,
                pick("hostname", "user", "ports", "environment", "image", "healthcheck"),
                3,
                () -> pick((Object) 5, true, List.of(1), of("a", of("b", 1))));
        return out;
    }

    private Object keyValues() {
        if (chance(50)) {
            List<Object> out = new ArrayList<>();
            for (String name : List.of("A", "K1", "K2", "NOPE")) {
                if (chance(50)) {
                    out.add(chance(20) ? name : name + "=" + word());
                }
            }
            return out;
        }
        Map<String, Object> out = new LinkedHashMap<>();
        for (String name : List.of("A", "K1", "K3", "a.b/c")) {
            some(out, name, 50, () -> pick(word(), 5, 1.5, true, NONE, 1234567.5));
        }
        return out;
    }

    private Object port() {
        return pick(
                "80",
                443,
                "8080:80",
                "127.0.0.1:8080:80",
                "9000-9003:9000-9003",
                "53:53/udp",
                "7000-7005:70",
                "[::1]:81:80",
                of("target", 80, "published", pick((Object) "8080", "81")),
                of("target", "90", "host_ip", "127.0.0.1", "mode", "host"),
                "8080:80/tcp");
    }

    private Object mount() {
        return pick(
                "./src:/src",
                "v1:/data",
                "/abs:/abs:ro",
                "v2:/data:nocopy",
                "/anonymous",
                "~/h:/h:ro,z",
                "../up:/up/",
                of("type", "bind", "source", "./src", "target", "/src2", "read_only", true),
                of("type", "tmpfs", "target", "/t", "tmpfs", of("size", "10m")),
                of("type", "volume", "source", "v1", "target", "/data"));
    }

    private List<Object> list(java.util.function.Supplier<Object> item) {
        List<Object> out = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            out.add(item.get());
        }
        return out;
    }

    private void some(Map<String, Object> map, String key, int percent, java.util.function.Supplier<Object> value) {
        if (chance(percent)) {
            put(map, key, value.get());
        }
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private Object word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    @SafeVarargs
    private <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static Map<String, Object> of(Object... pairs) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            put(out, (String) pairs[i], pairs[i + 1]);
        }
        return out;
    }

    @SuppressWarnings("NullAway") // a null is what Json.write is to write here
    private static void put(Map<String, Object> map, String key, Object value) {
        map.put(key, value == NONE ? null : value);
    }
}
