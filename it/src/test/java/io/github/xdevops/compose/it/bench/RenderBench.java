package io.github.xdevops.compose.it.bench;

import static java.util.Objects.requireNonNull;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.render.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** A stack of ten services from its files to the final text, beside {@code docker compose config} of the same files. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class RenderBench {
    private static final String FILES = "bench.files";
    private static final double GOAL = 20;

    private final Path directory = Path.of(System.getProperty(FILES, "."));
    private final Tool config = new Tool(directory, Map.of(), Tool.NOTHING, BenchServer.compose())
            .with(List.of("-p", "bench", "-f", "compose.yaml", "-f", "review.yaml", "config"));

    /** What a deploy does before it calls a server; more than the other, which does not know of reviews and routes. */
    @Benchmark
    public String render() {
        return Stack.in(directory)
                .files(List.of(Path.of("compose.yaml"), Path.of("review.yaml")))
                .environment(Environment.of("acme/shop", "feature/cart"))
                .domain("ci.example.com")
                .render()
                .text();
    }

    /** A whole process each time, as a program that has no other way would do it. */
    @Benchmark
    public String config() {
        return config.run();
    }

    /** Arguments: the stack's directory, the report, {@code quick} or nothing; the directory alone renders once. */
    public static void main(String[] arguments) throws IOException, RunnerException {
        var files = Path.of(arguments[0]).toAbsolutePath().toString();
        System.setProperty(FILES, files);
        if (arguments.length == 1) {
            renderOnce();
            return;
        }
        var quick = arguments[2].equals("quick");
        var options = new OptionsBuilder()
                .include(RenderBench.class.getName() + "\\..*")
                .forks(quick ? 1 : 3)
                .warmupIterations(quick ? 2 : 5)
                .warmupTime(TimeValue.seconds(2))
                .measurementIterations(quick ? 2 : 5)
                .measurementTime(TimeValue.seconds(2))
                .addProfiler(GCProfiler.class)
                .jvmArgs("-D" + FILES + "=" + files)
                .build();
        var report = report(new Runner(options).run(), files);
        Files.writeString(Path.of(arguments[1]), report);
        System.out.print("\n" + report);
    }

    private static String report(Collection<RunResult> results, String files) {
        var render = find(results, "render").getPrimaryResult();
        var config = find(results, "config").getPrimaryResult();
        var ratio = config.getScore() / render.getScore();
        var allocated = requireNonNull(
                        find(results, "render").getSecondaryResults().get("gc.alloc.rate.norm"))
                .getScore();
        return """
                # Ten services in three files, from the files to the final text

                | | average | ± (99.9 %%) |
                |---|---|---|
                | the library in a warm JVM, with overlays and route | %s ms | %s |
                | `docker compose config` of the same files, whole process | %s ms | %s |

                Ratio: **%s ×** (goal: ≥ %s ×, %s).

                Memory: one render allocates %s MB; a JVM that renders once needs a heap of at most %d MB (`-Xmx`) and is %s.
                """.formatted(
                        format(render.getScore()),
                        format(render.getScoreError()),
                        format(config.getScore()),
                        format(config.getScoreError()),
                        format(ratio),
                        format(GOAL),
                        ratio >= GOAL ? "met" : "**not met**",
                        format(allocated / (1 << 20)),
                        smallestHeap(files),
                        once("-XX:+UseSerialGC", files));
    }

    private static RunResult find(Collection<RunResult> results, String name) {
        return results.stream()
                .filter(result -> result.getPrimaryResult().getLabel().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static int smallestHeap(String files) {
        for (var megabytes = 4; ; megabytes += 2) {
            try {
                once("-Xmx" + megabytes + "m", files);
                return megabytes;
            } catch (IllegalStateException e) {
                if (megabytes > 256) {
                    throw e;
                }
            }
        }
    }

    private static String once(String option, String files) {
        return Tool.in(
                        Path.of("."),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        RenderBench.class.getName(),
                        files)
                .run()
                .strip();
    }

    private static void renderOnce() throws IOException {
        new RenderBench().render();
        var peak = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
        System.out.println(peak + " MB of the machine's memory at its peak");
    }

    private static String format(double number) {
        return String.format(Locale.ROOT, number < 10 ? "%.2f" : "%.0f", number);
    }
}
