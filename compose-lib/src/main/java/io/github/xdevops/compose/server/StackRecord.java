package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.StackStatus.LastDeploy;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.text.Json;
import io.github.xdevops.compose.text.Printable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The client's part of a server's record, and the conversion of a record to a status. */
public final class StackRecord {
    private StackRecord() {}

    public static String about(Stack stack) {
        var environment = stack.environment();
        var revision = environment.revision();
        var about = new LinkedHashMap<String, @Nullable Object>();
        about.put("repository", environment.repository());
        about.put("environment", environment.name());
        about.put("branch", revision.branch());
        about.put("commit", revision.commit());
        about.put("author", revision.author());
        about.put("message", revision.message());
        about.put("pipeline", revision.pipeline());
        about.put("directory", revision.directory());
        about.put("urls", stack.endpoints().stream().map(Endpoint::url).toList());
        about.values().removeIf(Objects::isNull);
        return Json.write(about);
    }

    /**
     * Reads the {@code list} reply of one record. An unreadable manifest yields a status without details.
     *
     * @param all the containers of each project
     * @param idle the state of a deployed stack without a running container
     * @param problems the reasons why the last sweep could not remove projects
     */
    static StackStatus status(
            String json,
            Map<String, RecordReplies.Containers> all,
            Instant now,
            State idle,
            Map<String, String> problems) {
        var record = record(json);
        var name = String.valueOf(record.get("project"));
        var containers = all.getOrDefault(name, new RecordReplies.Containers());
        var project = Printable.line(name);
        var lease = String.valueOf(record.get("lease"));
        var manifest = object(record.get("manifest"));
        var about = object(manifest.get("about"));
        var expires = lease.matches("[0-9]{1,12}") ? Instant.ofEpochSecond(Long.parseLong(lease)) : null;
        var created = number(manifest.get("created"));
        return new StackStatus(
                project,
                texts(about.get("urls")),
                state(record, manifest, expires != null && !expires.isAfter(now), containers, idle),
                deploy(manifest),
                created == 0 ? null : Instant.ofEpochSecond(created),
                expires,
                Boolean.TRUE.equals(manifest.get("pinned")) && lease.equals("forever"),
                now,
                containers.running(),
                containers.all(),
                text(about.get("repository")),
                text(about.get("environment")),
                new Revision(
                        text(about.get("branch")),
                        text(about.get("commit")),
                        text(about.get("author")),
                        text(about.get("message")),
                        text(about.get("pipeline")),
                        number(manifest.get("sequence")),
                        null),
                problems.get(project),
                BackupStatus.of(object(record.get("backup"))),
                text(manifest.get("seed")));
    }

    /**
     * Reads what was deployed.
     *
     * @param by the facts of who rolled back, or {@code null}
     */
    static Revision revision(@Nullable Object about, @Nullable Object by) {
        var deployed = object(about);
        var caller = by == null ? deployed : object(by);
        return new Revision(
                text(deployed.get("branch")),
                text(deployed.get("commit")),
                text(caller.get("author")),
                text(caller.get("pipeline")),
                0);
    }

    /** The facts of who rolls back. */
    static String by(@Nullable String author, @Nullable String pipeline) {
        var by = new LinkedHashMap<String, @Nullable Object>();
        by.put("author", author);
        by.put("pipeline", pipeline);
        by.values().removeIf(Objects::isNull);
        return Json.write(by);
    }

    private static Map<String, @Nullable Object> record(String json) {
        try {
            return object(Json.parse(json));
        } catch (IllegalArgumentException e) {
            var manifest = json.indexOf(",\"manifest\":");
            return parse(manifest < 0 ? json : json.substring(0, manifest) + "}");
        }
    }

    public static Map<String, @Nullable Object> parse(String json) {
        try {
            return object(Json.parse(json));
        } catch (IllegalArgumentException e) {
            throw new ComposeException(
                    Outcome.PROTO, "The server answered with something that is not JSON: " + Printable.line(json), e);
        }
    }

    private static State state(
            Map<String, @Nullable Object> record,
            Map<String, @Nullable Object> manifest,
            boolean expired,
            RecordReplies.Containers containers,
            State idle) {
        if (Boolean.TRUE.equals(record.get("removing"))) {
            return State.REMOVING;
        }
        if (expired) {
            return State.EXPIRED;
        }
        var state = text(manifest.get("state"));
        if (state == null) {
            return State.FOREIGN;
        }
        if (!state.equals("live")) {
            return State.of(state);
        }
        if (Boolean.TRUE.equals(record.get("asleep"))) {
            return State.ASLEEP;
        }
        return containers.running() == 0 ? idle : containers.failing() > 0 ? State.UNHEALTHY : State.RUNNING;
    }

    /** The result of the last deploy. A failed redeploy keeps the previous version, so the state alone does not show it. */
    private static @Nullable LastDeploy deploy(Map<String, @Nullable Object> manifest) {
        var state = text(manifest.get("state"));
        if (state == null) {
            return null;
        }
        var last = text(manifest.get("deploy"));
        if (state.equals("failed") || (last != null && last.startsWith("failed"))) {
            return LastDeploy.FAILED;
        }
        return state.equals("live") ? LastDeploy.OK : LastDeploy.DEPLOYING;
    }

    static long number(@Nullable Object value) {
        return value instanceof Number number ? Math.max(0, number.longValue()) : 0;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof String text && !text.isEmpty() ? Printable.line(text) : null;
    }

    private static List<String> texts(@Nullable Object value) {
        var texts = new ArrayList<String>();
        if (value instanceof List<?> list) {
            list.forEach(item -> texts.add(Printable.line(String.valueOf(item))));
        }
        return List.copyOf(texts);
    }

    @SuppressWarnings("unchecked") // keys of JSON objects are strings
    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }
}
