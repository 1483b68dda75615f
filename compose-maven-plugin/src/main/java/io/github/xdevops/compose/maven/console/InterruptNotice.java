package io.github.xdevops.compose.maven.console;

import java.util.function.Supplier;

/** Says what goes on without Maven, if somebody ends it meanwhile, as Ctrl-C and a cancelled job do. */
public final class InterruptNotice {
    private InterruptNotice() {}

    public static <T> T say(String text, Supplier<T> work) {
        var hook = new Thread(() -> Console.err().println(text), "compose-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.get();
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // Maven is ending, and it has been said.
            }
        }
    }
}
