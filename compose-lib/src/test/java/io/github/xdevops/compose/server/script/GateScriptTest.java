package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.server.Gate;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rights of an SSH key behind a gate. */
@EveryShell
class GateScriptTest extends InEveryShell {
    private static final String OURS =
            "exec /bin/sh -c 'test -f \"$1\" || exit 91; exec /bin/sh \"$@\"' compose .x/stacks-0.sh ";
    private static final String SHOP = Environment.of("acme/shop", "a").repositoryHash();
    private static final String OTHER = Environment.of("acme/other", "a").repositoryHash();
    private static final String FILE = ReviewFile.SERVICE;

    @Test
    void aDeployGoesThroughUnchanged() {
        assertThat(ask(List.of("projects=shop-*"), deployOf("shop-1", FILE), bundle(FILE)))
                .contains("\"word\":\"OK\"");
        assertThat(read("shop-1/docker-compose.yml")).isEqualTo(FILE);
        assertThat(ask(List.of("projects=shop-*"), "list nonce=n", "")).contains("\"project\":\"shop-1\"");
        assertThat(ask(List.of("projects=shop-*"), "extend nonce=n project=shop-1 lifetime=60", ""))
                .contains("\"word\":\"OK\"");
        assertThat(ask(List.of("projects=shop-*"), "down nonce=n project=shop-1", ""))
                .contains("is gone");
    }

    @Test
    void thePolicyHoldsWhateverTheClientSays() {
        var evil = FILE + "    privileged: true\n";
        assertThat(ask(List.of("projects=shop-*"), deployOf("shop-1", evil), bundle(evil)))
                .contains("\"word\":\"POLICY\"", "services.web.privileged: is root on the server");
        assertThat(ask(List.of("projects=shop-*"), deployOf("shop-1", WEB), bundle(WEB)))
                .contains("\"word\":\"POLICY\"", "is not as this tool writes it");
        var staying = deployOf("shop-1", evil).replace("lifetime=604800", "lifetime=forever");
        assertThat(ask(List.of("projects=shop-*", "persistent=yes"), staying, bundle(evil)))
                .contains("\"word\":\"POLICY\"", "services.web.privileged: is root on the server");
        assertThat(home.resolve(".yourlabs.compose/shop-1")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "id",
                "sh",
                "internal-sftp",
                "/usr/lib/openssh/sftp-server",
                "scp -t /",
                "exec /bin/sh -c 'touch owned' compose",
                "exec /bin/sh -c 'touch owned' compose x deploy; touch owned",
                "exec /bin/sh -c 'touch owned' compose x deploy $(touch owned)",
                "exec /bin/sh -c 'touch owned' compose x deploy `touch owned`",
                "exec /bin/sh -c 'touch owned' compose x deploy 'a b'",
                "exec /bin/sh -c 'touch owned' compose x deploy\ntouch owned",
                "exec /bin/sh -c 'touch owned' compose x list >owned",
                "exec /bin/sh -c 'touch owned' compose x list nonce=n project=*",
                "exec /bin/sh -c 'touch owned' compose x work nonce=n project=shop-1",
                "exec /bin/sh -c 'touch owned' compose x remove nonce=n project=shop-1",
                "exec /bin/sh -c 'touch owned' compose x expire nonce=n project=shop-1",
                "exec /bin/sh -c 'touch owned' compose x evict nonce=n project=shop-1",
                "exec /bin/sh -c 'touch owned' compose x adopt nonce=n project=shop-1",
                "exec /bin/sh -c 'touch owned' compose x gate projects=*",
                "exec /bin/sh -c 'touch owned' compose x open_gate nonce=n",
            })
    void nothingElsePasses(String command) {
        var answer = run(List.of("gate", "projects=*"), Map.of("SSH_ORIGINAL_COMMAND", command), "touch owned\n");
        assertThat(answer).contains("\"word\":\"NOPERM\"", "behind a gate");
        assertThat(Files.exists(home.resolve("owned"))).isFalse();
    }

