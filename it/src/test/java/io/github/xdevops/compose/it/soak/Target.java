package io.github.xdevops.compose.it.soak;

import java.util.List;

/** A host, real or not, on which a sequence is played. */
public interface Target {
    /** What {@link Verb#LAPSE} writes as the end of a lease: epoch seconds. */
    long LONG_AGO = 1_000_000_000;

    int PROJECTS = 10;

    /** Projects with the same number modulo this are worked on one after the other, and only they claim each other's URLs. */
    int LANES = 4;

    /** Empties the host. */
    void reset();

    /** Plays steps that come between two quiet points, and gives their outcomes in the same order. */
    List<StepResult> play(List<Step> round);

    /** Waits until nobody works on the host, and looks. */
    Snapshot look();
}
