package io.github.xdevops.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ci.Pipelines;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlugTest {
    private static final String ALPHABET =
            "abcxyzABCXYZ0189-_./+#@$`'\"\\<>|&;:,!?* \n\u00e9\u00df\u0130\u65e5\ud83d\ude00";

    /** These names are on people's servers and in their bookmarks: they never change. */
    @ParameterizedTest
    @CsvSource({
        "shop, main, shop--main",
        "shop, feature-login, shop--feature-login",
        "acme/shop, main, main-vlmdfgi74i3oitzx",
        "acme/shop, feature/login, feature-login-iwo35d6e5z5vwilw",
        "acme/shop, Feature/Login, feature-login-55infsu7tjkwean2",
        "acme/shop, feature_login, feature-login-fuli2gwxhvdia3d5",
        "acme/shop, 日本語, env-jhr3lnmbybyxqdij",
        "acme/shop, -, env-kxfm4qvbibcqdgxo",
    })
    void theGoldenNamesStay(String repository, String name, String slug) {
        assertThat(Slug.of(repository, name)).isEqualTo(slug);
    }

    @Test
    void namesThatDifferOnlyInPunctuationOrCaseGetDifferentSlugs() {
        var names = List.of(
                "feature/x", "feature-x", "feature_x", "feature.x", "Feature/X", "MAIN", "main", "-", "--", "_");
        assertThat(names.stream().map(name -> Slug.of("acme/shop", name))).doesNotHaveDuplicates();
        assertThat(names.stream().map(name -> Slug.of("shop", name))).doesNotHaveDuplicates();
    }

    @Test
    void theSameBranchOfTwoRepositoriesGetsDifferentSlugs() {
        assertThat(Slug.of("shop", "a-b")).isNotEqualTo(Slug.of("shop-a", "b"));
        assertThat(Slug.of("acme/shop", "main")).isNotEqualTo(Slug.of("evil/shop", "main"));
    }

    @Test
    void everySlugIsADnsLabelAndBelongsToOneIdentity() {
        var random = new Random(20261123);
        var seen = new HashMap<String, String>();
        for (int i = 0; i < 100_000; i++) {
            var repository = text(random, 1 + random.nextInt(20));
            var name = text(random, 1 + random.nextInt(random.nextInt(100) == 0 ? 300 : 20));
            var slug = Slug.of(repository, name);
            assertThat(slug).matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");
            var other = seen.put(slug, repository + "\0" + name);
            assertThat(other == null || other.equals(repository + "\0" + name))
                    .as(slug)
                    .isTrue();
        }
    }

    /** A branch called staging and an environment called staging are two, and these names never change either. */
    @ParameterizedTest
    @CsvSource({
        "shop, staging, staging-y2ga6htn5hdtyqvl",
        "acme/shop, staging, staging-yxrmmp64k6wu32kt",
        "acme/shop, tag/v1, tag-v1-55akcjnpurmsx2ti",
    })
    void anEnvironmentWithANameOfItsOwnIsNotThatOfTheBranchOfThisName(String repository, String name, String slug) {
        var named = Environment.named(repository, name);
        var ofBranch = Environment.of(repository, name);
        assertThat(named.slug()).isEqualTo(slug).isNotEqualTo(ofBranch.slug()).matches("[a-z0-9-]{1,40}");
        assertThat(named.identity()).isNotEqualTo(ofBranch.identity());
        assertThat(named.repositoryHash()).isEqualTo(ofBranch.repositoryHash());
    }

    /** From what a pipeline says to the name on the server, for names that git takes for branches. */
    @Test
    void twoBranchesOfAPipelineNeverShareAProject() {
        var random = new Random(20261129);
        var blanks = List.of("", "\u3000", "\u2003", "\u00a0", "\u2028", "\u0085", "\u200b", "\u1680");
        var seen = new HashMap<String, String>();
        for (int i = 0; i < 5_000; i++) {
            var name = blank(random, blanks)
                    + text(random, random.nextInt(4)).replaceAll("[^a-zA-Z0-9é日]", "")
                    + blank(random, blanks);
            for (var pipeline : List.of(
                    Map.of("GITLAB_CI", "true", "CI_PROJECT_PATH", "acme/shop", "CI_COMMIT_REF_NAME", name),
                    Map.of("GITHUB_ACTIONS", "true", "GITHUB_REPOSITORY", "acme/shop", "GITHUB_REF_NAME", name),
                    Map.of("DRONE", "true", "DRONE_REPO", "acme/shop", "DRONE_BRANCH", name))) {
                var branch = Pipelines.detect(pipeline).orElseThrow().branch();
                assertThat(branch).isEqualTo(name.isEmpty() ? null : name);
                if (branch != null && !branch.isBlank()) {
                    var other = seen.put(Environment.of("acme/shop", branch).slug(), name);
                    assertThat(other == null || other.equals(name)).as(name).isTrue();
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(1_000);
    }

    @Test
    void aNameThatWasNotReadInFullIsNobodys() {
        for (var lost : List.of("\ufffd\ufffd", "feature/\ufffd", "a\ud800")) {
            assertThatThrownBy(() -> Environment.of("acme/shop", lost))
                    .isInstanceOf(ComposeException.class)
                    .hasMessageContaining("LC_ALL=C.UTF-8");
            assertThatThrownBy(() -> Environment.of(lost, "main")).hasMessageContaining("LC_ALL=C.UTF-8");
        }
    }

    private static String blank(Random random, List<String> blanks) {
        return blanks.get(random.nextInt(blanks.size()));
    }

    @Test
    void theLocaleDoesNotMatter() {
        var before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.ROOT);
            var root = Slug.of("acme/shop", "TITLE-İ-I");
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Slug.of("acme/shop", "TITLE-İ-I")).isEqualTo(root);
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "production, production",
        "review/feature/login, review-feature-lo-h2g9v1",
        "staging-, staging",
    })
    void theSlugOfGitlabIsReproduced(String name, String slug) {
        assertThat(Slug.gitlab(name)).isEqualTo(slug);
    }

    private static String text(Random random, int length) {
        var text = new StringBuilder();
        while (text.length() < length) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        // Half of a surrogate pair has no bytes of its own and cannot be part of a name.
        return text.toString().replaceAll("[\\ud800-\\udfff]", "\ud83d\ude00");
    }
}
