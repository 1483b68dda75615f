package io.github.xdevops.compose.it;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.it.soak.Content;
import io.github.xdevops.compose.it.soak.Gone;
import io.github.xdevops.compose.it.soak.Seen;
import io.github.xdevops.compose.it.soak.Snapshot;
import io.github.xdevops.compose.it.soak.Target;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Looks at what lies on the server and runs on its engine, past the tool that is tested. */
final class SoakEyes implements AutoCloseable {
    static final String ELSEWHERE = "acme/elsewhere";

    /**
     * Each line begins with what it is about; waits until no script and no lock of ours is in use, and the engine has done to the
     * containers what killed clients asked for: it answers `inspect` of one that it is starting when that has ended.
     */
    private static final String LOOK = """
            turns=0
            while pgrep -f "[s]tacks-[0-9a-f]*[.]sh [a-z]* state=(/.*/)?$STATE " >/dev/null; do
              turns=$((turns + 1))
              [ $turns -lt 3000 ] || { echo "busy $(pgrep -af '[s]tacks-[0-9a-f]*[.]sh')" && break; }
              sleep 0.05
            done
            for lock in "$STATE"/.locks/*; do [ ! -e "$lock" ] || flock -w 120 "$lock" true || echo "busy $lock"; done
            docker ps -aq --filter name=soak- | xargs -r docker inspect >/dev/null 2>&1 || true
            echo "now $(date +%s)"
            docker ps -a --no-trunc --filter name=soak- \\
              --format 'container {{.Label "com.docker.compose.project"}} {{.ID}} {{.State}} {{.Label "com.docker.compose.service"}}:{{.Label "soak.version"}}' &&
            docker network ls --filter name=soak- --format 'network {{.Label "com.docker.compose.project"}} {{.ID}}' &&
            docker volume ls --filter name=soak- --format 'volume {{.Label "com.docker.compose.project"}} {{.Name}}' || echo "busy engine"
            cd "$STATE" 2>/dev/null || exit 0
            for place in soak-*/ soak-*/removing soak-*/sweep-failures; do [ ! -e "$place" ] || echo "place $place"; done
            grep -H '' soak-*/removeat soak-*/manifest.json .gone/* 2>/dev/null | sed 's/^/line /'
            sha256sum soak-*/docker-compose.yml soak-*/docker-compose.previous.yml 2>/dev/null | sed 's/^/sum /'
            grep -H '' reference/* | sed 's/^/other /'
            find .staging .trash -mindepth 1 -maxdepth 1 -printf 'garbage %p\\n' 2>/dev/null || true
            """;

    private final Host host;
    private final Map<String, Content> known = new ConcurrentHashMap<>();

    SoakEyes(TestServer server) {
        host = server.connect();
    }

    /** What a compose file of this text says. */
    void learn(String text, Content content) {
        known.put(hash(text), content);
    }

    /** Runs a script on the server; it must succeed. */
    String run(String script) {
        return run(host, script, List.of());
    }

    /** The same with words, and with the state directory in {@code STATE}. */
    static String run(Host host, String script, List<String> words) {
        var all = new ArrayList<>(List.of(SoakHost.STATE));
        all.addAll(words);
        var command = Command.script("STATE=$1 && export STATE && shift && exec /bin/sh -s \"$@\"", all)
                .withStdin(script.getBytes(StandardCharsets.UTF_8))
                .withDeadline(Duration.ofMinutes(5));
        var result = host.run(command, line -> {});
        if (!result.ok()) {
            throw new AssertionError(script + ": " + result.err());
        }
        return result.out();
    }

    Snapshot look() {
        var all = new ArrayList<Found>();
        for (int i = 0; i < Target.PROJECTS; i++) {
            all.add(new Found());
        }
        var others = new TreeSet<String>();
        long now = 0;
        int garbage = 0;
        for (var line : run(LOOK).lines().toList()) {
            var words = line.split(" ", 3);
            switch (words[0]) {
                case "now" -> now = Long.parseLong(words[1]);
                case "garbage" -> garbage++;
                case "busy" -> throw new AssertionError("nobody should be at work any more: " + line);
                default -> {
                    var name = line.replaceFirst("^[a-z]+ ([0-9a-f]{64}  )?([.]gone/)?", "");
                    if (name.matches("soak-[0-9].*")) {
                        all.get(name.charAt(SoakHost.PREFIX.length()) - '0').hear(line);
                    } else {
                        others.add(line);
                    }
                }
            }
        }
        return new Snapshot(now, all.stream().map(Found::seen).toList(), List.copyOf(others), garbage);
    }

    @Override
    public void close() {
        host.close();
    }

    private static String hash(String text) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The lines about one project. */
    private final class Found {
        private final Set<String> places = new TreeSet<>();
        private final Set<String> containers = new TreeSet<>();
        private final Set<String> resources = new TreeSet<>();
        private final Map<String, String> manifest = new HashMap<>();
        private final Map<String, String> sums = new HashMap<>();
        private String lease = "0";
        private Gone gone;

        void hear(String line) {
            var words = line.split(" +", 5);
            switch (words[0]) {
                case "place" -> places.add(line.replaceFirst(".*/", ""));
                case "container" -> {
                    resources.add("container " + words[2]);
                    containers.add(words[4] + " " + words[3] + " " + words[2]);
                }
                case "network", "volume" -> resources.add(words[0] + " " + words[2]);
                case "sum" -> sums.put(words[2].replaceFirst(".*/", ""), words[1]);
                default -> hearFile(line.substring(line.indexOf(':') + 1), words[1]);
            }
        }

        private void hearFile(String text, String name) {
            if (name.startsWith(".gone/") && !text.contains(" ")) {
                return; // whose it was
            } else if (name.startsWith(".gone/")) {
                gone = new Gone(Long.parseLong(text.split(" ")[0]), text.endsWith(" " + identity(true, name)));
            } else if (name.contains("/removeat:")) {
                lease = text;
            } else if (text.contains(": ")) {
                var value = text.substring(text.indexOf(": ") + 2).replaceFirst(",$", "");
                manifest.put(text.substring(1, text.indexOf("\":")), value.replaceAll("^\"|\"$", ""));
            }
        }

        private String identity(boolean other, String name) {
            var project = name.replaceFirst(".*soak-([0-9]).*", "$1");
            return hash((other ? ELSEWHERE : "acme/soak") + "\0branch/" + project);
        }

        Seen seen() {
            var record = places.contains("");
            var hosts = manifest.getOrDefault("hosts", "");
            return new Seen(
                    record,
                    manifest.getOrDefault("state", ""),
                    places.contains("removing"),
                    manifest.getOrDefault("about", "").contains("\"" + ELSEWHERE + "\""),
                    hosts.startsWith(SoakHost.PREFIX) ? hosts.charAt(SoakHost.PREFIX.length()) - '0' : -1,
                    Long.parseLong(manifest.getOrDefault("sequence", "0")),
                    Long.parseLong(manifest.getOrDefault("generation", "0")),
                    Long.parseLong(manifest.getOrDefault("created", "0")),
                    content("docker-compose.yml"),
                    content("docker-compose.previous.yml"),
                    lease.matches("[0-9]{1,12}") ? Long.parseLong(lease) : -1,
                    places.contains("sweep-failures"),
                    Set.copyOf(containers),
                    Set.copyOf(resources),
                    gone);
        }

        private Content content(String file) {
            var sum = sums.get(file);
            return sum == null ? null : known.getOrDefault(sum, new Content(null, -1));
        }
    }
}
