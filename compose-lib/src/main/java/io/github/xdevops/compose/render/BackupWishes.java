package io.github.xdevops.compose.render;

import io.github.xdevops.compose.ComposeException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the keys of services that the server's backup reads: {@code x-backup} ({@code none}, {@code stop: true}, or the commands
 * {@code dump} and {@code load}) and {@code x-seed} (the command {@code scrub}). Commands run in containers of the service.
 */
final class BackupWishes {
    private static final String KEY = "x-backup";
    private static final String SEED = "x-seed";
    private static final int LONGEST = 4096;

    private BackupWishes() {}

    /** @throws ComposeException {@code DATA} naming the key that is wrong */
    static void check(Map<String, @Nullable Object> tree) {
        if (tree.get("services") instanceof Map<?, ?> services) {
            services.forEach((name, service) -> {
                if (service instanceof Map<?, ?> members) {
                    var path = "services." + name + ".";
                    if (members.get(KEY) != null) {
                        check(path + KEY, members.get(KEY));
                    }
                    if (members.get(SEED) != null) {
                        checkSeed(path + SEED, members.get(SEED));
                    }
                }
            });
        }
    }

    private static void check(String path, @Nullable Object wish) {
        if ("none".equals(wish)) {
            return;
        }
        if (!(wish instanceof Map<?, ?> members)) {
            throw ComposeException.data(path + " must be `none`, `{stop: true}` or `{dump: COMMAND, load: COMMAND}`");
        }
        if (members.keySet().equals(Set.of("stop")) && members.get("stop") instanceof Boolean) {
            return;
        }
        if (!members.keySet().equals(Set.of("dump", "load"))) {
            throw ComposeException.data(path + " must have `dump` and `load`, or `stop: true`, and nothing else");
        }
        checkCommands(path, members);
    }

    private static void checkSeed(String path, @Nullable Object wish) {
        if (!(wish instanceof Map<?, ?> members) || !members.keySet().equals(Set.of("scrub"))) {
            throw ComposeException.data(path + " is not `{scrub: COMMAND}`");
        }
        checkCommands(path, members);
    }

    private static void checkCommands(String path, Map<?, ?> members) {
        members.forEach((key, command) -> {
            if (!(command instanceof String text) || text.isBlank() || text.length() > LONGEST) {
                throw ComposeException.data(
                        path + "." + key + " is not a command: a string of at most " + LONGEST + " characters");
            }
        });
    }
}
