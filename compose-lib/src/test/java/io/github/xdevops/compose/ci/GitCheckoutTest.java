package io.github.xdevops.compose.ci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
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

    @Test
    void theOnlyRemoteCountsWhateverItsName() throws Exception {
        git("init", "-q");
        git("remote", "add", "upstream", "git@git.example.com:acme/shop.git");
        assertThat(GitCheckout.read(directory).repository()).isEqualTo("acme/shop");
        git("remote", "add", "mine", "git@git.example.com:zoe/shop.git");
        assertThat(GitCheckout.read(directory).repository()).isNull();
    }

    @Test
    @Tag("R8")
    void gitsOwnReasonIsKept() throws Exception {
        commit();
        Files.writeString(directory.resolve(".git/config"), "[core]\n\trepositoryformatversion = 99\n");
        var source = GitCheckout.read(directory);
        assertThat(source.branch()).isNull();
        assertThat(source.problem()).contains("Expected git repo version").doesNotContain("fatal");
    }

    @Test
    void aBareRepositoryInTheCheckoutIsADirectoryAsAnyOther() throws Exception {
        commit();
        var inside = directory.resolve("web");
        Files.createDirectories(inside.resolve("objects"));
        Files.createDirectories(inside.resolve("refs"));
        Files.writeString(inside.resolve("HEAD"), "ref: refs/heads/evil\n");
        Files.writeString(inside.resolve("config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
        assertThat(GitCheckout.read(inside).branch()).isEqualTo("feature/x");
        assertThat(GitCheckout.top(inside)).contains(directory.toAbsolutePath());
    }

    /** Anything that git may be told to run leaves a trace. */
    @Test
    void gitRunsNothingThatTheCheckoutNames() throws Exception {
        commit();
        var trace = directory.resolve("trace");
        var program = directory.resolve("program");
        Files.writeString(program, "#!/bin/sh\necho run >> " + trace + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        for (var key : List.of(
                "core.fsmonitor", "core.sshCommand", "core.gitProxy", "core.pager", "gpg.program", "core.askPass")) {
            git("config", key, program.toString());
        }
        git("config", "log.showSignature", "true");
        git("config", "remote.origin.url", "ext::" + program);
        git("config", "remote.origin.promisor", "true");
        git("config", "protocol.ext.allow", "always");
        git("config", "core.repositoryFormatVersion", "1");
        git("config", "extensions.partialClone", "origin");
        var head =
                Files.readString(directory.resolve(".git/refs/heads/feature/x")).strip();
        Files.delete(directory.resolve(".git/objects/" + head.substring(0, 2) + "/" + head.substring(2)));
        var source = GitCheckout.read(directory);
        assertThat(source.branch()).isEqualTo("feature/x");
        assertThat(source.commit()).isNull();
        assertThat(trace).doesNotExist();
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
