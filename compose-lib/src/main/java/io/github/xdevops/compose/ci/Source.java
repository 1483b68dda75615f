package io.github.xdevops.compose.ci;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the source that is being built, and who says it; {@code null} where nothing is known.
 *
 * @param origin who said most of it, for people: {@code GitLab CI}, {@code GitHub Actions}, {@code git}
 * @param facts each thing that is known
 */
public record Source(String origin, Map<Fact, Said> facts) {
    /** Nothing is known. */
    public static final Source UNKNOWN = new Source("nothing", Map.of());

    /** A thing that can be known of a source. */
    public enum Fact {
        /** The repository as its host calls it, for example {@code acme/shop}; for a request from a fork, the fork. */
        REPOSITORY,
        /** The branch; of a merge or pull request, the source branch; none of a tag. */
        BRANCH,
        /** The tag, when it is one that is built. */
        TAG,
        /** The commit's hash. */
        COMMIT,
        /** Who made it. */
        AUTHOR,
        /** The address of the pipeline's page. */
        PIPELINE,
        /** A number that grows with each pipeline of the repository. */
        SEQUENCE,
        /** The environment's name, when the pipeline fixes it. */
        ENVIRONMENT,
        /** The pipeline's own short form of that name. */
        SLUG,
        /** The environment's URL without a path, when the pipeline fixes it. */
        URL,
        /** The repository's default branch. */
        DEFAULT_BRANCH,
        /** The repository that a merge or pull request comes from, when it is not the one it is made to. */
        FORK,
        /** The number of the merge or pull request in the repository that it is made to, in digits. */
        REQUEST,
        /** The registry of images that the pipeline brings. */
        REGISTRY
    }

    /**
     * A value and where it was found.
     *
     * @param value the value
     * @param by a variable's name, or {@code git}
     */
    public record Said(String value, String by) {}

    /** Takes a copy. */
    public Source {
        facts = Map.copyOf(facts);
    }

    /** What is known of it. */
    public @Nullable Said said(Fact fact) {
        return facts.get(fact);
    }

    /** See {@link Fact#REPOSITORY}. */
    public @Nullable String repository() {
        return value(Fact.REPOSITORY);
    }

    /** See {@link Fact#BRANCH}. */
    public @Nullable String branch() {
        return value(Fact.BRANCH);
    }

    /** See {@link Fact#TAG}. */
    public @Nullable String tag() {
        return value(Fact.TAG);
    }

    /** See {@link Fact#COMMIT}. */
    public @Nullable String commit() {
        return value(Fact.COMMIT);
    }

    /** See {@link Fact#AUTHOR}. */
    public @Nullable String author() {
        return value(Fact.AUTHOR);
    }

    /** See {@link Fact#PIPELINE}. */
    public @Nullable String pipeline() {
        return value(Fact.PIPELINE);
    }

    /** See {@link Fact#SEQUENCE}; 0 if it is not known. */
    public long sequence() {
        var digits = value(Fact.SEQUENCE);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** See {@link Fact#ENVIRONMENT}. */
    public @Nullable String environment() {
        return value(Fact.ENVIRONMENT);
    }

    /** See {@link Fact#URL}. */
    public @Nullable String url() {
        return value(Fact.URL);
    }

    /** See {@link Fact#DEFAULT_BRANCH}. */
    public @Nullable String defaultBranch() {
        return value(Fact.DEFAULT_BRANCH);
    }

    /** See {@link Fact#FORK}. */
    public @Nullable String fork() {
        return value(Fact.FORK);
    }

    /** See {@link Fact#REQUEST}. */
    public @Nullable String request() {
        return value(Fact.REQUEST);
    }

    /** Whether git could add nothing. */
    public boolean isComplete() {
        return repository() != null && isPlaced() && commit() != null && author() != null;
    }

    /** This source, with what it does not know taken from another. */
    public Source or(Source other) {
        var all = new EnumMap<Fact, Said>(Fact.class);
        all.putAll(facts);
        other.facts.forEach((fact, said) -> {
            if (!isPlaced() || (fact != Fact.BRANCH && fact != Fact.TAG)) {
                all.putIfAbsent(fact, said);
            }
        });
        return new Source(origin, all);
    }

    /** What a tag is on is no branch, whatever git has checked out. */
    private boolean isPlaced() {
        return branch() != null || tag() != null;
    }

    private @Nullable String value(Fact fact) {
        var said = facts.get(fact);
        return said == null ? null : said.value();
    }
}
