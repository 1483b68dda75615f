package io.github.xdevops.compose.maven.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.proof.HostileTexts;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.text.Json;
import io.github.xdevops.compose.text.Printable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.logging.Log;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a branch or a server writes: nothing of what leaves a goal makes a terminal or a pipeline do something. */
@Tag("N14")
class HostileOutputTest {
    private static final long SEED = 20261130;
    private static final String OURS = "\r\u001b[K";

    @TempDir
    Path directory;

    private final List<String> obeyed = new ArrayList<>();
    private int tried;

    @Test
    @SuppressWarnings("ClosingStandardOutputStreams") // a stand-in for standard output
    void noTextIsObeyedWhereverItLeaves() throws Exception {
        var old = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            HostileTexts.of(SEED, Ring.count(2_000, 10_000)).forEach(text -> {
                Console.print(text);
                check("print", taken(bytes));
                Console.printData(Json.write(Map.of(text, List.of(text))));
                check("data", taken(bytes));
                var log = new PrintableLog(log());
                log.info(text);
                log.warn(text, new IllegalStateException(text, new ComposeException(Outcome.DATA, text)));
                log.error(new IllegalStateException(text));
                var logged = new LoggedProgress(log, System::nanoTime);
                logged.phase(text);
                logged.line(text);
                try (var live = new LiveProgress(System.out, false, System::nanoTime)) {
                    live.phase("pull");
                    live.line(text);
                    live.waiting(text);
                    live.transfer(text, 1, 1);
                }
                check("live", taken(bytes).replace(OURS, "").replaceAll("\\[#+]", ""));
            });
        } finally {
            System.setOut(old);
        }
        assertThat(obeyed).isEmpty();
        Proof.claim("hostile texts through the exits of the goals: " + tried + ", obeyed: " + obeyed.size());
    }

    @Test
    void whatIsKeptOfADeployIsNotObeyedEither() throws Exception {
        var file = directory.resolve("deploy.log");
        try (var kept = new RecordingProgress(new LoggedProgress(new PrintableLog(log())), () -> file, warning -> {})) {
            HostileTexts.of(SEED, Ring.count(500, 10_000)).forEach(text -> {
                kept.phase(text);
                kept.line(text);
                kept.waiting(text);
            });
        }
        check("deploy.log", Files.readString(file));
        assertThat(obeyed).isEmpty();
    }

    private static String taken(ByteArrayOutputStream bytes) {
        var text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }

    /** A log that notes what comes to it, stack traces as Maven's {@code -e} prints them. */
    private Log log() {
        return (Log) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Log.class}, (proxy, method, arguments) -> {
                    for (var argument : arguments == null ? new Object[0] : arguments) {
                        var written = new StringWriter();
                        if (argument instanceof Throwable error) {
                            error.printStackTrace(new PrintWriter(written, true));
                        } else {
                            written.write(argument.toString());
                        }
                        check(
                                method.getName(),
                                written.toString().replace("\tat ", "at ").replace("\t... ", "... "));
                    }
                    return method.getReturnType() == boolean.class ? Boolean.TRUE : null;
                });
    }

    private void check(String exit, String output) {
        tried++;
        if (HostileTexts.isObeyed(output)) {
            obeyed.add(exit + ": " + Printable.escaped(output));
        }
    }
}
