package io.github.xdevops.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an SSH key can do that authorized_keys leads to the gate. */
@ParameterizedClass
@ValueSource(strings = {"dash", "bash", "busybox sh"})
class GateScriptTest extends InEveryShell {
    private static final String OURS =
            "exec /bin/sh -c 'test -f \"$1\" || exit 91; exec /bin/sh \"$@\"' compose .x/stacks-0.sh ";
    private static final String SHOP = Environment.of("acme/shop", "a").repositoryHash();
    private static final String OTHER = Environment.of("acme/other", "a").repositoryHash();
    private static final String FILE = """
            services:
              web:
                image: "x"
                cpus: 1
                pids_limit: 512
                mem_limit: "1073741824"
                logging:
                  driver: "json-file"
                  options:
                    max-size: "10m"
                security_opt:
                  - "no-new-privileges:true"
            """;

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
                    .contains("\"word\":\"NOPERM\"", "does not lead to victim");
        }
        assertThat(ask(gate, deployOf("victim", FILE), bundle(FILE))).contains("does not lead to victim");
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
            assertThat(ask(gate, "down nonce=n project=" + project, "")).contains("does not lead to " + project);
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
    void whatStaysAndForeignUrlsAndHomesNeedTheirOwnWord() {
        var gate = List.of("projects=*", "hosts=*.review.test");
        assertThat(ask(gate, deployOf("p", FILE), bundle(FILE))).contains("does not lead to http://p.test");
        var deploy = deployOf("p", FILE).replace("hosts=p.test", "hosts=p.review.test");
        assertThat(ask(gate, deploy, bundle(FILE))).contains("\"word\":\"OK\"");
        assertThat(ask(gate, deploy.replace("lifetime=604800", "lifetime=forever"), bundle(FILE)))
                .contains("for review environments only");
        assertThat(ask(gate, "extend nonce=n project=p lifetime=forever", "")).contains("for review environments only");
        assertThat(ask(gate, "pin nonce=n project=p", "")).contains("for review environments only");
        assertThat(ask(gate, "down nonce=n project=p force=yes", "")).contains("for review environments only");
        assertThat(ask(gate, "sweep nonce=n force=yes", "")).contains("lets nobody force a sweep");
        assertThat(ask(gate, deploy + " evict=yes", bundle(FILE))).contains("lets nobody evict");
        assertThat(ask(gate, deploy + " home=/srv/x", bundle(FILE))).contains("does not lead to /srv/x");
        assertThat(ask(List.of("projects=*", "home=/srv/shop"), deploy + " home=/srv/shop2", bundle(FILE)))
                .contains("does not lead to /srv/shop2");
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
        words.addAll(
                new Gate("acme/shop", List.of("shop-*"), List.of("*.review.test"), true, "/srv/shop", true).words());
        assertThat(run(words, Map.of("SSH_ORIGINAL_COMMAND", OURS + "list nonce=n"), ""))
                .contains("\"word\":\"OK\"");
    }

    private static String deployOf(String project, String text) {
        return "deploy nonce=n " + String.join(" ", words(project, text));
    }

    private String ask(List<String> gate, String words, String stdin) {
        var all = new ArrayList<>(List.of("gate"));
        all.addAll(gate);
        return run(
                all,
                Map.of("SSH_ORIGINAL_COMMAND", OURS + words),
                new String(stdin.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
