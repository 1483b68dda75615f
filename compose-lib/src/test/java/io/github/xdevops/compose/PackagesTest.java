package io.github.xdevops.compose;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packages' arrows, as the decision on the layout draws them. */
class PackagesTest {
    private static final String BASE = "io.github.xdevops.compose";

    private static JavaClasses library;

    @BeforeAll
    static void importClasses() {
        library = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(BASE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "template", "host", "ci"})
    void aLeafKnowsNoOtherPackageOfTheLibrary(String leaf) {
        noClasses()
                .that()
                .resideInAPackage(BASE + "." + leaf)
                .should()
                .dependOnClassesThat(describe(
                        "live in another package of the library",
                        type -> type.getPackageName().startsWith(BASE)
                                && !type.getPackageName().equals(BASE + "." + leaf)))
                .check(library);
    }

    @ParameterizedTest
    @CsvSource({
        "file, org.snakeyaml..",
        "template, freemarker..",
        "host, net.schmizz..",
        "host, com.hierynomus..",
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

    @Test
    void theLibraryKnowsNothingOfMaven() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.maven..")
                .check(library);
    }
}
