package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.server.Stacks;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection that can be made while the stack is rendered: in a JVM that has just begun, both mostly load classes. */
final class LazyStacks implements AutoCloseable {
    private final Supplier<Stacks> connect;
    private @Nullable CompletableFuture<Stacks> stacks;

    LazyStacks(Supplier<Stacks> connect) {
        this.connect = connect;
    }

    CompletableFuture<Stacks> begin() {
        if (stacks == null) {
            stacks = CompletableFuture.supplyAsync(connect, work -> {
                var thread = new Thread(work, "compose-early-connection");
                thread.setDaemon(true);
                thread.start();
            });
        }
        return stacks;
    }

    /** Waits for it; throws what connecting throws. */
    Stacks get() {
        try {
            return begin().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    /** Does not wait for one that is still being made. */
    @Override
    public void close() {
        if (stacks != null) {
            var unused = stacks.thenAccept(Stacks::close);
        }
    }
}
