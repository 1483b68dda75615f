package io.github.xdevops.compose.it.bench;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.doctor.Doctor;
import io.github.xdevops.compose.doctor.DoctorOptions;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Compares {@code compose:doctor} with {@code compose:list}, over connections that are already open. */
public final class DoctorBench {
    private static final int WARM_UP = 3;

    private DoctorBench() {}

    /** Arguments: the report, the number of rounds. */
    public static void main(String[] arguments) throws IOException {
        var server = BenchServer.fromVariables();
        var options = new DoctorOptions(Stacks.STATE_DIRECTORY, server.host(), Address.parse(server.domain()), null);
        var ofDoctor = new Times();
        var ofList = new Times();
        try (var host = server.login()) {
            var stacks = Stacks.on(host);
            for (var round = -WARM_UP; round < Integer.parseInt(arguments[1]); round++) {
                (round < 0 ? new Times() : ofList).measure(stacks::list);
                (round < 0 ? new Times() : ofDoctor).measure(() -> Doctor.examine(host, options));
            }
        }
        var ratio = ofDoctor.against(ofList, (doctor, list) -> doctor / list);
        var report = String.format(
                Locale.ROOT,
                """
                | `compose:doctor` | `compose:list` | ratio | min … max |
                |---|---|---|---|
                | %.0f ms | %.0f ms | %.1f × | %.1f … %.1f |
                """,
                1000 * ofDoctor.median(),
                1000 * ofList.median(),
                ratio.median(),
                ratio.min(),
                ratio.max());
        System.out.print(report);
        Files.writeString(Path.of(arguments[0]), report);
    }
}
