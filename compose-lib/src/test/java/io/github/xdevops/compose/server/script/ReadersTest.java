package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.server.StackRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads a record, at whatever moment, reads a whole file, while those who write it work and are killed. */
@ParameterizedClass
@ValueSource(strings = "dash")
@Tag("races")
class ReadersTest extends InEveryShell {
    private static final long SEED = Ring.seed();
    private static final int WRITERS = Ring.count(8, 40);
    private static final int LONGEST = 400;
    /** Long enough that it is not written at once. */
    private static final List<String> VERSIONS = List.of(
            WEB + "# " + "a".repeat(200_000) + "\n",
            WEB + "# " + "b".repeat(90_000) + "\n",
            "services: {web: {image: crash}}\n# " + "c".repeat(140_000) + "\n");

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger reads = new AtomicInteger();
    private final Queue<String> halves = new ConcurrentLinkedQueue<>();

    @Test
    void noReaderSeesHalfAFile() throws Exception {
        assertThat(deploy("one", VERSIONS.get(0))).contains("\"word\":\"OK\"");
        var reader = new Thread(this::read);
        reader.start();
        var killed = 0;
        try {
            var random = new Random(SEED);
            for (var i = 0; i < WRITERS && halves.isEmpty(); i++) {
                killed += write(random, "w" + i) ? 1 : 0;
            }
        } finally {
            over.set(true);
            reader.join();
        }
        assertThat(halves).as("with the seed " + SEED).isEmpty();
        assertThat(killed).isPositive();
        assertThat(reads).hasValueGreaterThan(1000);
        Proof.claim("reads of a record while writers were killed: " + reads + ", of half a file: 0");
    }

    /** A deploy or an extend that is killed with all it has started, unless it is faster; whether it was. */
    private boolean write(Random random, String nonce) throws Exception {
        var text = VERSIONS.get(random.nextInt(VERSIONS.size()));
        var words = random.nextInt(4) == 0
                ? List.of("extend", "nonce=" + nonce, "project=one", "lifetime=" + (100_000 + random.nextInt(1000)))
                : new ArrayList<>(List.of("deploy", "nonce=" + nonce));
        if (words.get(0).equals("deploy")) {
            words.addAll(words("one", text, "ready_wait=0", "lock_wait=20"));
        }
        var process = begin(words, Map.of());
        try (var out = process.getOutputStream()) {
            out.write(bundle(text).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // extend does not read it
        }
        var killed = !process.waitFor(1 + random.nextInt(LONGEST), TimeUnit.MILLISECONDS);
        // The worker has a session of its own, and is still a descendant of the one that waits for it.
        var all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        for (var one : all) {
            one.onExit().get(20, TimeUnit.SECONDS);
        }
        return killed;
    }

    private void read() {
        var record = home.resolve(".yourlabs.compose/one");
        while (!over.get()) {
            check(record.resolve("docker-compose.yml"), VERSIONS::contains);
            check(record.resolve("removeat"), text -> text.matches("[0-9]{10}\n"));
            check(
                    record.resolve("manifest.json"),
                    text -> StackRecord.parse(text).containsKey("about"));
        }
    }

    private interface Whole {
        boolean is(String text);
    }

    private void check(Path file, Whole whole) {
        try {
            var text = Files.readString(file);
            reads.incrementAndGet();
            if (!whole.is(text)) {
                halves.add(file + ": " + text);
            }
        } catch (NoSuchFileException e) {
            halves.add(file + " is gone");
        } catch (IOException | ComposeException e) {
            halves.add(file + ": " + e);
        }
    }
}
