package io.github.xdevops.compose.host;

import io.github.xdevops.compose.host.OutcomeUnknown.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Transfers bytes to and from a running command until it ends. Every stream has its own thread, so none can block another, and
 * the calling thread only waits for the deadline.
 */
public final class CommandIo {
    private static final byte[] END = new byte[0];
    private static final int CHUNK = 32 * 1024;

    private final Running running;
    private final Deadline deadline;
    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(8);
    private final Tail out = new Tail(Result.KEPT);
    private final Tail err = new Tail(Result.KEPT);
    private final List<Thread> threads = new ArrayList<>();
    private volatile @Nullable IOException lost;

    public CommandIo(Running running, Deadline deadline) {
        this.running = running;
        this.deadline = deadline;
    }

    public Result carry(Input stdin, Consumer<String> sink) throws OutcomeUnknown {
        boolean ended = false;
        try {
            start("stdin", () -> feed(stdin));
            Thread errors = start("stderr", this::collect);
            start("stdout", this::pump);
            follow(new Lines(sink));
            int exit = running.exit(deadline.left());
            errors.join(Math.max(1, deadline.left().toMillis()));
            if (errors.isAlive()) {
                throw new TimeoutException();
            }
            ended = true;
            return new Result(exit, out.text(), err.text());
        } catch (TimeoutException e) {
            throw new OutcomeUnknown(Reason.DEADLINE, err.text(), null);
        } catch (IOException e) {
            throw new OutcomeUnknown(Reason.LOST, err.text(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknown(Reason.INTERRUPTED, err.text(), e);
        } finally {
            if (!ended) {
                running.abandon();
            }
            finish();
        }
    }

    private void follow(Lines lines) throws IOException, TimeoutException, InterruptedException {
        while (true) {
            byte[] chunk = chunks.poll(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
            if (chunk == null) {
                throw new TimeoutException();
            }
            if (chunk.length == 0) {
                IOException failure = lost;
                if (failure != null) {
                    throw failure;
                }
                lines.end();
                return;
            }
            out.add(chunk, chunk.length);
            lines.add(chunk, chunk.length);
        }
    }

    private void pump() {
        try {
            try (InputStream stream = running.out()) {
                byte[] buffer = new byte[CHUNK];
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                    if (n > 0) {
                        chunks.put(Arrays.copyOf(buffer, n));
                    }
                }
            } catch (IOException e) {
                lost = e;
            }
            chunks.put(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody follows any more
        }
    }

    private void collect() {
        byte[] buffer = new byte[CHUNK];
        try (InputStream stream = running.err()) {
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                err.add(buffer, n);
            }
        } catch (IOException e) {
            // The same failure breaks standard output too, and is reported from there.
        }
    }

    private void feed(Input stdin) {
        try (OutputStream stream = running.in()) {
            stdin.writeTo(stream);
            stream.flush();
        } catch (IOException e) {
            // A command need not read its input to the end; whether it should have shows in its exit status.
        }
    }

    private Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, "compose-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void finish() {
        threads.forEach(Thread::interrupt);
        boolean interrupted = Thread.interrupted();
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(1).toMillis());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
