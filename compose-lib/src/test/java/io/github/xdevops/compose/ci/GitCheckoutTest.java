package io.github.xdevops.compose.ci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real git says. */
class GitCheckoutTest {
    @TempDir
    Path directory;

    @Test
    void outsideOfACheckoutNothingIsKnown() {
        var source = GitCheckout.read(directory);
        assertThat(source.repository()).isNull();
        assertThat(source.branch()).isNull();
        assertThat(source.commit()).isNull();
    }

    @Test
    void beforeTheFirstCommitThereIsABranchOnly() throws Exception {
        git("init", "-q", "-b", "feature/x");
        var source = GitCheckout.read(directory);
        assertThat(source.branch()).isEqualTo("feature/x");
        assertThat(source.commit()).isNull();
        assertThat(source.author()).isNull();
    }

    @Test
    void aCheckoutTellsItsBranchCommitAndAuthor() throws Exception {
        commit();
        git("config", "log.showSignature", "true");
        var source = GitCheckout.read(directory);
        assertThat(source.repository()).isEqualTo("acme/shop");
        assertThat(source.branch()).isEqualTo("feature/x");
        assertThat(source.tag()).isNull();
        assertThat(source.commit()).matches("[0-9a-f]{40}");
        assertThat(source.author()).isEqualTo("Zoe Q. Author");
    }

    @Test
    void aDetachedHeadIsATagOrNothing() throws Exception {
        commit();
        git("checkout", "-q", "--detach");
        assertThat(GitCheckout.read(directory).branch()).isNull();
        assertThat(GitCheckout.read(directory).tag()).isNull();
        git("tag", "v1");
        assertThat(GitCheckout.read(directory).tag()).isEqualTo("v1");
    }

    private void commit() throws Exception {
        git("init", "-q", "-b", "feature/x");
        git("remote", "add", "origin", "git@git.example.com:acme/shop.git");
        git(
                "-c",
                "user.name=Zoe Q. Author",
                "-c",
                "user.email=zoe@example.com",
                "commit",
                "-q",
                "--allow-empty",
                "-m",
                "The shop");
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
