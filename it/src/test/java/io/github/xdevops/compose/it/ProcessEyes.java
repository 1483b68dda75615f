package io.github.xdevops.compose.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Looks at the command lines of all processes of this machine, which every user may read, again and again. */
final class ProcessEyes implements AutoCloseable {
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::look, "process-eyes");
    private volatile boolean open = true;

    ProcessEyes() {
        thread.start();
    }

    /** Every command line that was seen. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        open = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void look() {
        while (open) {
            try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                for (var process : all) {
                    keep(process.resolve("cmdline"));
                }
            } catch (IOException e) {
                throw new AssertionError("/proc cannot be listed", e);
            }
            TestServer.pause(15);
        }
    }

    private void keep(Path commandLine) {
        try {
            seen.add(new String(Files.readAllBytes(commandLine), StandardCharsets.UTF_8).replace('\0', ' '));
        } catch (IOException e) {
            // It has ended meanwhile.
        }
    }
}
