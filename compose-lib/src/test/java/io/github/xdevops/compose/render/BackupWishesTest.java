package io.github.xdevops.compose.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a service asks of its backup. */
class BackupWishesTest {
    @TempDir
    Path directory;

    @Test
    void aWishReachesTheServerAsItIs() throws IOException {
        assertThat(text("{dump: \"cat /kv/value; echo $$HOME\", load: \"cat >/kv/value\"}"))
                .contains("x-backup:\n      dump: \"cat /kv/value; echo $$HOME\"\n      load: \"cat >/kv/value\"\n");
        assertThat(text("{stop: true}")).contains("x-backup:\n      stop: true\n");
        assertThat(text("none")).contains("x-backup: \"none\"\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            yes                             | services.db.x-backup must be
            {dump: cat}                     | services.db.x-backup must have `dump` and `load`
            {dump: cat, load: cat, run: sh} | services.db.x-backup must have `dump` and `load`
            {stop: soon}                    | services.db.x-backup must have `dump` and `load`
            {dump: [cat], load: cat}        | services.db.x-backup.dump is not a command
            {dump: cat, load: ""}           | services.db.x-backup.load is not a command
            """)
    void aWishThatIsNoneIsRefused(String wish, String words) {
        assertThatThrownBy(() -> text(wish))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.DATA))
                .hasMessageContaining(words);
    }

    @Test
    void theScrubOfASeedIsOneCommand() throws IOException {
        assertThat(textWith("x-seed: {scrub: \"psql -c 'delete from t'\"}"))
                .contains("x-seed:\n      scrub: \"psql -c 'delete from t'\"\n");
        assertThatThrownBy(() -> textWith("x-seed: {scrub: [psql]}"))
                .hasMessageContaining("services.db.x-seed.scrub is not a command");
        for (var wrong : List.of("none", "{scrub: a, load: b}", "{}")) {
            assertThatThrownBy(() -> textWith("x-seed: " + wrong))
                    .hasMessageContaining("services.db.x-seed is not `{scrub: COMMAND}`");
        }
    }

    private String text(String wish) throws IOException {
        return textWith("x-backup: " + wish);
    }

    private String textWith(String key) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), "services:\n  db:\n    image: db:1\n    " + key + "\n");
        return Stack.in(directory)
                .project("shop")
                .environment(Environment.of("acme/shop", "main"))
                .domain("ci.example.com")
                .lifetime(Lifetime.parse("forever"))
                .unrouted()
                .render()
                .text();
    }
}
