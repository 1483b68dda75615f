package io.github.xdevops.compose;

/** Hears what happens while something is done, on the thread that does it unless said otherwise. */
public interface Progress {
    /** Hears nothing. */
    Progress NONE = new Progress() {
        @Override
        public void phase(String name) {
            // nobody listens
        }

        @Override
        public void line(String text) {
            // nobody listens
        }
    };

    /** A phase begins: {@code make-room}, {@code upload}, {@code lock}, {@code check}, {@code up}, {@code ready}, {@code restore} … */
    void phase(String name);

    /** A line that a program on the server wrote, without control characters. */
    void line(String text);

    /** What readiness waits for now, as {@code db is not healthy yet}. */
    default void waiting(String what) {
        line(what);
    }

    /**
     * Something large is on its way: images to the server, from here or from a registry. Heard often, and perhaps on a thread of its
     * own. Nothing has to be done about it.
     *
     * @param what for people
     * @param done bytes so far, 0 to total
     * @param total bytes in all as far as is known by now, 0 or more
     */
    default void transfer(String what, long done, long total) {}
}
