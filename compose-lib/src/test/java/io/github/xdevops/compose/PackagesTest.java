package io.github.xdevops.compose;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which package may know which: each arrow that exists is written here, and none leads back up. */
class PackagesTest {
    private static final String BASE = "io.github.xdevops.compose";
    private static final int FLOORS = 7;
    private static final Pattern IMPORT = Pattern.compile(
            "(?m)^import (?:static )?io\\.github\\.xdevops\\.compose(?:\\.([a-z][a-z.]*[a-z]))?\\.[A-Z]");

    /** What each package of the library may use; the base package is {@code root}. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("text", Set.of()),
            Map.entry("template", Set.of("text")),
            Map.entry("root", Set.of("text")),
            Map.entry("ci", Set.of()),
            Map.entry("host", Set.of("text")),
            Map.entry("host.ssh", Set.of("host", "host.ssh.sshj", "text")),
            Map.entry("host.ssh.sshj", Set.of("host", "text")),
            Map.entry("image", Set.of("file.mount", "root", "text")),
            Map.entry("secret", Set.of("file.mount", "root", "text")),
            Map.entry("file.tree", Set.of("text")),
            Map.entry("file.mount", Set.of()),
            Map.entry("file.schema", Set.of("file.tree", "text")),
            Map.entry("file.variables", Set.of("file.tree")),
            Map.entry("file.load", Set.of("text", "file.mount", "file.schema", "file.variables", "file.tree")),
            Map.entry("file.inline", Set.of("file.load", "file.mount", "file.schema", "file.variables", "file.tree")),
            Map.entry("file", Set.of("file.inline", "file.load", "file.mount", "file.variables", "file.tree")),
            Map.entry("plan", Set.of("file", "file.mount", "secret")),
            Map.entry(
                    "render",
                    Set.of("file", "file.load", "file.mount", "file.tree", "template", "secret", "root", "text")),
            Map.entry("backup", Set.of("host", "render", "root", "server", "text")),
            Map.entry("doctor", Set.of("file.tree", "host", "root", "server", "text")),
            Map.entry("provision", Set.of("host", "render", "root", "server", "text")),
            Map.entry(
                    "server",
                    Set.of("render", "plan", "file.mount", "file.tree", "image", "secret", "host", "root", "text")));

    private static JavaClasses library;

    @BeforeAll
    static void importClasses() {
        library = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(BASE);
    }

    @Test
    void eachPackageUsesOnlyThoseThatAreWrittenHere() {
        assertThat(arrows(name -> name)).isEqualTo(sorted(ARROWS));
    }

    @Test
    void noTwoPackagesKnowEachOther() {
        floors(sorted(ARROWS))
                .forEach((name, floor) -> assertThat(floor).as(name).isPositive());
    }

    /** {@code file} and {@code host} are one room each, seen from outside; their wings are counted on their own. */
    @Test
    void theLibraryHasAtMostSevenFloorsAndSoHasTheFileWing() {
        assertThat(floors(arrows(name -> name.replaceFirst("\\..*", ""))).values())
                .allMatch(floor -> floor <= FLOORS);
        var wing = arrows(name -> name);
        wing.keySet().removeIf(name -> !name.startsWith("file"));
        assertThat(floors(wing).values()).allMatch(floor -> floor <= FLOORS);
    }

    /** The last of each way down, counted from the ground; a circle never ends. */
    private static Map<String, Integer> floors(Map<String, Set<String>> arrows) {
        return arrows.keySet().stream().collect(toMap(name -> name, name -> floor(name, arrows, List.of())));
    }

    private static int floor(String name, Map<String, Set<String>> arrows, List<String> above) {
        assertThat(above).as("a circle").doesNotContain(name);
        var way = new ArrayList<>(above);
        way.add(name);
        var below = arrows.getOrDefault(name, Set.of()).stream()
                .filter(next -> !next.equals(name))
                .mapToInt(next -> floor(next, arrows, way))
                .max()
                .orElse(0);
        return below + 1;
    }

    private static Map<String, Set<String>> arrows(UnaryOperator<String> room) {
        return library.stream()
                .collect(toMap(
                        type -> room.apply(room(type)),
                        type -> type.getDirectDependenciesFromSelf().stream()
                                .map(Dependency::getTargetClass)
                                .map(JavaClass::getBaseComponentType)
                                .filter(target -> target.getPackageName().startsWith(BASE))
                                .map(target -> room.apply(room(target)))
                                .filter(target -> !target.equals(room.apply(room(type))))
                                .collect(toCollection(TreeSet::new)),
                        (one, other) -> {
                            one.addAll(other);
                            return one;
                        }));
    }

    private static Map<String, Set<String>> sorted(Map<String, Set<String>> arrows) {
        return arrows.entrySet().stream().collect(toMap(Map.Entry::getKey, entry -> new TreeSet<>(entry.getValue())));
    }

    private static String room(JavaClass type) {
        var name = type.getPackageName();
        return name.equals(BASE) ? "root" : name.substring(BASE.length() + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "file.tree, org.snakeyaml..",
        "template, freemarker..",
        "host.ssh.., net.schmizz..",
        "host.ssh.., com.hierynomus..",
        "image, org.apache.commons.compress.."
    })
    void eachLibraryHasOneDoor(String leaf, String imported) {
        classes()
                .that()
                .resideOutsideOfPackage(BASE + "." + leaf)
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackage(imported)
                .check(library);
    }

    /** What is not listed here is internal and may change: each {@code package-info} says so. */
    @ParameterizedTest
    @CsvSource({
        "../compose-maven-plugin/src/main/java, root backup ci doctor file file.load file.tree host host.ssh image plan provision render secret server template text",
        "../examples/library/src/main/java, root host host.ssh image render server"
    })
    void othersUseThesePackagesOnly(Path sources, String packages) throws IOException {
        var allowed = List.of(packages.split(" "));
        try (var files = Files.walk(sources)) {
            for (var file :
                    files.filter(one -> one.toString().endsWith(".java")).toList()) {
                assertThat(IMPORT.matcher(Files.readString(file))
                                .results()
                                .map(found -> found.group(1) == null ? "root" : found.group(1))
                                .filter(name -> !name.equals("maven") && !name.startsWith("maven.")))
                        .as("%s", file)
                        .isSubsetOf(allowed);
            }
        }
    }

    @Test
    void theLibraryKnowsNothingOfMaven() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.maven..")
                .check(library);
    }
}
