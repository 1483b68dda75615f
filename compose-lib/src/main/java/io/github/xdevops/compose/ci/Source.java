package io.github.xdevops.compose.ci;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Facts about the source that is built, each with its origin.
 *
 * @param origin the main origin, for people: {@code GitLab CI}, {@code GitHub Actions}, {@code git}
 * @param facts the known facts
 * @param problem git's message if it cannot read the checkout; {@code null} otherwise
 */
public record Source(
        String origin, Map<Fact, Finding> facts, @Nullable String problem) {
    /** A source of which nothing is known. */
    public static final Source UNKNOWN = new Source("nothing", Map.of());

    private static final Set<Fact> PLACE = EnumSet.of(Fact.BRANCH, Fact.TAG);

    /** A kind of fact. */
    public enum Fact {
        /** The repository by the name that its host uses, for example {@code acme/shop}; for a request from a fork, the fork. */
        REPOSITORY,
        /** The branch; for a merge or pull request, the source branch; none for a tag. */
        BRANCH,
        /** The tag, if one is built. */
        TAG,
        /** The commit's hash. */
        COMMIT,
        /** The author of the commit. */
        AUTHOR,
        /** The URL of the pipeline's page. */
        PIPELINE,
        /** A number that increases with each pipeline of the repository. */
        SEQUENCE,
        /** The name of the environment, if the pipeline sets it. */
        ENVIRONMENT,
        /** The pipeline's own short form of the environment's name. */
        SLUG,
        /** The environment's URL without a path, if the pipeline sets it. */
        URL,
        /** The repository's default branch. */
        DEFAULT_BRANCH,
        /** The source repository of a merge or pull request, if it differs from the target repository. */
        FORK,
        /** The number of the merge or pull request in the target repository, in digits. */
        REQUEST,
        /** The image registry that the pipeline provides. */
        REGISTRY,
        /**
         * The event that started the pipeline, if it does not determine what the job builds. Such a pipeline usually runs on the
         * default branch, and jobs check out something else. The branch that it names counts only if its commit is checked out.
         */
        EVENT
    }

    /**
     * A value and its origin.
     *
     * @param value the value
     * @param by a variable's name, or {@code git}
     */
    public record Finding(String value, String by) {}

    /** Creates a source without a problem of git. */
    public Source(String origin, Map<Fact, Finding> facts) {
        this(origin, facts, null);
    }

    /** Copies the facts. */
    public Source {
        facts = Map.copyOf(facts);
    }

    /** The finding for this fact, or {@code null}. */
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

    /** See {@link Fact#SEQUENCE}; 0 if unknown. */
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

    /** Whether the pipeline provides all facts, so that git can add none. */
    public boolean isComplete() {
        return repository() != null && isPlaced() && commit() != null && author() != null && event() == null;
    }

    /** Whether a request is built whose source repository is unknown. */
    public boolean isOfUnknownOrigin() {
        return event() != null && !isPlaced() && request() != null && fork() == null;
    }

    /** Adds facts from the checkout. The checkout also decides whether an event's branch is the one that is built. */
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

    /** Whether the place of the commit is decided: a tag is on no branch, whatever is checked out. */
    private boolean isPlaced() {
        return branch() != null || tag() != null;
    }

    private @Nullable String value(Fact fact) {
        var said = facts.get(fact);
        return said == null ? null : said.value();
    }
}
