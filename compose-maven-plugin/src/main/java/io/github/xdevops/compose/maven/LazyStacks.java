package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.server.Stacks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection that is opened while the stack is rendered: in a new JVM, both mostly load classes. */
final class LazyStacks implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

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

    /** Waits for the connection; throws its failure. */
    Stacks get() {
        try {
            return begin().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    /** Waits a moment for a connection that is still being opened: its threads would outlive the plugin's class loader. */
    @Override
    public void close() {
        if (stacks == null) {
            return;
        }
        try {
            stacks.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).close();
        } catch (ExecutionException e) {
            // The user of the connection has got the failure.
        } catch (TimeoutException e) {
            var unused = stacks.thenAccept(Stacks::close);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
