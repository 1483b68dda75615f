package io.github.xdevops.compose.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.server.ScriptText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the size and style of the backup program, and its functions that need no server. */
class BackupScriptTest {
    private static final List<String> SHELL = ScriptText.resource("backup/parts")
            .lines()
            .filter(part -> !part.contains("."))
            .map(part -> ScriptText.resource("backup/" + part + ".sh"))
            .toList();

    @TempDir
    Path directory;

    @Test
    void aPartIsShortAndSaysWhatItNeedsAndWhetherItEndsTheProgram() {
        assertThat(SHELL).allSatisfy(part -> {
            assertThat(part.replaceAll("\n# ?", " "))
                    .contains(" Needs ")
                    .containsPattern("(?i)(ends? the program|exits?)");
            assertThat(part.lines())
                    .hasSizeLessThanOrEqualTo(150)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(140));
        });
    }

    @Test
    void theProgramStaysSmall() {
        var code = SHELL.stream().flatMap(String::lines).filter(line -> !line.matches("\\s*(#.*)?"));
        assertThat(code).hasSizeLessThan(760);
    }

    @Test
    void theLoginsPartRefusesWhatIsNoRequest() throws Exception {
        assertThat(run("../x", "0a")).contains("@none result {\"word\":\"USAGE\"");
        assertThat(run("shop__trial", "0a")).contains("\"word\":\"USAGE\"");
        assertThat(run("shop", "0a;id")).contains("\"word\":\"USAGE\"");
        assertThat(run("shop", "0a")).contains("@0a result {\"word\":\"UNAVAIL\"");
    }

    private String run(String project, String nonce) throws IOException {
        var program = Files.write(directory.resolve("xdevops-backup"), ScriptText.of("backup"));
        // Tests may run as root, who could ask.
        var text = Files.readString(program)
                .replace("/run/xdevops-backup", directory.resolve("run").toString());
        Files.writeString(program, text);
        var process = new ProcessBuilder("/bin/sh", program.toString(), "ask", project, nonce)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"postgres, postgres", "shop-owner, \"shop-owner\"", "Shop, \"Shop\"", "shop_1, shop_1"})
    void aDumpIsLoadedWithoutTheUserThatIsThereAlready(String user, String quoted) throws IOException {
        var dump = """
                DROP ROLE IF EXISTS %1$s;
                DROP ROLE IF EXISTS reader;
                CREATE ROLE %1$s;
                ALTER ROLE %1$s WITH SUPERUSER;
                CREATE ROLE reader;
                \\connect template1
                CREATE ROLE %1$s;
                """.formatted(quoted);
        var process = new ProcessBuilder("awk", "-v", "user=" + user, ScriptText.resource("backup/postgres.awk"))
                .redirectErrorStream(true)
                .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(dump.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("""
                        DROP ROLE IF EXISTS reader;
                        ALTER ROLE %1$s WITH SUPERUSER;
                        CREATE ROLE reader;
                        \\connect template1
                        CREATE ROLE %1$s;
                        """.formatted(quoted));
    }
}
