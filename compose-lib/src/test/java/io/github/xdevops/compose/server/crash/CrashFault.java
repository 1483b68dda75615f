package io.github.xdevops.compose.server.crash;

/** What a crash has broken. */
record CrashFault(Kind kind, String what) {
    enum Kind {
        /** Containers, networks or volumes stay for ever. */
        LEAK,
        /** Something went before its time, or did not come back. */
        LOST,
        HALF_WRITTEN,
        /** Something else than the project was changed. */
        BYSTANDER,
        /** A sweep has left what it should have removed, because of another stack. */
        STOPPED_SWEEP,
        /** The host is not as after a run without crash. */
        DIFFERENT
    }

    CrashFault at(String place) {
        return new CrashFault(kind, place + ": " + what);
    }
}
