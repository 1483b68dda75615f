package io.github.xdevops.compose.it.bench;

import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.LocalHost;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A tick of the sweeper with nothing to do, beside one {@code docker ps -aq}, which it does without. */
public final class SweepBench {
    private SweepBench() {}

    /** Arguments: an empty directory, the report, the number of rounds. */
    public static void main(String[] arguments) throws IOException {
        var directory = Path.of(arguments[0]).toAbsolutePath();
        var few = tick(directory.resolve("one"), 1);
        var many = tick(directory.resolve("thousand"), 1000);
        var docker = new Tool(
                directory,
                Map.of(),
                Tool.NOTHING,
                List.of(BenchServer.fromVariables().docker(), "ps", "-aq"));
        var ofFew = new Times();
        var ofMany = new Times();
        var ofDocker = new Times();
        for (var round = 0; round < Integer.parseInt(arguments[2]); round++) {
            ofFew.measure(few::run);
            ofMany.measure(many::run);
            ofDocker.measure(docker::run);
        }
        var report = String.format(
                Locale.ROOT,
                """
                | a tick with nothing to do | median / `docker ps -aq` | min … max |
                |---|---|---|
                | 1 record | %.2f × | %s |
                | 1,000 records | %.2f × | %s |
                """,
                ofFew.median() / ofDocker.median(),
                range(ofFew.against(ofDocker, (tick, ps) -> tick / ps)),
                ofMany.median() / ofDocker.median(),
                range(ofMany.against(ofDocker, (tick, ps) -> tick / ps)));
        System.out.print(report);
        Files.writeString(Path.of(arguments[1]), report);
    }

    private static String range(Times ratio) {
        return String.format(Locale.ROOT, "%.2f … %.2f", ratio.min(), ratio.max());
    }

    private static Tool tick(Path state, int records) throws IOException {
        for (var i = 0; i < records; i++) {
            var record = Files.createDirectories(state.resolve("p" + i));
            Files.writeString(record.resolve("removeat"), (Instant.now().getEpochSecond() + 86_400) + "\n");
        }
        try (var stacks = Stacks.on(new LocalHost(), state.toString())) {
            stacks.sweep(Progress.NONE);
        }
        try (var scripts = Files.list(state.resolve(".host"))) {
            var script = scripts.findFirst().orElseThrow().toString();
            return Tool.in(state, "/bin/sh", script, "sweep", "state=" + state);
        }
    }
}
