package io.github.xdevops.compose.ci;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the source that is being built; {@code null} where nothing is known.
 *
 * @param origin who said it, for people: {@code GitLab CI}, {@code GitHub Actions}, {@code git}
 * @param repository the repository as its host calls it, for example {@code acme/shop}; for a request from a fork, the fork
 * @param branch the branch; of a merge or pull request, the source branch
 * @param commit the commit's hash
 * @param author who made it
 * @param pipeline the address of the pipeline's page
 * @param sequence grows with each pipeline of the repository; 0 if unknown
 * @param environment the environment's name, when the pipeline fixes it
 * @param url the environment's URL, when the pipeline fixes it
 * @param defaultBranch the repository's default branch
 * @param fork the repository that a merge or pull request comes from, when it is not the one it is made to
 * @param request the number of the merge or pull request in the repository that it is made to, in digits
 */
public record Source(
        String origin,
        @Nullable String repository,
        @Nullable String branch,
        @Nullable String commit,
        @Nullable String author,
        @Nullable String pipeline,
        long sequence,
        @Nullable String environment,
        @Nullable String url,
        @Nullable String defaultBranch,
        @Nullable String fork,
        @Nullable String request) {
    /** Nothing is known. */
    public static final Source UNKNOWN =
            new Source("nothing", null, null, null, null, null, 0, null, null, null, null, null);

    /** Whether git could add nothing. */
    public boolean isComplete() {
        return repository != null && branch != null && commit != null && author != null;
    }

    /** This source, with what it does not know taken from another. */
    public Source or(Source other) {
        return new Source(
                origin,
                first(repository, other.repository),
                first(branch, other.branch),
                first(commit, other.commit),
                first(author, other.author),
                first(pipeline, other.pipeline),
                sequence,
                environment,
                url,
                defaultBranch,
                fork,
                request);
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one != null ? one : other;
    }
}
