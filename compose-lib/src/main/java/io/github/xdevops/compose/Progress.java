package io.github.xdevops.compose;

/** Receives progress events, on the calling thread unless noted. */
public interface Progress {
    /** Ignores all events. */
    Progress NONE = new Progress() {
        @Override
        public void phase(String name) {
            // no listener
        }

        @Override
        public void line(String text) {
            // no listener
        }
    };

    /** A phase begins: {@code make-room}, {@code upload}, {@code lock}, {@code check}, {@code up}, {@code ready}, {@code restore} … */
    void phase(String name);

    /** A program on the server printed a line; control characters are removed. */
    void line(String text);

    /** Readiness waits, for example because {@code db is not healthy yet}. */
    default void waiting(String what) {
        line(what);
    }

    /**
     * Images are being transferred to the server, from this machine or from a registry. Called often, and possibly on another
     * thread.
     *
     * @param what a description for people
     * @param done bytes so far, 0 to total
     * @param total the total in bytes as far as it is known now, 0 or more
     */
    default void transfer(String what, long done, long total) {}
}
