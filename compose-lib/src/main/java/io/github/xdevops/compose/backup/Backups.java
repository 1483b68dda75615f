package io.github.xdevops.compose.backup;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Reply;
import io.github.xdevops.compose.text.Json;
import io.github.xdevops.compose.text.Printable;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The backups of the persistent environments on a server that {@code compose:provision} has set up for {@code production}. A run
 * continues on the server if the connection is lost.
 *
 * <p>Every method throws {@link ComposeException} if it fails: {@code UNAVAIL} if the repository cannot be reached or is locked,
 * {@code NOPERM} if its password is another one, {@code IOERR} if a disk is full or the repository is damaged, {@code DATA} if there
 * is no such environment or snapshot.
 */
public final class Backups {
    private static final String RUN = "test -x /usr/local/sbin/xdevops-backup || exit 91;"
            + " exec /usr/local/sbin/xdevops-backup ask \"$1\" \"$2\"";
    private static final int MISSING = 91;
    private static final Duration SHORT = Duration.ofMinutes(10);
    private static final Duration LONG = Duration.ofHours(12);
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern REPOSITORY = Pattern.compile(
            "(/[A-Za-z0-9._/-]+|sftp:[A-Za-z0-9._][A-Za-z0-9._-]*@[A-Za-z0-9.][A-Za-z0-9.-]*:/[A-Za-z0-9._/-]+"
                    + "|s3:(https?://)?[A-Za-z0-9.][A-Za-z0-9.:-]*/[A-Za-z0-9._/-]+)");
    private static final Duration WEEK = Duration.ofDays(7);

    private final Host host;
    private final List<String> repository;

    private Backups(Host host, List<String> repository) {
        this.host = host;
        this.repository = repository;
    }

    /**
     * Returns the backups on a host, in the repositories that the server remembers.
     *
     * @param host the server, as the login that deploys; stays open
     */
    public static Backups on(Host host) {
        return new Backups(host, List.of());
    }

    /**
     * Returns the backups in other repositories. The server remembers these from then on.
     *
     * @param place the place of the repositories, in restic's form: {@code /DIRECTORY} on the server, {@code
     *     sftp:USER@HOST:/DIRECTORY} or {@code s3:HOST/BUCKET}; {@code null} for the remembered place. Each project has a repository
     *     of its own below it
     * @param password the password of a repository that exists already, 8 to 200 characters of ASCII; {@code null} for the
     *     stored one, or for a new one
     * @throws ComposeException {@code USAGE} if a value is not acceptable
     */
    public Backups at(@Nullable String place, @Nullable String password) {
        if (place != null && (!REPOSITORY.matcher(place).matches() || place.contains(".."))) {
            throw ComposeException.usage("compose.backup = `" + place
                    + "` is none of /DIRECTORY, sftp:USER@HOST:/DIRECTORY and s3:HOST/BUCKET");
        }
        if (password != null && !password.matches("[\\x20-\\x7e]{8,200}")) {
            throw ComposeException.usage(
                    "The password of a backup has 8 to 200 characters of ASCII on one line; see COMPOSE_BACKUP_PASSWORD");
        }
        var words = new ArrayList<String>();
        add(words, "repository", place);
        add(words, "password", password);
        return new Backups(host, List.copyOf(words));
    }

    /**
     * Makes a backup of an environment: one snapshot, or none if a dump failed.
     *
     * @param unlessYounger a backup that is younger than this is enough, at most 7 days; zero for a new one in any case
     */
    public BackedUp make(String project, Duration unlessYounger, Progress progress) {
        if (unlessYounger.isNegative() || unlessYounger.compareTo(WEEK) > 0) {
            throw ComposeException.usage("A backup that is enough is at most 7 days old");
        }
        var request = new ArrayList<>(List.of("verb=backup", "age=" + unlessYounger.toSeconds()));
        var passwords = new ArrayList<String>();
        var reply = ask(project, request, LONG, progress, (word, text) -> {
            if (word.equals("password")) {
                passwords.add(text);
            }
        });
        return new BackedUp(
                text(reply, "id"),
                Boolean.TRUE.equals(reply.members().get("made")),
                passwords.isEmpty() ? null : passwords.get(0));
    }

