package io.github.xdevops.compose.it;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;

/** Tries from inside of a container to reach others, all at once. */
final class Attempts {
    // What can be reached answers within milliseconds; what is dropped or has no name never does.
    private static final String TRY = """
            try() {
              case $1 in
              connect) timeout 3 nc "$2" "$3" </dev/null ;;
              ping) timeout 3 ping -c 1 -W 3 "$2" ;;
              resolve) timeout 3 nslookup "$2" ;;
              esac >/dev/null 2>&1 && echo "$*"
            }
            for attempt; do try $attempt & done
            wait
            """;

    private final TestServer server;

    Attempts(TestServer server) {
        this.server = server;
    }

    static String connect(String target, int port) {
        return "connect " + target + " " + port;
    }

    static String ping(String address) {
        return "ping " + address;
    }

    static String resolve(String name) {
        return "resolve " + name;
    }

    /** The sum of what is tried from each, from all of them at once: most attempts only wait. */
    static int fromEach(List<Occupant> occupants, ToIntFunction<Occupant> trial) {
        var pool = Executors.newFixedThreadPool(occupants.size());
        try {
            return occupants.stream()
                    .map(occupant -> CompletableFuture.supplyAsync(() -> trial.applyAsInt(occupant), pool))
                    .toList()
                    .stream()
                    .mapToInt(CompletableFuture::join)
                    .sum();
        } finally {
            pool.shutdownNow();
        }
    }

    /** Those of the attempts that succeed in a container. */
    Set<String> reached(String container, Collection<String> attempts) {
        var command = new ArrayList<>(List.of("exec", container, "sh", "-c", TRY, "sh"));
        command.addAll(attempts);
        return new TreeSet<>(
                server.docker(command.toArray(String[]::new)).lines().toList());
    }

    /** The addresses that a name has in a container; empty when it has none. */
    Set<String> addresses(String container, String name) {
        var said =
                server.docker("exec", container, "sh", "-c", "timeout 5 nslookup \"$1\" 2>/dev/null || :", "sh", name);
        var found = new TreeSet<String>();
        // The first address is that of the name server.
        said.lines()
                .dropWhile(line -> !line.startsWith("Name:"))
                .filter(line -> line.startsWith("Address"))
                .forEach(line ->
                        found.add(line.replaceFirst("^Address[^:]*: *", "").strip()));
        return found;
    }
}
