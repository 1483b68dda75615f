package io.github.xdevops.compose.it.soak;

import java.util.List;

/** Takes steps away from a sequence that fails, as long as it still fails. */
public final class Shrinker {
    private final Target target;
    private final int limit;
    private List<Divergence> found = List.of();
    private int runs;

    /** @param limit how often the host is emptied and played on at most */
    public Shrinker(Target target, int limit) {
        this.target = target;
        this.limit = limit;
    }

    /** A shortest sequence that was found to fail; the whole one if it never failed again. */
    public Sequence shrink(Sequence whole, Soak soak) {
        var failing = whole.first(soak.rounds());
        found = soak.divergences();
        var project = soak.divergences().get(0).project();
        if (project >= 0) {
            failing = shorter(failing, failing.of(project));
        }
        for (int size = Math.max(1, failing.size() / 2); ; size /= 2) {
            failing = withoutBlocks(failing, size);
            if (size <= 1) {
                return failing;
            }
        }
    }

    public int runs() {
        return runs;
    }

    /** Where the host was not what the model says when the shortest sequence was played. */
    public List<Divergence> found() {
        return found;
    }

    private Sequence withoutBlocks(Sequence whole, int size) {
        var failing = whole;
        boolean found;
        do {
            found = false;
            for (int end = failing.size(); end > 0; end -= size) {
                var shorter = shorter(failing, failing.without(Math.max(0, end - size), end));
                found |= shorter.size() < failing.size();
                failing = shorter;
            }
        } while (found && size == 1);
        return failing;
    }

    private Sequence shorter(Sequence failing, Sequence candidate) {
        if (candidate.size() == 0 || candidate.size() == failing.size() || !candidate.isSensible() || runs == limit) {
            return failing;
        }
        runs++;
        var soak = Soak.play(candidate, target, number -> {});
        if (soak.divergences().isEmpty()) {
            return failing;
        }
        found = soak.divergences();
        return candidate.first(soak.rounds());
    }

    /** For people who want to play it again. */
    public static String report(long seed, Sequence sequence, List<Divergence> divergences) {
        var text = new StringBuilder("# seed " + seed + "; play it again with it/soak --replay FILE\n");
        divergences.forEach(found -> text.append("# round ")
                .append(found.round())
                .append(", project ")
                .append(found.project())
                .append(": ")
                .append(found.message())
                .append('\n'));
        return text.append(sequence).toString();
    }
}
