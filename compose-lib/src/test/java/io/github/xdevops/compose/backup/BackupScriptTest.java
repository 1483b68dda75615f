package io.github.xdevops.compose.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.server.ScriptText;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
        assertThat(code).hasSizeLessThan(900);
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
        var loaded = """
                DROP ROLE IF EXISTS reader;
                ALTER ROLE %1$s WITH SUPERUSER;
                CREATE ROLE reader;
                \\connect template1
                CREATE ROLE %1$s;
                """.formatted(quoted);
        assertThat(awk("postgres", dump, "user=" + user)).isEqualTo(loaded);
        // A seed leaves the user the password that the new environment has given it.
        assertThat(awk("postgres", dump, "user=" + user, "seed=staging"))
                .isEqualTo(loaded.replaceFirst("ALTER ROLE .*\n", ""));
    }

    @Test
    void aSeedOfMariadbLeavesTheUsersOut() throws IOException {
        var dump = """
                -- Current Database: `crm`
                CREATE TABLE `t` (i int);
                -- Current Database: `mysql`
                INSERT INTO `global_priv` VALUES ('%','app');
                -- Current Database: `crm`
                CREATE VIEW `v` AS SELECT '-- Current Database: `mysql`';
                -- Dump completed
                """;
        assertThat(awk("mysql", dump))
                .isEqualTo(dump.replaceFirst("(?s)-- Current Database: `mysql`\nINSERT[^\n]*\n", ""));
    }

    @Test
    void theRowsOfADumpAreCounted() throws IOException {
        assertThat(awk("counts", """
                COPY public.t (i) FROM stdin;
                1
                INSERT INTO x VALUES (1),(2)
                \\.
                COPY public."U" (i) FROM stdin;
                \\.
                """)).isEqualTo("2 2\n");
        assertThat(awk("counts", """
                -- Current Database: `crm`
                CREATE TABLE `t` (
                INSERT INTO `t` VALUES
                (1,'a'),
                (2,'b');
                INSERT INTO `t` VALUES (3,'c'),(4,'d');
                -- Current Database: `mysql`
                CREATE TABLE `innodb_index_stats` (
                INSERT INTO `innodb_index_stats` VALUES (1),(2);
                """)).isEqualTo("1 4\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PG_MAJOR=17          | docker-entrypoint.sh | postgres           | dump\tpostgres
            PGDATA=/data         | docker-entrypoint.sh | -c max=200         | dump\tpostgres
            PG_MAJOR=17          | docker-entrypoint.sh | pg_dumpall         | copy\t-
            MARIADB_VERSION=11   | docker-entrypoint.sh | mariadbd           | dump\tmysql
            MYSQL_MAJOR=8.4      | docker-entrypoint.sh | --charset=utf8mb4  | dump\tmysql
            MYSQL_VERSION=8.4    | /usr/sbin/mysqld     |                    | dump\tmysql
            MONGO_MAJOR=8.0      | docker-entrypoint.sh | mongod --wired     | dump\tmongo
            A=b                  | docker-entrypoint.sh | mysqld             | copy\t-
            """)
    void aDatabaseIsRecognizedByItsVariablesAndItsProgram(
            String variable, String entrypoint, String command, String mode) throws Exception {
        var containers = directory.resolve("containers");
        var marks = directory.resolve("marks");
        Files.writeString(
                containers,
                Json.write(List.of(Map.of(
                        "Config",
                        Map.of(
                                "Labels",
                                Map.of("com.docker.compose.service", "db"),
                                "Env",
                                List.of("PATH=/bin", variable),
                                "Entrypoint",
                                List.of(entrypoint),
                                "Cmd",
                                command == null ? List.of() : List.of(command.split(" ")))))));
        Files.writeString(marks, "{\"services\":{\"db\":{}}}");
        assertThat(jq(marks, containers)).isEqualTo("db\t" + mode.replace("\\t", "\t") + "\n");
        Files.writeString(marks, "{\"services\":{\"db\":{\"x-backup\":{\"dump\":\"a\",\"load\":\"b\"}}}}");
        assertThat(jq(marks, containers)).as("the owner's wish comes first").isEqualTo("db\tdump\town\n");
    }

    private static String jq(Path marks, Path containers) throws IOException {
        assumeTrue(
                Stream.of("/usr/bin/jq", "/bin/jq").map(Path::of).anyMatch(Files::isExecutable),
                "jq is not installed: what recognizes databases is not checked");
        var process = new ProcessBuilder(
                        "jq",
                        "-r",
                        "--slurpfile",
                        "marks",
                        marks.toString(),
                        "--slurpfile",
                        "containers",
                        containers.toString(),
                        ScriptText.resource("backup/services.jq"),
                        marks.toString())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void mongodbsPasswordIsInNoListOfProcesses() throws Exception {
        var tool = Files.writeString(directory.resolve("mongodump"), """
                #!/bin/sh
                echo "$@" | sed 's/config=[^ ]*/config=FILE/'
                for word; do case $word in --config=*) cat "${word#*=}" ;; esac done
                """);
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
        var builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        ScriptText.resource("backup/mongo.login") + ScriptText.resource("backup/mongo.dump"))
                .redirectErrorStream(true);
        builder.environment().put("PATH", directory + ":/usr/bin:/bin");
        assertThat(out(builder)).isEqualTo("--quiet --archive\n");
        builder.environment()
                .putAll(Map.of("MONGO_INITDB_ROOT_USERNAME", "root", "MONGO_INITDB_ROOT_PASSWORD", "it's"));
        assertThat(out(builder)).isEqualTo("""
                --quiet --archive --config=FILE --username=root --authenticationDatabase=admin
                password: 'it''s'
                """);
    }

    private static String out(ProcessBuilder builder) throws IOException {
        return new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String awk(String program, String input, String... variables) throws IOException {
        var command = new ArrayList<>(List.of("awk"));
        for (var variable : variables) {
            command.addAll(List.of("-v", variable));
        }
        command.add(ScriptText.resource("backup/" + program + ".awk"));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
