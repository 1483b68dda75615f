package io.github.xdevops.compose.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The ring of tests that runs, and the seed of its samples. The short ring checks a sample of each enumeration, another one for
 * each commit; with {@code -Dexhaustive=true} (see {@code it/verify all}) everything is checked. {@code -Dseed=N} repeats a sample.
 */
public final class Ring {
    private static final boolean EXHAUSTIVE = Boolean.getBoolean("exhaustive");
    private static final long SEED = Long.getLong("seed", seedOfCommit());

    static {
        System.out.println("Samples use seed " + SEED + "; repeat them with -Dseed=" + SEED);
    }

    private Ring() {}

    public static boolean isExhaustive() {
        return EXHAUSTIVE;
    }

    /** The seed of all samples in this run, also for tests that make random values. */
    public static long seed() {
        return SEED;
    }

    /** How many cases to check: the first number in the short ring, the second one in the exhaustive ring. */
    public static int count(int sample, int all) {
        return EXHAUSTIVE ? all : sample;
    }

    /** At most {@code size} of these, in their order; all of them in the exhaustive ring. */
    public static <T> List<T> sample(Collection<T> all, int size) {
        var list = new ArrayList<T>(all);
        if (EXHAUSTIVE || list.size() <= size) {
            return list;
        }
        var places = new ArrayList<Integer>();
        for (int i = 0; i < list.size(); i++) {
            places.add(i);
        }
        Collections.shuffle(places, new Random(SEED));
        return places.subList(0, size).stream().sorted().map(list::get).toList();
    }

    /** Where to begin when only every {@code step}th place is visited, so that all are over some commits. */
    public static int offset(int step) {
        return EXHAUSTIVE ? 0 : new Random(SEED).nextInt(step);
    }

    /** For a line of the proof sheet. */
    public static String note() {
        return EXHAUSTIVE ? "" : " (sampled by seed " + SEED + ")";
    }

    private static long seedOfCommit() {
        try {
            var git = new ProcessBuilder("git", "rev-parse", "HEAD")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            // Without git, as in a source archive, each run has a seed of its own.
            return git.waitFor() == 0 ? Long.parseLong(commit.substring(0, 8), 16) : System.nanoTime() % 1_000_000_000;
        } catch (IOException e) {
            return System.nanoTime() % 1_000_000_000;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
