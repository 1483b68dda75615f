package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.server.ProgramOutput;
import io.github.xdevops.compose.server.Reply;
import io.github.xdevops.compose.server.ServiceReplies;
import io.github.xdevops.compose.server.ServiceStatus;
import io.github.xdevops.compose.server.StackDetails;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.server.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The verbs inspect, logs and exec. */
@EveryShell
class ByHandScriptTest extends InEveryShell {
    private static final String TWO_SERVICES = """
            case "$*" in
            'ps '*'{{.ID}} {{.State}}'*'service"}}') echo 'b2 running web'; echo 'b1 running web'; echo 'a1 exited db'; exit 0 ;;
            esac
            """;

    @BeforeEach
    void deployOne() {
        deploy("one", WEB);
    }

    @Test
    void eachContainerIsToldAsDockerKnowsIt() throws IOException {
        hook("""
                case "$*" in
                'inspect '*)
                  echo '{"service":"web","container":"/one-web-1","state":"running","health":"healthy","exit":0,"restarts":2,"image":"x","id":"sha256:1","started":"2026-11-23T12:00:00.5Z","ended":"0001-01-01T00:00:00Z"}'
                  echo '{"service":"db","container":"/one-db-1","state":"exited","health":null,"exit":3,"restarts":0,"image":"\\u001b[31mpg","id":"sha256:2","started":"2026-11-23T12:00:00Z","ended":"2026-11-23T12:00:07Z"}'
                  echo '{"service":"job","container":"/one-job-1","state":"created","health":null,"exit":0,"restarts":0,"image":"j","id":"sha256:3","started":"0001-01-01T00:00:00Z","ended":"0001-01-01T00:00:00Z"}'
                  exit 0
                  ;;
                esac
                """);
        var details = inspect("one");
        assertThat(details.status().project()).isEqualTo("one");
        assertThat(details.status().state()).isEqualTo(State.RUNNING);
        assertThat(details.status().expires()).isNotNull();
        assertThat(details.services())
                .containsExactly(
                        new ServiceStatus(
                                "db",
                                "one-db-1",
                                "exited",
                                null,
                                3,
                                0,
                                "pg",
                                "sha256:2",
                                Instant.parse("2026-11-23T12:00:07Z")),
                        new ServiceStatus("job", "one-job-1", "created", null, null, 0, "j", "sha256:3", null),
                        new ServiceStatus(
                                "web",
                                "one-web-1",
                                "running",
                                "healthy",
                                null,
                                2,
                                "x",
                                "sha256:1",
                                Instant.parse("2026-11-23T12:00:00.500Z")));
    }

    @Test
    void withoutDockerTheRecordIsStillTold() throws IOException {
        hook("case \"$*\" in 'ps '*) echo 'Cannot connect' >&2; exit 1 ;; esac\n");
        assertThat(inspect("one").status().state()).isEqualTo(State.UNKNOWN);
        assertThat(inspect("one").services()).isEmpty();
    }

    @Test
    void unknownProjectsAndServicesAreReported() throws IOException {
        for (var verb : List.of("inspect", "logs", "exec")) {
            assertThat(run(verb, List.of("project=two", "service=web"), ""))
                    .as(verb)
                    .contains("\"word\":\"DATA\"", "two is not there; compose:list shows all");
        }
        assertThat(run("exec", List.of("project=one"), "")).contains("\"word\":\"USAGE\"");
        hook(TWO_SERVICES);
        assertThat(run("logs", List.of("project=one", "service=we"), ""))
                .contains("\"word\":\"DATA\"", "has no container of the service we; it has db web ");
        assertThat(run("exec", List.of("project=one", "service=db"), "true"))
                .contains("\"word\":\"DATA\"", "no container of the service db of one runs");
        assertThat(run("logs", List.of("project=one", "service=--host"), "")).contains("\"word\":\"USAGE\"");
    }

    @Test
    void linesOfSeveralContainersKeepTheirNames() throws IOException {
        hook(TWO_SERVICES + "case \"$*\" in *' logs '*) echo \"$PWD: $*\"; exit 0 ;; esac\n");
        var empty = home.resolve(".yourlabs.compose/.empty");
        assertThat(run("logs", List.of("project=one", "tail=7"), ""))
                .startsWith(empty + ": compose --ansi never -p one logs --no-color --tail 7\n")
                .contains("\"word\":\"OK\"");
        assertThat(run("logs", List.of("project=one", "service=db"), ""))
                .startsWith(empty + ": compose --ansi never -p one logs --no-color --tail 100 --no-log-prefix db\n");
    }

    @Test
    void aFollowerEndsWithTheLastContainer() throws IOException {
        hook(TWO_SERVICES + "case \"$*\" in *' logs '*'--follow'*) echo last; exit 0 ;; esac\n");
        assertThat(run("logs", List.of("project=one", "follow=yes"), "")).contains("last\n", "\"word\":\"OK\"");
        hook(TWO_SERVICES + "case \"$*\" in *' logs '*) echo 'unknown log driver' >&2; exit 1 ;; esac\n");
        assertThat(run("logs", List.of("project=one", "follow=yes"), ""))
                .contains("unknown log driver", "\"word\":\"UNAVAIL\"");
    }

