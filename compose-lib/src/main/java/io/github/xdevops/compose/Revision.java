package io.github.xdevops.compose;

import org.jspecify.annotations.Nullable;

/**
 * The deployed state of the source and the pipeline that built it. All values are informative except the sequence, which the
 * server compares.
 *
 * @param branch the branch it comes from, or {@code null} if unknown
 * @param commit the commit's hash, or {@code null} if unknown
 * @param author the commit's author, or {@code null} if unknown
 * @param message the first line of the commit's message, or {@code null} if unknown
 * @param pipeline the address of the pipeline's page, or {@code null} if there is none
 * @param sequence grows with each pipeline of a repository, so that an older one never overwrites a newer one; 0 = by hand
 * @param directory where in its repository the compose file is, {@code .} at the top; {@code null} if unknown. The server refuses
 *     to replace a stack from another directory
 */
public record Revision(
        @Nullable String branch,
        @Nullable String commit,
        @Nullable String author,
        @Nullable String message,
        @Nullable String pipeline,
        long sequence,
        @Nullable String directory) {
    /** A revision of which nothing is known. */
    public static final Revision UNKNOWN = new Revision(null, null, null, null, null, 0, null);

    /** A revision whose message and directory are unknown. */
    public Revision(
            @Nullable String branch,
            @Nullable String commit,
            @Nullable String author,
            @Nullable String pipeline,
            long sequence) {
        this(branch, commit, author, null, pipeline, sequence, null);
    }

    /** @throws ComposeException if the sequence is negative or has more than 15 digits */
    public Revision {
        if (sequence < 0 || sequence > 999_999_999_999_999L) {
            throw ComposeException.usage("A pipeline's sequence must be 0 to 999999999999999, and is " + sequence);
        }
    }
}
