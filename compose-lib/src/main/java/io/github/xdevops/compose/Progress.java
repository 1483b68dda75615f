package io.github.xdevops.compose;

/** Hears what happens while something is done, on the thread that does it. */
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
     * How far images are pulled, whenever the server tells.
     *
     * @param received bytes that are there, never more than {@code known}
     * @param known bytes of all layers whose size is known by now, so it grows
     */
    default void pulling(long received, long known) {}
}