    @Test
    void theScriptOfTheClientIsNeverRun() {
        assertThat(run(
                        List.of("gate", "projects=*"),
                        Map.of("SSH_ORIGINAL_COMMAND", "exec /bin/sh -c 'touch owned' compose x list nonce=n"),
                        ""))
                .contains("\"word\":\"OK\"");
        assertThat(home.resolve("owned")).doesNotExist();
    }

    @Test
    void theGateChoosesTheStateDirectory() {
        ask(List.of("projects=*", "state=gated"), "list nonce=n state=elsewhere", "");
        assertThat(home.resolve("gated")).isDirectory();
        assertThat(home.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void aKeyReachesItsOwnProjectsOnly() {
        deploy("victim", WEB);
        var gate = List.of("projects=shop-*,try");
        for (var verb : List.of("down", "extend lifetime=60", "show", "attend", "pin")) {
            assertThat(ask(gate, verb + " nonce=n project=victim", ""))
                    .as(verb)
                    .contains("\"word\":\"NOPERM\"", "does not allow victim");
        }
        assertThat(ask(gate, deployOf("victim", FILE), bundle(FILE))).contains("does not allow victim");
        assertThat(ask(gate, "list nonce=n", "")).doesNotContain("victim");
        assertThat(ask(gate, deployOf("try", FILE), bundle(FILE))).contains("\"word\":\"OK\"");
        assertThat(read("victim/removeat")).isNotEmpty();
    }

    @Test
    void aKeyReachesItsOwnRepositoryOnly() {
        run("deploy", words("theirs", WEB, "repository=" + OTHER), bundle(WEB));
        run("deploy", words("unknown", WEB), bundle(WEB));
        var gate = List.of("repository=" + SHOP);
        for (var project : List.of("theirs", "unknown")) {
            assertThat(ask(gate, "down nonce=n project=" + project, "")).contains("does not allow " + project);
        }
        assertThat(ask(gate, "list nonce=n", "")).doesNotContain("theirs", "unknown");
        assertThat(ask(gate, deployOf("new", FILE) + " repository=" + OTHER, bundle(FILE)))
                .contains("is for another repository");
        assertThat(ask(gate, deployOf("new", FILE), bundle(FILE))).contains("is for another repository");
        assertThat(ask(gate, deployOf("new", FILE) + " repository=" + SHOP, bundle(FILE)))
                .contains("\"word\":\"OK\"");
        assertThat(ask(gate, "down nonce=n project=new", "")).contains("is gone");
    }

    @Test
    void aDeployOfAFreeNameIsRefusedIfAnotherTakesTheNameMeanwhile() throws Exception {
        for (var gate : List.of(List.of("repository=" + OTHER), List.of("projects=*"))) {
            var attack =
                    begin(gated(gate), asking(deployOf("victim", FILE) + " nonce=a sequence=9 repository=" + OTHER));
            var said = attack.inputReader();
            waitFor("phase upload", said);
            assertThat(run("deploy", words("victim", WEB, "repository=" + SHOP), bundle(WEB)))
                    .contains("\"word\":\"OK\"");
            try (var out = attack.getOutputStream()) {
                out.write(bundle(FILE).getBytes(StandardCharsets.UTF_8));
            }
            assertThat(said.lines())
                    .anyMatch(line -> line.contains("does not allow victim") || line.contains("project-of-another"));
            assertThat(read("victim/docker-compose.yml")).isEqualTo(WEB);
            assertThat(read("victim/manifest.json")).contains("\"repository\": \"" + SHOP + "\"");
            run("down", List.of("project=victim"), "");
        }
    }

    @Test
    void aDeployThatWaitedForTheLockIsJudgedAgainUnderIt() throws Exception {
        for (var verb : List.of("down", "extend lifetime=1", "pin")) {
            var project = "victim-" + verb.substring(0, 3);
            deploy("other", WEB);
            var lock = home.resolve(".yourlabs.compose/.locks/" + project).toString();
            var holder = new ProcessBuilder("flock", lock, "sh", "-c", "echo held; read -r _").start();
            waitFor("held", holder.inputReader());
            var attack = begin(
                    gated(List.of("repository=" + OTHER, "persistent=yes")),
                    asking(verb + " nonce=n lock_wait=30 project=" + project));
            attack.getOutputStream().close();
            var said = attack.inputReader();
            waitFor("waiting up to 30 s", said);
            write(project + "/manifest.json", "{\n\"repository\": \"" + SHOP + "\",\n\"state\": \"live\"\n}\n");
            write(project + "/removeat", "2000000000\n");
            holder.getOutputStream().close();
            assertThat(said.lines()).as(verb).anyMatch(line -> line.contains("does not allow " + project));
            assertThat(read(project + "/removeat")).isEqualTo("2000000000\n");
        }
    }

    @Test
    void aTombstoneOfAnotherRepositoryRefusesNobody() {
        var gate = List.of("repository=" + OTHER);
        ask(gate, deployOf("victim", FILE) + " sequence=999999999999999 repository=" + OTHER, bundle(FILE));
        assertThat(ask(gate, "down nonce=n project=victim", "")).contains("is gone");
        assertThat(run("deploy", words("victim", WEB, "sequence=7", "repository=" + SHOP), bundle(WEB)))
                .contains("\"word\":\"OK\"");
    }

    @Test
    void anUploadHasToEnd() throws Exception {
        Files.writeString(script, Files.readString(script).replace("longest_upload=600", "longest_upload=1"));
        for (var logins : List.of("", " logins=1")) {
            var stalled = begin(gated(List.of("projects=*")), asking(deployOf("shop-1", FILE) + logins));
            assertThat(stalled.inputReader().lines())
                    .anyMatch(line -> line.contains("\"word\":\"PROTO\"")
                            && line.contains("did not end within 1 s; nothing was changed"));
            assertThat(home.resolve(".yourlabs.compose/.staging")).isEmptyDirectory();
        }
    }

    @Test
    void persistentEnvironmentsForeignUrlsAndHomesNeedTheirOwnRight() {
        var gate = List.of("projects=*", "hosts=*.review.test");
        assertThat(ask(gate, deployOf("p", FILE), bundle(FILE))).contains("does not allow http://p.test");
        var deploy = deployOf("p", FILE).replace("hosts=p.test", "hosts=p.review.test");
        assertThat(ask(gate, deploy, bundle(FILE))).contains("\"word\":\"OK\"");
        assertThat(ask(gate, deploy.replace("lifetime=604800", "lifetime=forever"), bundle(FILE)))
                .contains("for review environments only");
        assertThat(ask(gate, "extend nonce=n project=p lifetime=forever", "")).contains("for review environments only");
        assertThat(ask(gate, "pin nonce=n project=p", "")).contains("for review environments only");
        assertThat(ask(gate, "down nonce=n project=p force=yes", "")).contains("for review environments only");
        assertThat(ask(gate, "sweep nonce=n force=yes", "")).contains("does not allow force in a sweep");
        assertThat(ask(gate, deploy + " evict=yes", bundle(FILE))).contains("does not allow eviction");
        assertThat(ask(gate, deploy + " home=/srv/x", bundle(FILE))).contains("does not allow /srv/x");
        assertThat(ask(List.of("projects=*", "home=/srv/shop"), deploy + " home=/srv/shop2", bundle(FILE)))
                .contains("does not allow /srv/shop2");
    }

    @Test
    void aPersistentEnvironmentGetsNoExpiryThroughAGateForReviews() {
        run("deploy", words("live", FILE, "lifetime=forever"), bundle(FILE));
        run("deploy", words("kept", FILE), bundle(FILE));
        run("pin", List.of("project=kept"), "ann\n");
        var gate = List.of("projects=*");
        for (var force : List.of("", " force=yes")) {
            for (var project : List.of("live", "kept")) {
                assertThat(ask(gate, "extend nonce=n lifetime=1 project=" + project + force, ""))
                        .contains("\"word\":\"NOPERM\"", "for review environments only");
            }
            assertThat(ask(gate, deployOf("live", FILE) + force, bundle(FILE)))
                    .contains("\"word\":\"NOPERM\"", "for review environments only");
        }
        assertThat(ask(gate, deployOf("kept", FILE), bundle(FILE))).contains("\"expires\":\"forever\"");
        assertThat(home.resolve(".yourlabs.compose/live/removeat")).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/kept/removeat")).doesNotExist();
        var wide = List.of("projects=*", "persistent=yes");
        assertThat(ask(wide, "extend nonce=n lifetime=60 project=live", ""))
                .contains("\"word\":\"POLICY\"", "live is persistent");
        assertThat(ask(wide, "extend nonce=n lifetime=60 project=live force=yes", ""))
                .contains("\"word\":\"OK\"");
    }

    @Test
    void aSweepReportsNothingOfOtherRepositories() throws IOException {
        for (var project : List.of("shop-1", "shop-2", "shop-3", "victim-1", "victim-2")) {
            deploy(project, WEB);
        }
        write("shop-1/removeat", "1000000000\n");
        write("victim-1/removeat", "1000000000\n");
        write("shop-2/removeat", "x\n");
        write("victim-2/removeat", "x\n");
        var gate = List.of("projects=shop-*");
        var swept = ask(gate, "sweep nonce=n", "");
        assertThat(swept)
                .contains("@n swept shop-1\n", "@n warning shop-2 was not removed", "\"swept\":2,\"failed\":2")
                .contains("\"errors\":[{\"project\":\"shop-2\",")
                .doesNotContain("victim");
        assertThat(home.resolve(".yourlabs.compose/victim-1")).doesNotExist();
        for (var words : List.of("list nonce=n", "inspect nonce=n project=shop-3")) {
            assertThat(ask(gate, words, ""))
                    .contains("@n sweep {", "\"errors\":[{\"project\":\"shop-2\",")
                    .doesNotContain("victim");
        }
        assertThat(run("list", List.of(), "")).contains("{\"project\":\"victim-2\",");
        write("victim-2/removeat", "1000000000\n");
        write(".limits", "disk_mib=999999999999\n");
        assertThat(ask(gate, deployOf("shop-4", FILE), bundle(FILE)))
                .contains("\"word\":\"IOERR\"", "A sweep has run first")
                .doesNotContain("victim");
        assertThat(home.resolve(".yourlabs.compose/victim-2")).doesNotExist();
        var own = List.of("repository=" + SHOP);
        assertThat(ask(own, "sweep nonce=n", "")).contains("\"errors\":[]}").doesNotContain("victim", "shop-");
    }

    @Test
    void aGateThatNamesNothingIsShut() {
        assertThat(run(List.of("gate"), Map.of("SSH_ORIGINAL_COMMAND", OURS + "list nonce=n"), ""))
                .contains("\"word\":\"USAGE\"", "names neither a repository nor projects");
        assertThat(run(List.of("gate", "project=x"), Map.of("SSH_ORIGINAL_COMMAND", OURS + "list nonce=n"), ""))
                .contains("\"word\":\"USAGE\"", "a word that it does not know");
    }

    @Test
    @Tag("A10")
    void whatAClientOfOursAsksForIsUnderstood() {
        var words = new ArrayList<>(List.of("gate"));
        words.addAll(new Gate(
                        "acme/shop",
                        List.of("shop-*"),
                        List.of("*.review.test"),
                        true,
                        "/srv/shop",
                        true,
                        List.of("web"),
                        List.of("shop-staging"))
                .words());
        assertThat(run(words, Map.of("SSH_ORIGINAL_COMMAND", OURS + "list nonce=n"), ""))
                .contains("\"word\":\"OK\"");
    }

    @Test
    @Tag("L8")
    void theNetworkThatIsSharedWithTraefikIsOneOfTheGates() throws IOException {
        Files.writeString(stub.resolve("hook"), "case \"$*\" in 'network inspect '*) echo 'web '; exit ;; esac\n");
        var deploy = deployOf("shop-1", FILE) + " proxy=web";
        for (var gate : List.of(List.of("projects=shop-*"), List.of("projects=shop-*", "proxies=edge,we"))) {
            assertThat(ask(gate, deploy, bundle(FILE)))
                    .contains("\"word\":\"NOPERM\"", "does not allow the network web", "proxies=web");
        }
        assertThat(home.resolve(".yourlabs.compose/shop-1")).doesNotExist();
        assertThat(ask(List.of("projects=shop-*", "proxies=edge,w*"), deploy, bundle(FILE)))
                .contains("\"word\":\"OK\"");
    }

    @Test
    void theDataOfAnotherEnvironmentIsGivenOnlyIfTheGateNamesIt() {
        var deploy = deployOf("shop-1", FILE) + " seed=shop-staging@01234567";
        for (var gate : List.of(List.of("projects=shop-*"), List.of("projects=shop-*", "seeds=shop-stag,staging"))) {
            assertThat(ask(gate, deploy, bundle(FILE)))
                    .contains("\"word\":\"NOPERM\"", "gives no copy of the data of shop-staging", "seeds=shop-staging");
        }
        assertThat(home.resolve(".yourlabs.compose/shop-1")).doesNotExist();
        // There is no backup here.
        assertThat(ask(List.of("projects=shop-*", "seeds=shop-s*"), deploy, bundle(FILE)))
                .contains("\"word\":\"UNAVAIL\"", "compose.seed needs the backups of a server");
    }

    @Test
    @Tag("L4")
    void anEnvironmentThatIsNotPersistentEnds() {
        var gate = List.of("projects=shop-*");
        var ten = "lifetime=315360000";
        assertThat(ask(gate, deployOf("shop-1", FILE).replace("lifetime=604800", ten), bundle(FILE)))
                .contains("\"word\":\"NOPERM\"", "at most 90 days");
        assertThat(ask(gate, deployOf("shop-1", FILE), bundle(FILE))).contains("\"word\":\"OK\"");
        assertThat(ask(gate, "extend nonce=n project=shop-1 " + ten, ""))
                .contains("\"word\":\"NOPERM\"", "at most 90 days");
        write(".limits", "lifetime_days=3650\n");
        assertThat(ask(gate, "extend nonce=n project=shop-1 " + ten, "")).contains("\"word\":\"OK\"");
        write(".limits", "");
        assertThat(ask(List.of("projects=shop-*", "persistent=yes"), "extend nonce=n project=shop-1 " + ten, ""))
                .contains("\"word\":\"OK\"");
    }

    private static String deployOf(String project, String text) {
        return "deploy nonce=n " + String.join(" ", words(project, text));
    }

    private static List<String> gated(List<String> gate) {
        var all = new ArrayList<>(List.of("gate"));
        all.addAll(gate);
        return all;
    }

    private static Map<String, String> asking(String words) {
        return Map.of("SSH_ORIGINAL_COMMAND", OURS + words);
    }

    private static void waitFor(String text, BufferedReader lines) throws IOException {
        String line;
        do {
            line = lines.readLine();
            assertThat(line).as("until it says " + text).isNotNull();
        } while (!line.contains(text));
    }

    private String ask(List<String> gate, String words, String stdin) {
        return run(
                gated(gate), asking(words), new String(stdin.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
