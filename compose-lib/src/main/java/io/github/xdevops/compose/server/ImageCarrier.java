package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.image.ImageArchive;
import io.github.xdevops.compose.image.ImageException;
import io.github.xdevops.compose.image.ImageLayer;
import io.github.xdevops.compose.image.ImageSource;
import io.github.xdevops.compose.text.Printable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Transfers images to a server, only the layers that it lacks. */
final class ImageCarrier {

    private final ServerScript script;
    private final Timeouts timeouts;
    private final Progress progress;
    private final String nonce = ServerScript.nonce();
    private String platform = "";
    private int layers;
    private int sent;
    private long bytes;

    ImageCarrier(ServerScript script, Timeouts timeouts, Progress progress) {
        this.script = script;
        this.timeouts = timeouts;
        this.progress = progress;
    }

    /** An image and its known hashes: its own, those of its layers, and its ID on the server. */
    private static final class Load {
        final ImageSource source;
        String hash;
        List<String> layers;
        String id = "";

        Load(ImageSource source, String hash, List<String> layers) {
            this.source = source;
            this.hash = hash;
            this.layers = layers;
        }
    }

    CarriedImages carry(Map<String, ImageSource> services) {
        var images = each(services, (load, archive, present) -> send(load, archive, first(load, present)));
        return new CarriedImages(images, layers, sent, bytes);
    }

    /** The IDs of images on the server, without sending any. For a missing image, it is the ID that most engines would assign. */
    Map<String, String> ids(Map<String, ImageSource> services) {
        return each(services, (load, archive, present) -> load.id = "sha256:" + load.hash);
    }

    private interface Lacking {
        void on(Load load, ImageArchive archive, Map<String, String> present);
    }

    private Map<String, String> each(Map<String, ImageSource> services, Lacking work) {
        var loads = new LinkedHashMap<ImageSource, Load>();
        new TreeMap<>(services).values().forEach(source -> loads.computeIfAbsent(source, this::look));
        var here = ask(List.copyOf(loads.values()));
        for (var load : loads.values()) {
            // An image that was sent before may contain the lower layers of this one.
            var known = sent == 0 ? here : ask(List.of(load));
            if (isThere(load, known)) {
                continue;
            }
            opened(load, archive -> {
                var asIs = archive.id().equals(load.hash);
                describe(load, archive);
                // An engine may have its own IDs, which are meaningless elsewhere.
                var present = asIs ? known : ask(List.of(load));
                if (asIs || !isThere(load, present)) {
                    work.on(load, archive, present);
                }
            });
        }
        var images = new TreeMap<String, String>();
        services.forEach((service, source) -> images.put(service, Objects.requireNonNull(loads.get(source)).id));
        return images;
    }

    private Load look(ImageSource source) {
        var known = source.known();
        if (known != null) {
            return new Load(source, known.id(), known.layers());
        }
        var load = new Load(source, "", List.of());
        opened(load, archive -> describe(load, archive));
        return load;
    }

    private static void describe(Load load, ImageArchive archive) {
        load.hash = archive.id();
        load.layers = archive.layers().stream().map(ImageLayer::hash).toList();
    }

    private interface Work {
        void on(ImageArchive archive);
    }