    @Test
    void nothingIsLeftWhenNobodyFollowsAnyMore() throws Exception {
        hook(TWO_SERVICES + "case \"$*\" in *' logs '*) echo $$ >\"$STUB/pid\"; echo first; exec sleep 1000 ;; esac\n");
        var process = start(List.of("logs", "nonce=n", "project=one", "follow=yes"));
        try (var out = process.inputReader()) {
            assertThat(out.lines().filter(line -> !line.startsWith("@n ")).findFirst())
                    .contains("first");
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        var writer = ProcessHandle.of(
                Long.parseLong(Files.readString(stub.resolve("pid")).strip()));
        if (writer.isPresent()) {
            writer.get().onExit().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aCommandTellsItsStatusAndGetsNoInput() throws IOException {
        hook(TWO_SERVICES + "case \"$1\" in exec) echo \"in $3\"; shift 3; exec \"$@\" ;; esac\n");
        var said = new ArrayList<String>();
        var reply = exec("cat; echo to stderr >&2; printf 'half a line'; exit 3", said);
        assertThat(reply.word()).isEqualTo(Outcome.OK);
        assertThat(reply.members().get("exit")).isEqualTo(3L);
        assertThat(said).containsExactly("in b1", "to stderr", "half a line");
        said.clear();
        exec("echo; echo \"a  b\" 'c'; echo", said);
        assertThat(said).containsExactly("in b1", "", "a  b c", "");
        assertThat(Files.readString(stub.resolve("calls"))).doesNotContain("half a line", "a  b");
    }

    @Test
    void aCommandThatTakesTooLongIsUnknown() throws IOException {
        hook(TWO_SERVICES + "case \"$1\" in exec) exec sleep 100 ;; esac\n");
        assertThat(run("exec", List.of("project=one", "service=web", "budget=1"), "sleep 100"))
                .contains("\"word\":\"UNKNOWN\"", "within 1 s");
    }

    @Test
    @Tag("A10")
    void aGateLetsLogsThroughAndCommandsOnlyByItsOwnersWord() throws IOException {
        deploy("other", WEB);
        hook(TWO_SERVICES + "case \"$1\" in exec) shift 3; exec \"$@\" ;; esac\n");
        var gate = List.of("projects=one");
        assertThat(ask(gate, "inspect nonce=n project=one", "")).contains("\"word\":\"OK\"");
        assertThat(ask(gate, "logs nonce=n project=one service=web", "")).contains("\"word\":\"OK\"");
        var command = "exec nonce=n project=one service=web";
        assertThat(ask(gate, command, "touch owned"))
                .contains("\"word\":\"NOPERM\"", "behind a gate that runs no commands in containers");
        assertThat(home.resolve("owned")).doesNotExist();
        var open = List.of("projects=one", "exec=yes");
        assertThat(ask(open, command, "echo allowed")).contains("allowed\n", "\"exit\":0");
        for (var verb : List.of("inspect", "logs", "exec")) {
            assertThat(ask(open, verb + " nonce=n project=other service=web", "touch owned"))
                    .as(verb)
                    .contains("\"word\":\"NOPERM\"", "does not allow other");
        }
        run("pin", List.of("project=one"), "ann\n");
        assertThat(ask(open, command, "touch owned")).contains("for review environments only");
        assertThat(home.resolve("owned")).doesNotExist();
        assertThat(ask(List.of("projects=one", "exec=yes", "persistent=yes"), command, "echo allowed"))
                .contains("allowed\n", "\"exit\":0");
    }

    private void hook(String text) throws IOException {
        Files.writeString(stub.resolve("hook"), text);
    }

    private StackDetails inspect(String project) {
        var replies = new ServiceReplies();
        var result = new ArrayList<Reply>();
        run("inspect", List.of("project=" + project), "")
                .lines()
                .map(line -> line.substring("@n ".length()).split(" ", 2))
                .forEach(parts -> {
                    if (parts[0].equals("result")) {
                        result.add(Reply.parse(parts[1]));
                    } else {
                        replies.hear(parts[0], parts[1]);
                    }
                });
        return replies.details(new Verb.ListAll().result(result.get(0)));
    }

    private Reply exec(String command, List<String> said) {
        var output = new ProgramOutput("n", said::add);
        var result = new ArrayList<Reply>();
        run("exec", List.of("project=one", "service=web"), command).lines().forEach(line -> {
            if (line.startsWith("@n result ")) {
                result.add(Reply.parse(line.substring("@n result ".length())));
            } else if (!line.startsWith("@n ")) {
                output.accept("", line);
            }
        });
        return result.get(0);
    }

    private String ask(List<String> gate, String words, String stdin) {
        var all = new ArrayList<>(List.of("gate"));
        all.addAll(gate);
        var asked = "exec /bin/sh -c 'test -f \"$1\" || exit 91; exec /bin/sh \"$@\"' compose .x/stacks-0.sh " + words;
        return run(all, Map.of("SSH_ORIGINAL_COMMAND", asked), stdin);
    }
}
