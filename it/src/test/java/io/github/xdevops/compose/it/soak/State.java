package io.github.xdevops.compose.it.soak;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a project may be on the host.
 *
 * @param file the compose file in the record, or {@code null}
 * @param previous the file that is put back when a deploy fails, or {@code null}
 * @param url the project whose URL is claimed
 * @param other whether it is of another repository
 * @param served whether a deploy of it has ever ended well
 * @param stopped whether the containers may have been stopped since
 * @param gone what is remembered of an earlier life, or {@code null}
 */
record State(
        Phase phase,
        Content file,
        Content previous,
        int url,
        boolean other,
        long sequence,
        long generation,
        Lease lease,
        boolean served,
        boolean stopped,
        Gone gone) {
    enum Phase {
        ABSENT,
        LIVE,
        FAILED,
        /** The worker died. */
        DEPLOYING,
        /** A teardown died. */
        REMOVING
    }

    static final State NOTHING = new State(Phase.ABSENT, null, null, -1, false, 0, 0, Lease.NONE, false, false, null);

    boolean present() {
        return phase != Phase.ABSENT;
    }

    /** What a sweep takes. */
    boolean due() {
        return phase == Phase.REMOVING || (present() && lease.ended());
    }

    State absent() {
        return NOTHING.with(gone);
    }

    State with(Phase now) {
        return new State(now, file, previous, url, other, sequence, generation, lease, served, stopped, gone);
    }

    State with(Lease now) {
        return new State(phase, file, previous, url, other, sequence, generation, now, served, stopped, gone);
    }

    State with(Gone now) {
        return new State(phase, file, previous, url, other, sequence, generation, lease, served, stopped, now);
    }

    State withFiles(Content now, Content before) {
        return new State(phase, now, before, url, other, sequence, generation, lease, served, stopped, gone);
    }

    State restarted() {
        return new State(phase, file, previous, url, other, sequence, generation, lease, served, present(), gone);
    }

    boolean matches(Seen seen) {
        if (!Objects.equals(gone, seen.gone())) {
            return false;
        }
        if (!present()) {
            return !seen.record() && seen.resources().isEmpty();
        }
        return seen.record()
                && seen.removing() == (phase == Phase.REMOVING)
                && (seen.removing() || seen.state().equalsIgnoreCase(phase.name()))
                && seen.other() == other
                && seen.url() == url
                && seen.sequence() == sequence
                && seen.generation() == generation
                && Objects.equals(file, seen.file())
                && Objects.equals(previous, seen.previous())
                && lease.holds(seen.lease())
                && (phase != Phase.LIVE || runs(seen.containers()));
    }

    private boolean runs(Set<String> containers) {
        var running = new TreeSet<String>();
        for (var container : containers) {
            var words = container.split(" ", -1);
            if (!stopped && !words[1].equals("running")) {
                return false;
            }
            running.add(words[0]);
        }
        return containers.size() == running.size()
                && running.equals(file.version().containers());
    }
}
