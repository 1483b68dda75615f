package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever may write into a state directory cannot make the sweep run, read or remove anything else, or never end. */
@EveryShell
class StrangeRecordsTest extends InEveryShell {
    private Path state;

    @BeforeEach
    void aRecordThatIsOver() {
        assertThat(deploy("over", WEB)).contains("\"word\":\"OK\"");
        write("over/removeat", "1\n");
        state = home.resolve(".yourlabs.compose");
    }

    @Test
    @Tag("A5")
    @Tag("A7")
    void namesThatAreNoneAreLeftAloneAndWrittenHarmlessly() throws Exception {
        shell("""
                cd "$0"
                for name in '-rf' '*' '%s%n' '$(touch pwned)' '`touch pwned`' ' ' 'a b' '..a' 'UPPER' "$(printf 'line\\nbreak')" \\
                  "$(printf '\\033[31mred')" "$(printf 'bad\\377utf8')" "$(printf '%0255d' 7)" '##vso[task.x]y' '::set-output name=a::b'; do
                  mkdir -p -- "./$name" && echo 1 >"./$name/removeat"
                done
                """, state);
        var before = listing();
        var answer = run("sweep", List.of("force=yes"), "");
        assertThat(answer).contains("@n swept over", "\"word\":\"OK\"");
        assertThat(answer.lines().filter(line -> line.startsWith("@n swept "))).containsExactly("@n swept over");
        assertThat(answer).doesNotContain("\u001b", "\nbreak");
        assertThat(listing()).isEqualTo(before.replace("./over\n", ""));
        assertThat(home.resolve("pwned")).doesNotExist();
        assertThat(state.resolve("pwned")).doesNotExist();
    }

    @Test
    @Tag("A2")
    void aLinkIsNoRecordAndLeadsNowhere() throws Exception {
        shell("""
                mkdir -p "$0/../victim/data" && echo 1 >"$0/../victim/removeat"
                cd "$0" && ln -s ../victim linked && ln -s / root && ln -s /etc etc
                mkdir inside && echo 1 >inside/removeat && ln -s ../../victim inside/data && ln -s ../victim .trash/linked
                """, state);
        assertThat(run("sweep", List.of("force=yes"), "")).contains("@n swept over", "@n swept inside");
        assertThat(home.resolve("victim/data")).isDirectory();
        assertThat(home.resolve("victim/removeat")).exists();
        assertThat(state.resolve("linked")).isSymbolicLink();
        assertThat(state.resolve("inside")).doesNotExist();
    }

    @Test
    @Tag("A3")
    void aComposeFileOfAStrangerIsNeverRead() throws Exception {
        shell("""
                cd "$0/over" && rm -f docker-compose.yml manifest.json deploy.log && mkfifo docker-compose.yml .env manifest.json deploy.log
                echo 'name: victim' >compose.yaml
                """, state);
        assertThat(run("sweep", List.of("force=yes"), "")).contains("@n swept over");
        assertThat(Files.readString(stub.resolve("calls")).lines().filter(call -> call.contains(" down ")))
                .isNotEmpty()
                .noneMatch(call -> call.contains(" -f ") || call.contains("victim"));
    }

    @Test
    @Tag("A4")
    void muchAndDeepIsBounded() throws Exception {
        shell("""
                cd "$0" && mkdir many && (cd many && seq 1 3000 | xargs mkdir)
                mv many/* . 2>/dev/null; rmdir many
                mkdir deep && echo 1 >deep/removeat && (cd deep && for i in $(seq 1 1500); do mkdir d && cd -P d || exit 1; done)
                truncate -s 1T over/sparse && ln over/sparse over/hard
                """, state);
        assertThat(run("sweep", List.of("force=yes"), "")).contains("@n swept over", "@n swept deep");
        assertThat(state.resolve("deep")).doesNotExist();
        assertThat(state.resolve("3000"))
                .as("what has no lease is no record of ours")
                .isDirectory();
    }

    private String listing() throws Exception {
        return shell("cd \"$0\" && LC_ALL=C ls -d ./* | grep -v sweep-status", state);
    }

    private static String shell(String script, Path argument) throws IOException, InterruptedException {
        var process = new ProcessBuilder("sh", "-eu", "-c", script, argument.toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
