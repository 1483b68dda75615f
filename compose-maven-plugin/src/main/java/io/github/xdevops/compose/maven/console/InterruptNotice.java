package io.github.xdevops.compose.maven.console;

import java.util.function.Supplier;

/** Tells what continues on the server if Maven is stopped, for example by Ctrl-C or a cancelled job. */
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
                // Maven is stopping, and the notice is printed.
            }
        }
    }
}