    /** The snapshots of an environment, the newest first. */
    public List<Snapshot> snapshots(String project) {
        var snapshots = new ArrayList<Snapshot>();
        var unused = ask(project, List.of("verb=snapshots"), SHORT, Progress.NONE, (word, text) -> {
            if (word.equals("snapshot")) {
                snapshots.add(snapshot(text));
            }
        });
        return List.copyOf(snapshots);
    }

    /**
     * Restores the data of an environment. It is fetched, and its dumps are loaded, beside the data that serves; then the services
     * stop for a moment. If they do not get ready with the restored data, the data from before serves again.
     */
    public Restored restore(String project, RestoreOptions options, Progress progress) {
        var request = new ArrayList<>(List.of("verb=restore", "snapshot=" + options.snapshot()));
        add(request, "service", options.service());
        add(request, "force", options.force() ? "yes" : null);
        add(request, "trial", options.dryRun() ? "yes" : null);
        var reply = ask(project, request, LONG, progress, (word, text) -> {});
        return new Restored(
                text(reply, "id"),
                reply.members().get("gap") instanceof Long hundredths
                        ? Duration.ofMillis(Math.max(0, hundredths) * 10)
                        : Duration.ZERO);
    }

    private Reply ask(
            String project,
            List<String> request,
            Duration deadline,
            Progress progress,
            BiConsumer<String, String> replies) {
        var bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        var nonce = HexFormat.of().formatHex(bytes);
        var mark = "@" + nonce + " ";
        var end = new ArrayList<String>();
        var lines = new ArrayList<>(request);
        lines.addAll(repository);
        var command = Command.script(RUN, List.of(Stack.checkProject(project), nonce))
                .withStdin((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8))
                .withDeadline(deadline);
        Result result;
        try {
            result = host.run(command, line -> {
                if (line.startsWith(mark)) {
                    hear(line.substring(mark.length()), progress, replies, end);
                }
            });
        } catch (HostException e) {
            throw new ComposeException(
                    Outcome.valueOf(e.fault().name()), Objects.requireNonNullElse(e.getMessage(), "no reason"), e);
        }
        if (end.isEmpty()) {
            throw unanswered(result);
        }
        var reply = Reply.parse(end.get(0));
        if (reply.word() != Outcome.OK) {
            throw new ComposeException(reply.word(), Printable.text(reply.message()) + " (on " + host.address() + ")");
        }
        return reply;
    }

    private static void hear(String line, Progress progress, BiConsumer<String, String> replies, List<String> end) {
        var words = line.split(" ", 2);
        var text = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "result" -> end.add(text);
            case "phase" -> progress.phase(Printable.line(text));
            case "note" -> progress.line(Printable.line(text));
            default -> replies.accept(words[0], text);
        }
    }

    private ComposeException unanswered(Result result) {
        var said = Printable.line((result.err() + " " + result.out()).strip(), 200);
        if (result.exit() == MISSING) {
            return new ComposeException(
                    Outcome.UNAVAIL,
                    host.address() + " has no program for backups: run compose:provision with compose.role=production");
        }
        if (said.contains("behind a gate")) {
            return new ComposeException(
                    Outcome.NOPERM,
                    "A key behind a gate cannot ask for backups; use one of the server's owner: " + said);
        }
        return new ComposeException(
                Outcome.UNKNOWN,
                "The backup's program on " + host.address() + " ended with exit code " + result.exit()
                        + " and without an answer: " + said);
    }

    private static Snapshot snapshot(String json) {
        if (Json.parse(json) instanceof Map<?, ?> members
                && members.get("id") instanceof String id
                && members.get("time") instanceof Long time
                && members.get("tags") instanceof List<?> tags) {
            var deploy = 0L;
            var contents = new ArrayList<String>();
            for (var tag : tags) {
                var text = Printable.line(String.valueOf(tag));
                if (text.matches("deploy-[0-9]{1,15}")) {
                    deploy = Long.parseLong(text.substring("deploy-".length()));
                } else {
                    contents.add(text);
                }
            }
            return new Snapshot(Printable.line(id), Instant.ofEpochSecond(time), deploy, contents);
        }
        throw new ComposeException(
                Outcome.PROTO, "The server's answer is not a snapshot: " + Printable.line(json, 200));
    }

    private static String text(Reply reply, String key) {
        return Printable.line(String.valueOf(reply.members().get(key)));
    }

    private static void add(List<String> request, String name, @Nullable String value) {
        if (value != null) {
            request.add(name + "=" + value);
        }
    }
}
