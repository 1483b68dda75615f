package io.github.xdevops.compose.ci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepositoryNameTest {
    @ParameterizedTest
    @CsvSource({
        "git@host.example:acme/shop.git, acme/shop",
        "host.example:/acme/shop.git/, acme/shop",
        "https://host.example/acme/shop, acme/shop",
        "https://host.example//acme/shop/, acme/shop",
        "HTTPS://me:secret@host.example/acme/shop, acme/shop",
        "ssh://git@host.example:22/acme/team/shop.git, acme/team/shop",
        "git@github.com:Acme/Shop.git, acme/shop",
        "https://github.com/ACME/shop, acme/shop",
        "https://github.com/git/git, git/git",
        "https://host.example/acme/a%20b+c, acme/a b+c",
        "https://host.example/acme/a%zz, acme/a%zz",
    })
    void theNameIsThatOfTheHost(String remote, String name) {
        assertThat(RepositoryName.of(remote)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "https://acme@dev.azure.com/acme/Web%20Shop/_git/shop",
        "git@ssh.dev.azure.com:v3/acme/Web%20Shop/shop",
        "https://acme.visualstudio.com/Web%20Shop/_git/shop",
        "https://acme.visualstudio.com/DefaultCollection/Web%20Shop/_git/shop",
        "acme@vs-ssh.visualstudio.com:v3/acme/Web%20Shop/shop",
        "https://tfs.example.com/tfs/DefaultCollection/Web%20Shop/_git/shop",
        "https://dev.azure.com/acme/Web%20Shop/_git/_full/shop",
    })
    @Tag("R12")
    void azuresAddressesAndItsPipelineAgree(String remote) {
        var pipeline = Pipelines.detect(Map.of(
                        "TF_BUILD", "True",
                        "BUILD_REPOSITORY_PROVIDER", "TfsGit",
                        "SYSTEM_TEAMPROJECT", "Web Shop",
                        "BUILD_REPOSITORY_NAME", "shop"))
                .orElseThrow();
        assertThat(RepositoryName.of(remote)).isEqualTo(pipeline.repository());
    }

    @ParameterizedTest
    @CsvSource({
        "https://dev.azure.com/acme/_git/Shop",
        "https://acme.visualstudio.com/_git/shop",
        "https://acme.visualstudio.com/DefaultCollection/_git/shop",
    })
    void aRepositoryOfAzureMayBeCalledLikeItsProject(String remote) {
        assertThat(RepositoryName.of(remote)).isEqualTo("shop/shop");
    }

    @ParameterizedTest
    @CsvSource({
        "https://bitbucket.example.com/scm/ab/shop.git, ab/shop",
        "https://example.com/bitbucket/scm/AB/shop.git, ab/shop",
        "ssh://git@bitbucket.example.com:7999/ab/shop.git, ab/shop",
        "https://bitbucket.example.com/scm/~zoe/shop.git, ~zoe/shop",
        "https://host.example.com/gitlab/group/shop.git, group/shop",
        "https://host.example.com/gitlab/group/team/shop.git, group/team/shop",
        "git@host.example.com:group/shop.git, group/shop",
        "https://gitlab.com/scm/ab/shop, scm/ab/shop",
    })
    @Tag("R12")
    void aForgeBelowAPathIsNoPartOfTheName(String remote, String name) {
        assertThat(RepositoryName.of(remote)).isEqualTo(name);
    }

    @Test
    void aDirectoryIsItsOwnName() {
        assertThat(RepositoryName.of("/srv/Git/shop.git")).isEqualTo("/srv/Git/shop.git");
        assertThat(RepositoryName.of(null)).isNull();
    }

    @Test
    @Tag("R12")
    void theCaseThatThePipelineWritesIsTheSame() {
        var pipeline = Pipelines.detect(Map.of("GITHUB_ACTIONS", "true", "GITHUB_REPOSITORY", "Acme/Shop"))
                .orElseThrow();
        assertThat(pipeline.repository()).isEqualTo("acme/shop");
    }
}
