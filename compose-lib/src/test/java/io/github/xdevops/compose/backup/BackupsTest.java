package io.github.xdevops.compose.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the client reads the program's answers. {@code BackupIT} tests the program on bare servers. */
class BackupsTest {
    private static final Pattern CALL = Pattern.compile(" compose shop ([0-9a-f]+)$");

    @Test
    void aNewRepositorysPasswordIsToldOnce() {
        var server = new Scripted(
                "phase copy|password a-new-password|result {\"word\":\"OK\",\"message\":\"\",\"id\":\"0f5abf60\",\"made\":true}");
        var made = Backups.on(server).at("/backup", null).make("shop", Duration.ofMinutes(10), Progress.NONE);
        assertThat(made).isEqualTo(new BackedUp("0f5abf60", true, "a-new-password"));
        assertThat(made.toString()).doesNotContain("a-new-password");
        assertThat(server.request).isEqualTo("verb=backup\nage=600\nrepository=/backup\n");
    }

    @Test
    void snapshotsAreListedAsTheServerSendsThem() {
        var server = new Scripted(
                "snapshot {\"id\":\"0f5abf60\",\"time\":1796061512,\"tags\":[\"deploy-3\",\"dumps:db.dump\",\"home\"]}"
                        + "|result {\"word\":\"OK\",\"message\":\"\"}");
        assertThat(Backups.on(server).snapshots("shop"))
                .containsExactly(new Snapshot(
                        "0f5abf60", Instant.ofEpochSecond(1796061512), 3, List.of("dumps:db.dump", "home")));
    }

    @Test
    void aFailureIsWordedHere() {
        var server = new Scripted("result {\"word\":\"NOPERM\",\"message\":\"backup-password /backup/shop\"}");
        assertThatThrownBy(() -> Backups.on(server)
                        .restore("shop", new RestoreOptions("latest", "db", true, true), Progress.NONE))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.NOPERM))
                .hasMessageContaining("is not that of /backup/shop; set COMPOSE_BACKUP_PASSWORD");
        assertThat(server.request).isEqualTo("verb=restore\nsnapshot=latest\nservice=db\nforce=yes\ntrial=yes\n");
    }

    @Test
    void aServerWithoutTheProgramIsToldApartFromAGateAndALostAnswer() {
        assertThatThrownBy(() -> Backups.on(new Scripted("", 91, "")).snapshots("shop"))
                .hasMessageContaining("run compose:provision with compose.role=production");
        assertThatThrownBy(() -> Backups.on(new Scripted("", 77, "this SSH key is behind a gate that …"))
                        .snapshots("shop"))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.NOPERM));
        assertThatThrownBy(() -> Backups.on(new Scripted("phase copy", 255, "")).snapshots("shop"))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.UNKNOWN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backup",
                "/a/../b",
                "sftp:-oProxyCommand@h:/x",
                "sftp:u@-h:/x",
                "rclone:x",
                "s3:",
                "/a b",
                "/a\nforce=yes"
            })
    void aPlaceThatIsNoneIsRefusedBeforeAnythingIsAsked(String place) {
        assertThatThrownBy(() -> Backups.on(new Scripted("")).at(place, null))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.USAGE))
                .hasMessageContaining("compose.backup");
    }

    @Test
    void aSnapshotAndAPasswordAreCheckedBeforeAnythingIsAsked() {
        assertThatThrownBy(() -> new RestoreOptions("newest", null, false, false))
                .hasMessageContaining("compose.to = `newest`");
        assertThatThrownBy(() -> Backups.on(new Scripted("")).at(null, "two\nlines-of-it"))
                .hasMessageContaining("COMPOSE_BACKUP_PASSWORD");
    }

    /** A server that answers by a fixed text. */
    private static final class Scripted implements Host {
        private final String replies;
        private final int exit;
        private final String err;
        private String request = "";

        Scripted(String replies) {
            this(replies, 0, "");
        }

        Scripted(String replies, int exit, String err) {
            this.replies = replies;
            this.exit = exit;
            this.err = err;
        }

        @Override
        public String address() {
            return "deploy@ci.example.com";
        }

        @Override
        public Result run(Command command, Input input, Consumer<String> lines) {
            var call = CALL.matcher(command.text());
            assertThat(call.find()).as(command.text()).isTrue();
            request = new String(command.stdin(), StandardCharsets.UTF_8);
            for (var line : replies.split("\\|")) {
                lines.accept("@" + call.group(1) + " " + line);
            }
            return new Result(exit, "", err);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
