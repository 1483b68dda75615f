package io.github.xdevops.compose.server;

import io.github.xdevops.compose.server.StackStatus.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the script's replies about records and their containers. */
final class RecordReplies {
    private final List<String> records = new ArrayList<>();
    private final Map<String, Containers> containers = new LinkedHashMap<>();
    private boolean dockerAnswers = true;

    void hear(String word, String text) {
        switch (word) {
            case "record" -> records.add(text);
            case "container" -> {
                var parts = text.split(" ", 4);
                containers
                        .computeIfAbsent(parts[0], project -> new Containers())
                        .add(parts.length > 1 ? parts[1] : "", parts.length > 3 ? parts[3] : "");
            }
            case "warning" -> dockerAnswers = false;
            default -> {}
        }
    }

    /** @param now the server's time */
    List<StackStatus> statuses(Instant now) {
        return statuses(now, Map.of());
    }

    /**
     * @param problems the reasons why the last sweep could not remove projects
     */
    List<StackStatus> statuses(Instant now, Map<String, String> problems) {
        return records.stream()
                .map(record -> StackRecord.status(
                        record, containers, now, dockerAnswers ? State.STOPPED : State.UNKNOWN, problems))
                .toList();
    }

    /** The containers of one project. */
    static final class Containers {
        private int all;
        private int running;
        private int failing;

        /**
         * @param status Docker's text, such as {@code Up 3 hours (unhealthy)}, {@code Exited (1) 2 days ago}
         */
        private void add(String state, String status) {
            all++;
            running += state.equals("running") ? 1 : 0;
            var failed = state.equals("exited") && !status.startsWith("Exited (0)");
            failing += failed || state.matches("restarting|dead") || status.contains("(unhealthy)") ? 1 : 0;
        }

        int all() {
            return all;
        }

        int running() {
            return running;
        }

        int failing() {
            return failing;
        }
    }
}
