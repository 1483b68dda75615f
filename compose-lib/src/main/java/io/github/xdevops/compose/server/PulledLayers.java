package io.github.xdevops.compose.server;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Adds up Compose's progress lines for pulled layers, such as {@code bc2819290df8 Downloading [===> ]  19.29MB/30.01MB}. */
final class PulledLayers {
    private static final Pattern LAYER = Pattern.compile(" ?([0-9a-f]{12}) .*");
    private static final String SIZE = "([0-9]{1,6}(?:\\.[0-9]{1,6})?)([kMGT]?)B";
    private static final Pattern DOWNLOADING =
            Pattern.compile(".* Downloading (?:.*\\] )? *" + SIZE + "/" + SIZE + " *");
    private static final Pattern DOWNLOADED =
            Pattern.compile(".* (Verifying Checksum|Download complete|Extracting|Pull complete).*");

    private final Map<String, Long> received = new HashMap<>();
    private final Map<String, Long> known = new HashMap<>();

    /** Reads a line; returns whether it is about a layer. */
    boolean hear(String line) {
        var layer = LAYER.matcher(line);
        if (!layer.matches()) {
            return false;
        }
        var id = layer.group(1);
        var sizes = DOWNLOADING.matcher(line);
        if (sizes.matches()) {
            known.put(id, bytes(sizes.group(3), sizes.group(4)));
            received.put(id, Math.min(known.get(id), bytes(sizes.group(1), sizes.group(2))));
        } else if (known.containsKey(id) && DOWNLOADED.matcher(line).matches()) {
            received.put(id, known.get(id));
        }
        return true;
    }

    long received() {
        return received.values().stream().mapToLong(Long::longValue).sum();
    }

    long known() {
        return known.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long bytes(String number, String unit) {
        return new BigDecimal(number)
                .movePointRight(3 * " kMGT".indexOf(unit.isEmpty() ? " " : unit))
                .longValue();
    }
}
