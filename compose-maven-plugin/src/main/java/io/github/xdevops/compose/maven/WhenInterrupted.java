package io.github.xdevops.compose.maven;

/** Says what goes on without Maven, if somebody ends it meanwhile, as Ctrl-C and a cancelled job do. */
final class WhenInterrupted implements AutoCloseable {
    private final Thread hook;

    WhenInterrupted(String said) {
        hook = new Thread(() -> System.err.println(said), "compose-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // Maven is ending, and it has been said.
        }
    }
}
