package io.github.xdevops.compose.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A running command on this machine. */
final class LocalProcess implements Running {
    private final Process process;
    private final boolean group;

    /**
     * @param group whether the process leads its own process group
     */
    LocalProcess(Process process, boolean group) {
        this.process = process;
        this.group = group;
    }

    @Override
    public OutputStream in() {
        return process.getOutputStream();
    }

    @Override
    public InputStream out() {
        return process.getInputStream();
    }

    @Override
    public InputStream err() {
        return process.getErrorStream();
    }

    @Override
    public int exit(Duration patience) throws TimeoutException, InterruptedException {
        if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException();
        }
        return process.exitValue();
    }

    @Override
    public void abandon() {
        List<ProcessHandle> tree = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        if (group) {
            killGroup();
        }
        tree.forEach(ProcessHandle::destroyForcibly);
    }

    private void killGroup() {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- -" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            // The tree that is still connected is stopped by its handles.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
