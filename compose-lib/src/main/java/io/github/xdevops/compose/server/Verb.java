package io.github.xdevops.compose.server;

import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Permission;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.render.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request to the server's script: a verb with its words, and its typed result. Internal: may change.
 *
 * @param <R> the type of the result
 */
public sealed interface Verb<R> {
    /** The words, except those of every verb ({@code state}, {@code nonce}). */
    List<String> words();

    /** Reads a successful result. */
    R result(Reply reply);

    /** The name of the verb in the script. */
    default String word() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /**
     * The result of a deploy.
     *
     * @param expires its expiry, or {@code null} if it is persistent
     * @param generation the number of deploys, from 1
     * @param changed whether anything except the lease has changed
     */
    record Up(@Nullable Instant expires, long generation, boolean changed) {
        private static Up of(Reply reply) {
            return new Up(reply.end("expires"), reply.number("generation"), reply.flag("changed"));
        }
    }

    /** Uploads a bundle and deploys it. */
    record Deploy(Stack stack, Upload upload, DeployOptions options) implements Verb<Up> {
        public Deploy(Stack stack, DeployOptions options) {
            this(stack, Upload.of(stack), options);
        }

        @Override
        public List<String> words() {
            var environment = stack.environment();
            var timeouts = options.timeouts();
            var permissions = options.permissions();
            var home = stack.home();
            var words = Words.of("project", stack.project())
                    .andAll(upload.words())
                    .and("identity", environment.identity())
                    .and("repository", environment.repositoryHash())
                    .and("sequence", environment.revision().sequence())
                    .and("networks", stack.networks())
                    .and("hosts", hosts(stack))
                    .and(
                            "routed",
                            distinct(
                                    stack,
                                    endpoint -> Stream.of(endpoint.route().service())))
                    .and("lifetime", stack.lifetime().word())
                    .and("budget", timeouts.up())
                    .and("lock_wait", timeouts.lock())
                    .and("ready_wait", timeouts.ready())
                    .and("judged", "yes")
                    .andIf(permissions.contains(Permission.ADOPT), "adopt")
                    .andIf(permissions.contains(Permission.EVICT), "evict")
                    .andIf(permissions.contains(Permission.FORCE), "force")
                    .andIf(permissions.contains(Permission.RENUMBER), "renumber")
                    .and("proxy", stack.proxyNetwork())
                    .and("sleep", options.sleep());
            if (home != null) {
                words.and("home", home.path());
                words.and("directories", home.directories().isEmpty() ? null : String.join(",", home.directories()));
            }
            return words.and(
                            "logins",
                            options.logins().isEmpty() ? null : options.logins().size())
                    .and("seed", options.seed())
                    .list();
        }

        @Override
        public Up result(Reply reply) {
            return Up.of(reply);
        }
    }

    /** Deploys a kept version again; who wants it is on standard input. */
    record Rollback(String project, long to, long sequence, Timeouts timeouts) implements Verb<Up> {
        @Override
        public List<String> words() {
            return Words.of("project", project)
                    .and("to", to)
                    .and("sequence", sequence)
                    .and("budget", timeouts.up())
                    .and("lock_wait", timeouts.lock())
                    .and("ready_wait", timeouts.ready())
                    .list();
        }

        @Override
        public Up result(Reply reply) {
            return Up.of(reply);
        }
    }

    /** Waits for a deploy whose connection was lost, by its nonce. */
    record Attend(String project) implements Verb<Up> {
        @Override
        public List<String> words() {
            return Words.of("project", project).list();
        }

        @Override
        public Up result(Reply reply) {
            return Up.of(reply);
        }
    }

    /** Reads the server's state of a project, and whether a deploy would be refused; returns the server's time. */
    record Show(Stack stack) implements Verb<Instant> {
        @Override
        public List<String> words() {
            return Words.of("project", stack.project())
                    .and("identity", stack.environment().identity())
                    .and("sequence", stack.environment().revision().sequence())
                    .and("lifetime", stack.lifetime().word())
                    .and("hosts", hosts(stack))
                    .and("judged", "yes")
                    .and("proxy", stack.proxyNetwork())
                    .list();
        }

        @Override
        public Instant result(Reply reply) {
            return reply.time("now");
        }
    }

