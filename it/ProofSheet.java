import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Sums up the test reports of all modules by kind, the time they took, the claims that tests have proven, and the cases they have
 * shown. Arguments: the file of claims, the ring that ran, and the seconds that the whole took. Ends with 1 if no test ran.
 */
final class ProofSheet {
    private static final int SLOWEST = 10;
    private static final List<String> KINDS = List.of(
            "1 values (pure JVM)", "2 scripts (real shells, stand-in docker)", "3 SSH (in-process server)", "4 real server");

    private final Map<String, int[]> kinds = new LinkedHashMap<>();
    private final Map<String, Double> seconds = new TreeMap<>();
    private final Map<String, Integer> skips = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        var sheet = new ProofSheet();
        KINDS.forEach(kind -> sheet.kinds.put(kind, new int[3]));
        for (var module : List.of("templates", "compose-lib", "compose-maven-plugin", "it")) {
            for (var kind : List.of("surefire-reports", "failsafe-reports")) {
                sheet.read(Path.of(module, "target", kind));
            }
        }
        sheet.print(Path.of(arguments[0]), arguments[1], Long.parseLong(arguments[2]));
        if (sheet.seconds.isEmpty()) {
            System.exit(1);
        }
    }

    private void read(Path reports) throws Exception {
        if (!Files.isDirectory(reports)) {
            return;
        }
        try (Stream<Path> files = Files.list(reports)) {
            for (var file : files.filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml")).sorted().toList()) {
                var cases = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(file.toFile())
                        .getElementsByTagName("testcase");
                for (int i = 0; i < cases.getLength(); i++) {
                    count((Element) cases.item(i), reports.endsWith(Path.of("it", "target", "failsafe-reports")));
                }
            }
        }
    }

    private void count(Element test, boolean real) {
        var name = test.getAttribute("classname");
        var kind = KINDS.get(real ? 3 : name.matches(".*(\\.script\\.|\\.crash\\.|Script|Crash).*") ? 1 : name.contains(".host.") ? 2 : 0);
        seconds.merge(
                name.replaceFirst("^.*\\.", ""),
                Double.parseDouble(test.getAttribute("time").replace(",", "")),
                Double::sum);
        var counts = kinds.get(kind);
        counts[0]++;
        if (test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() > 0) {
            counts[1]++;
            failures.add(name + "." + test.getAttribute("name"));
        }
        var skipped = test.getElementsByTagName("skipped");
        if (skipped.getLength() > 0) {
            counts[2]++;
            var reason = skipped.item(0).getTextContent().lines().findFirst().orElse("");
            var spoken = reason.replaceFirst("^.*Assumption failed: ", "");
            skips.merge(spoken.isBlank() ? "no reason given by " + name : spoken, 1, Integer::sum);
        }
    }

    private static Map<String, String> numbered(Path list) throws IOException {
        var known = new LinkedHashMap<String, String>();
        for (var line : Files.readAllLines(list)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                var words = line.split(" ", 2);
                known.put(words[0], words[1]);
            }
        }
        return known;
    }

    /** A case counts when every test that carries its number passed, and at least one was run. */
    private static void printCases(Path noted) throws IOException {
        var catalogue = numbered(Path.of("it", "catalogue"));
        var reports = numbered(Path.of("it", "situations"));
        var ends = new TreeMap<String, List<String>>();
        var failed = new TreeMap<String, List<String>>();
        for (var line : Files.exists(noted) ? Files.readAllLines(noted) : List.<String>of()) {
            var words = line.split(" ", 3);
            ends.computeIfAbsent(words[0], number -> new ArrayList<>()).add(words[1]);
            if (words[1].equals("FAILED")) {
                failed.computeIfAbsent(words[0], number -> new ArrayList<>()).add(words[2]);
            }
        }
        var lines = new ArrayList<String>();
        var shown = shown(catalogue, ends, failed, lines);
        var asExpected = shown(reports, ends, failed, lines);
        ends.keySet().stream()
                .filter(tag -> tag.matches("[A-Z]+[0-9]+") && !catalogue.containsKey(tag) && !reports.containsKey(tag))
                .forEach(tag -> lines.add("- a tag that is in no catalogue: " + tag));
        System.out.printf("%n## Catalogue%n%ncatalogue: %d of %d%n%n", shown, catalogue.size());
        System.out.printf("reports: %d of %d situations as expected%n%n", asExpected, reports.size());
        lines.forEach(System.out::println);
    }

    /** How many cases were shown; the lines get the others. */
    private static int shown(
            Map<String, String> known,
            Map<String, List<String>> ends,
            Map<String, List<String>> failed,
            List<String> lines) {
        int shown = 0;
        for (var one : known.entrySet()) {
            var ended = ends.getOrDefault(one.getKey(), List.of());
            if (failed.containsKey(one.getKey())) {
                lines.add("- FAILED: " + one.getKey() + " " + one.getValue() + ": " + failed.get(one.getKey()));
            } else if (ended.contains("PASSED")) {
                shown++;
            } else {
                lines.add((ended.isEmpty() ? "- not shown: " : "- skipped: ") + one.getKey() + " " + one.getValue());
            }
        }
        return shown;
    }

    private void print(Path claims, String ring, long took) throws IOException {
        System.out.printf(
                "# Proof sheet%n%nRing: %s. The whole took %d min %d s.%n%n", ring, took / 60, took % 60);
        System.out.println("| kind | tests | failed | skipped |\n|---|---|---|---|");
        int[] sum = new int[3];
        kinds.forEach((kind, counts) -> {
            System.out.printf("| %s | %d | %d | %d |%n", kind, counts[0], counts[1], counts[2]);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += counts[i];
            }
        });
        System.out.println();
        kinds.forEach((kind, counts) -> {
            if (counts[0] == counts[2]) {
                System.out.println("- NOT CHECKED: nothing ran of the kind " + kind);
            }
        });
        skips.forEach((reason, count) -> System.out.println("- skipped " + count + ": " + reason));
        failures.forEach(failure -> System.out.println("- FAILED: " + failure));
        System.out.println("\n## Slowest test classes\n\n| class | seconds |\n|---|---|");
        seconds.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(SLOWEST)
                .forEach(one -> System.out.printf("| %s | %.0f |%n", one.getKey(), one.getValue()));
        System.out.println("\n## Claims\n");
        if (Files.exists(claims)) {
            Files.readAllLines(claims).stream().sorted().forEach(claim -> System.out.println("- " + claim));
        }
        printCases(claims.resolveSibling("cases"));
        System.out.printf("%n%d passed, %d failed, %d skipped%n", sum[0] - sum[1] - sum[2], sum[1], sum[2]);
    }
}