    /** Opens an image; one from Docker is saved to a file during the work. */
    private void opened(Load load, Work work) {
        Path saved = null;
        try {
            var file = load.source.archive();
            if (file == null) {
                saved = Files.createTempFile("compose-image", ".tar");
                ImageSource.DOCKER.save(load.source.toString(), saved, timeouts.up());
                file = saved;
            }
            try (var archive = ImageArchive.open(file)) {
                work.on(archive);
            }
        } catch (ImageException e) {
            throw new ComposeException(Outcome.DATA, load.source + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ComposeException(
                    Outcome.IOERR, "Cannot create a temporary file on this machine: " + e.getMessage(), e);
        } finally {
            delete(saved);
        }
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of leading layers of each image that the server has, or {@code all} and its ID there. */
    private Map<String, String> ask(List<Load> loads) {
        var lines = new StringBuilder();
        loads.forEach(load -> lines.append(load.hash)
                .append(load.layers.isEmpty() ? "" : " ")
                .append(String.join(" ", load.layers))
                .append('\n'));
        var here = new HashMap<String, String>();
        var input = lines.toString().getBytes(StandardCharsets.US_ASCII);
        var unused = script.call(new Verb.Lacking(), nonce, input, Duration.ofMinutes(5), (word, text) -> {
            var parts = text.split(" ", 2);
            if (word.equals("have") && parts.length == 2) {
                here.put(parts[0], parts[1]);
            } else if (word.equals("platform")) {
                platform = text;
            } else {
                hear(word, text);
            }
        });
        return here;
    }

    private boolean isThere(Load load, Map<String, String> here) {
        var answer = here.getOrDefault(load.hash, "");
        if (!answer.startsWith("all ")) {
            return false;
        }
        load.id = answer.substring("all ".length());
        layers += load.layers.size();
        progress.line(load.source + " is on the server already");
        return true;
    }

    private static int first(Load load, Map<String, String> here) {
        var count = here.getOrDefault(load.hash, "");
        return count.matches("[0-9]{1,4}") ? Math.min(Integer.parseInt(count), load.layers.size()) : 0;
    }

    /**
     * @param present the number of leading layers that the server has
     */
    private void send(Load load, ImageArchive archive, int present) {
        var all = archive.layers();
        layers += all.size();
        var begun = bytes;
        var lower = distinct(all.subList(0, present));
        var upper = distinct(all.subList(present, all.size()));
        // A layer that appears again is needed there too.
        lower.keySet().removeAll(upper.keySet());
        if (!platform.isEmpty() && !archive.platform().equals(platform)) {
            progress.line(load.source + " is for " + archive.platform() + ", and the server is " + platform
                    + ": its containers will not start there without emulation");
        }
        progress.line(load.source + ": " + upper.size() + " of " + all.size() + " layers to send, "
                + megabytes(size(upper.values())));
        send(load, upper.values());
        var reply = load(load, archive);
        if (verb(load).wantsAll(reply)) {
            progress.line("Docker on the server needs all layers");
            send(load, lower.values());
            reply = load(load, archive);
        }
        load.id = verb(load).result(reply.orThrow(script.address()));
        progress.line(load.source + " is on the server; it took " + megabytes(bytes - begun) + " on the way");
    }

    private static Map<String, ImageLayer> distinct(List<ImageLayer> all) {
        var byHash = new LinkedHashMap<String, ImageLayer>();
        all.forEach(layer -> byHash.putIfAbsent(layer.hash(), layer));
        return byHash;
    }

    private static long size(Collection<ImageLayer> all) {
        return all.stream().mapToLong(ImageLayer::size).sum();
    }

    private static String megabytes(long count) {
        return String.format(Locale.ROOT, "%.1f MB", count / 1e6);
    }

    private void hear(String word, String text) {
        if (word.equals("phase")) {
            progress.phase(Printable.line(text));
        } else if (!text.isBlank()) {
            progress.line(Printable.line(text));
        }
    }

    private Verb.Load verb(Load load) {
        return new Verb.Load(load.hash, load.layers, timeouts);
    }

    private Reply load(Load load, ImageArchive archive) {
        var stdin = archive.config();
        return script.run(
                verb(load), nonce, out -> out.write(stdin), timeouts.up().plusMinutes(3), this::hear);
    }

    private void send(Load load, Collection<ImageLayer> wanted) {
        var total = size(wanted);
        var before = 0L;
        for (var layer : wanted) {
            send(load.source, layer, before, total);
            before += layer.size();
        }
    }

    private void send(ImageSource source, ImageLayer layer, long before, long total) {
        var verb = new Verb.Layer(layer.hash(), timeouts);
        var written = new AtomicLong();
        Input input = out -> {
            var counted = new CountedStream(out, written);
            layer.writeCompressed(counted, done -> progress.transfer(source.toString(), before + done, total));
        };
        var reply = script.run(verb, nonce, input, timeouts.up().plusMinutes(2), this::hear);
        if (reply.word() == Outcome.PROTO) {
            layer.verify();
        }
        reply.orThrow(script.address());
        sent++;
        bytes += written.get();
    }

    /** Reports the number of bytes written. */
    private static final class CountedStream extends FilterOutputStream {
        private final AtomicLong written;

        CountedStream(OutputStream out, AtomicLong written) {
            super(out);
            this.written = written;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            written.incrementAndGet();
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            written.addAndGet(count);
        }
    }
}