    /** Removes a project; returns whether it existed. */
    record Down(String project, DownOptions options) implements Verb<Boolean> {
        private static final Duration BUDGET = Duration.ofMinutes(2);
        private static final Duration LOCK = Duration.ofMinutes(5);

        @Override
        public List<String> words() {
            return Words.of("project", project)
                    .and("budget", BUDGET)
                    .and("lock_wait", LOCK)
                    .andIf(options.force(), "force")
                    .list();
        }

        @Override
        public Boolean result(Reply reply) {
            return reply.flag("existed");
        }
    }

    /** Lists all records; returns the server's time. */
    record ListAll() implements Verb<Instant> {
        @Override
        public String word() {
            return "list";
        }

        @Override
        public List<String> words() {
            return List.of();
        }

        @Override
        public Instant result(Reply reply) {
            return reply.time("now");
        }
    }

    /** Reads one project's record and containers; returns the server's time. */
    record Inspect(String project) implements Verb<Instant> {
        @Override
        public List<String> words() {
            return Words.of("project", project).list();
        }

        @Override
        public Instant result(Reply reply) {
            return reply.time("now");
        }
    }

    /** Prints the output of containers. */
    record Logs(String project, @Nullable String service, int tail, boolean follow) implements Silent {
        @Override
        public List<String> words() {
            return Words.of("project", project)
                    .and("tail", tail)
                    .and("service", service)
                    .andIf(follow, "follow")
                    .list();
        }
    }

    /** Runs a command from standard input; returns its exit status. */
    record Exec(String project, String service, Duration limit) implements Verb<Integer> {
        @Override
        public List<String> words() {
            return Words.of("project", project)
                    .and("service", service)
                    .and("budget", limit)
                    .list();
        }

        @Override
        public Integer result(Reply reply) {
            return Math.toIntExact(reply.number("exit"));
        }
    }

    /** Pins a project; the name of who pins it is on standard input. */
    record Pin(String project) implements Silent {
        @Override
        public List<String> words() {
            return Words.of("project", project).and("lock_wait", LEASE_LOCK).list();
        }
    }

    /** Renews a project's lease; returns its expiry, empty if it is persistent. */
    record Extend(String project, Lifetime lifetime, boolean force) implements Verb<Optional<Instant>> {
        @Override
        public List<String> words() {
            return Words.of("project", project)
                    .and("lifetime", lifetime.word())
                    .and("lock_wait", LEASE_LOCK)
                    .andIf(force, "force")
                    .list();
        }

        @Override
        public Optional<Instant> result(Reply reply) {
            return Optional.ofNullable(reply.end("expires"));
        }
    }

    /** Removes expired projects. */
    record Sweep(boolean force) implements Silent {
        @Override
        public List<String> words() {
            return new Words().andIf(force, "force").list();
        }
    }

    /** Asks which layers the server lacks; the images are on standard input. */
    record Lacking() implements Silent {
        @Override
        public List<String> words() {
            return List.of();
        }
    }

    /** Uploads a layer. */
    record Layer(String hash, Timeouts timeouts) implements Silent {
        @Override
        public List<String> words() {
            return Words.of("sha256", hash).and("budget", timeouts.up()).list();
        }
    }

    /** Loads an image from uploaded layers; returns its ID on the server. */
    record Load(String hash, List<String> layers, Timeouts timeouts) implements Verb<String> {
        @Override
        public List<String> words() {
            return Words.of("sha256", hash)
                    .and("layers", String.join(",", layers))
                    .and("budget", timeouts.up())
                    .list();
        }

        @Override
        public String result(Reply reply) {
            return reply.text("image");
        }

        /** Whether the server's Docker accepts the image only with all of its layers. */
        boolean wantsAll(Reply reply) {
            return reply.word() == Outcome.DATA && reply.members().containsKey("all");
        }
    }

    /** The time that a change of a lease waits for another operation. */
    Duration LEASE_LOCK = Duration.ofMinutes(1);

    /** A verb without a result value. */
    sealed interface Silent extends Verb<Boolean> {
        @Override
        default Boolean result(Reply reply) {
            return true;
        }
    }

    private static String hosts(Stack stack) {
        return distinct(stack, endpoint -> endpoint.hosts().stream());
    }

    private static String distinct(Stack stack, Function<Endpoint, Stream<String>> parts) {
        return stack.endpoints().stream().flatMap(parts).distinct().collect(Collectors.joining(","));
    }
}
