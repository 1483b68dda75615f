package io.github.xdevops.compose.it;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was killed, and what came of it. */
final class KillTally {
    private static final int ENOUGH = 5;

    private final Map<KilledProject.Victim, Integer> hits = new EnumMap<>(KilledProject.Victim.class);
    private final List<String> leaks = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();

    synchronized void hit(KilledProject.Victim victim) {
        hits.merge(victim, 1, Integer::sum);
    }

    synchronized int hits() {
        return hits.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized int hits(KilledProject.Victim victim) {
        return hits.getOrDefault(victim, 0);
    }

    /** Something is on the server that should not be. */
    synchronized void leak(String what) {
        System.err.println("LEAK " + what);
        leaks.add(what);
    }

    /** Something is not on the server that should be, or somebody said so who should not. */
    synchronized void lost(String what) {
        System.err.println("LOST " + what);
        lost.add(what);
    }

    synchronized List<String> leaks() {
        return List.copyOf(leaks);
    }

    synchronized List<String> lost() {
        return List.copyOf(lost);
    }

    /** Whether it is worth going on. */
    synchronized boolean sound() {
        return leaks.size() + lost.size() < ENOUGH;
    }
}
