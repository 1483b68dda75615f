package io.github.xdevops.compose.ci;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the source that is being built, and who says it; {@code null} where nothing is known.
 *
 * @param origin who said most of it, for people: {@code GitLab CI}, {@code GitHub Actions}, {@code git}
 * @param facts each thing that is known
 * @param problem why git says nothing of the checkout that is here, in git's own words; {@code null} where there is none
 */
public record Source(
        String origin, Map<Fact, Finding> facts, @Nullable String problem) {
    /** Nothing is known. */
    public static final Source UNKNOWN = new Source("nothing", Map.of());

    private static final Set<Fact> PLACE = EnumSet.of(Fact.BRANCH, Fact.TAG);

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
        REGISTRY,
        /**
         * The event that started the pipeline, where it does not tell what the job builds: it runs on a branch, mostly the default one,
         * whatever it is about, and jobs check out something else. The branch that the pipeline names then counts only if its commit is
         * the one that is checked out.
         */
        EVENT
    }

    /**
     * A value and where it was found.
     *
     * @param value the value
     * @param by a variable's name, or {@code git}
     */
    public record Finding(String value, String by) {}

    /** What is known where git has nothing to complain of. */
    public Source(String origin, Map<Fact, Finding> facts) {
        this(origin, facts, null);
    }

    /** Takes a copy. */
    public Source {
        facts = Map.copyOf(facts);
    }

    /** What is known of it. */
    public @Nullable Finding said(Fact fact) {
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

    /** See {@link Fact#EVENT}. */
    public @Nullable String event() {
        return value(Fact.EVENT);
    }

    /** Whether git could add nothing. */
    public boolean isComplete() {
        return repository() != null && isPlaced() && commit() != null && author() != null && event() == null;
    }

    /** Whether a request is built, and nothing tells which repository it comes from. */
    public boolean isOfUnknownOrigin() {
        return event() != null && !isPlaced() && request() != null && fork() == null;
    }

    /** This source, with what it does not know taken from the checkout, which also tells whether an event's branch is the one that is built. */
    public Source or(Source checkout) {
        var all = new EnumMap<Fact, Finding>(Fact.class);
        all.putAll(facts);
        if (event() != null && !isCheckedOut(checkout)) {
            all.keySet().removeAll(PLACE);
            all.remove(Fact.COMMIT);
        }
        checkout.facts.forEach((fact, said) -> {
            if (!PLACE.contains(fact) || (!isPlaced() && event() == null)) {
                all.putIfAbsent(fact, said);
            }
        });
        return new Source(origin, all, checkout.problem);
    }

    private boolean isCheckedOut(Source checkout) {
        var commit = checkout.commit();
        return commit == null ? checkout.problem == null : commit.equals(commit());
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
