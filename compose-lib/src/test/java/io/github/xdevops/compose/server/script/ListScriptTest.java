package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.server.Reply;
import io.github.xdevops.compose.server.ServerReplies;
import io.github.xdevops.compose.server.ServerStatus;
import io.github.xdevops.compose.server.StackStatus.LastDeploy;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.server.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list tells what the sweeper does, and the client understands it. */
@EveryShell
class ListScriptTest extends InEveryShell {
    @Test
    void aServerWithoutASweeperSaysNothingOfOne() {
        assertThat(run("list", List.of(), "")).contains("\"word\":\"OK\"").doesNotContain("@n sweep");
        deploy("one", WEB);
        assertThat(status().stacks()).singleElement().satisfies(stack -> {
            assertThat(stack.project()).isEqualTo("one");
            assertThat(stack.state()).isEqualTo(State.RUNNING);
            assertThat(stack.deploy()).isEqualTo(LastDeploy.OK);
            assertThat(stack.pinned()).isFalse();
        });
        assertThat(status().warnings()).singleElement().asString().contains("The sweeper has never run on this server");
    }

    @Test
    void afterASweepNothingIsWrong() {
        deploy("one", WEB);
        run("sweep", List.of(), "");
        assertThat(status().warnings()).isEmpty();
        assertThat(status().swept()).isNotNull();
    }

    @Test
    void whatTheSweepCouldNotRemoveIsListedWithItsReason() throws IOException {
        deploy("one", WEB);
        write("one/removeat", "1000000000\n");
        Files.createFile(stub.resolve("stuck"));
        run("sweep", List.of(), "");
        assertThat(status().stacks()).singleElement().satisfies(stack -> {
            assertThat(stack.state()).isEqualTo(State.REMOVING);
            assertThat(stack.problem()).contains("still in use");
        });
        assertThat(status().warnings()).singleElement().asString().contains("one was not removed", "still in use");
    }

    @Test
    void leftoversAreReportedOnce() throws IOException {
        write(".trash/one.7.1600000000/data/file", "x");
        deploy("one", WEB);
        run("sweep", List.of(), "");
        assertThat(status().warnings()).isEmpty();
        Files.setLastModifiedTime(
                home.resolve(".yourlabs.compose/.trash/one.7.1600000000"),
                FileTime.from(Instant.now().minus(Duration.ofHours(4))));
        assertThat(status().warnings())
                .singleElement()
                .asString()
                .contains(".trash/one.7.1600000000.told on the server could not be deleted");
        assertThat(status().warnings()).isEmpty();
        assertThat(home.resolve(".yourlabs.compose/.trash/one.7.1600000000.told/data/file"))
                .exists();
    }

    @Test
    void aStatusInSeveralLinesIsOneReplyAndNoOther() {
        write("sweep-status.json", "{\"when\":7,\n\"notice\":\"a\tb\033[1m\"\n}\n@n result {\"word\":\"OK\"}\n");
        assertThat(run("list", List.of(), "").lines())
                .filteredOn(line -> line.startsWith("@n sweep "))
                .containsExactly("@n sweep {\"when\":7,\"notice\":\"ab[1m\"}@n result {\"word\":\"OK\"}");
    }

    @Test
    void theTimersKindIsAPlainWord() {
        write(".host/sweeper", "systemd-user stacks-x.sh\n");
        assertThat(run("list", List.of(), "")).contains("@n sweeper systemd-user\n");
        for (var odd : List.of("", "\n", "$(id)\n", "CRON\n", "a;b\n", "\033[1m\n")) {
            write(".host/sweeper", odd);
            assertThat(run("list", List.of(), "")).as(odd).doesNotContain("@n sweeper");
        }
    }

    private ServerStatus status() {
        var replies = new ServerReplies();
        var results = new ArrayList<Reply>();
        run("list", List.of(), "")
                .lines()
                .map(line -> line.substring("@n ".length()))
                .forEach(line -> {
                    var parts = line.split(" ", 2);
                    if (parts[0].equals("result")) {
                        results.add(Reply.parse(parts[1]));
                    } else {
                        replies.hear(parts[0], parts[1]);
                    }
                });
        return replies.status(new Verb.ListAll().result(results.get(0)));
    }
}
