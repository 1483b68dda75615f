package io.github.xdevops.compose.server;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Words the messages of the server's script that name parameters and goals: the script sends a code and facts, such as
 * {@code superseded 12 9}. Any other text is a message already. Internal: may change.
 */
public final class Wording {
    private static final Pattern FACT = Pattern.compile("\\{([1-9])}");
    private static final String PROJECT = "choose another name with compose.project";
    private static final String OWNER = "The server's owner sets limits in the file .limits of the state directory";
    private static final String TAKE_DOWN = "remove one (compose:list, compose:down)";
    private static final String FOR_TRAEFIK = "\"docker network create web\" and set compose.proxyNetwork=web";

    /** Each sentence with its facts, {1} to {9}. The last fact may have blanks in it. */
    private static final Map<String, String> SENTENCES = sentences();

    private Wording() {}

    /**
     * The message for people.
     *
     * @param text codes with their facts, or messages, with {@code "; "} between them
     */
    public static String of(String text) {
        return Arrays.stream(text.split("; ", -1)).map(Wording::sentence).collect(Collectors.joining("; "));
    }

    /** The codes, for tests. */
    static Map<String, String> all() {
        return SENTENCES;
    }

    private static String sentence(String text) {
        var sentence = SENTENCES.get(text.split(" ", 2)[0]);
        if (sentence == null) {
            return text;
        }
        int most = FACT.matcher(sentence)
                .results()
                .mapToInt(match -> Integer.parseInt(match.group(1)))
                .max()
                .orElse(0);
        var facts = text.split(" ", most + 1);
        return FACT.matcher(sentence).replaceAll(match -> {
            int at = Integer.parseInt(match.group(1));
            return Matcher.quoteReplacement(at < facts.length ? facts[at].replace("%20", " ") : "?");
        });
    }

    private static Map<String, String> sentences() {
        var all = new LinkedHashMap<String, String>();
        // Who owns a project, its containers and its names
        all.put("project-of-another", "{1} belongs to another repository or environment on this server; " + PROJECT);
        all.put(
                "project-of-directory",
                "{1} was deployed from {2} in its repository, and this deploy is from {3}, so it would"
                        + " replace that: set compose.repository for one of them in all its jobs, as in"
                        + " -Dcompose.repository=REPOSITORY/{4}, or compose.force=true if the compose file was moved");
        all.put(
                "containers-of-another",
                "a Compose project {1} that was not deployed by this tool runs on the server ({2}); " + PROJECT
                        + ", or take it over with compose.adopt=true (docs/persistent.md, Take over a stack)");
        all.put(
                "adopt-nothing",
                "no container of a Compose project {1} is on the server, so there is nothing to take over; leave"
                        + " compose.adopt out, or set compose.project to the name that \"docker compose ls\" prints");
        all.put(
                "adopt-elsewhere",
                "the containers of {1} were not started in {2}, but in {3}: set compose.home to that directory, because"
                        + " their bind mounts begin there");
        all.put(
                "adopt-unreadable",
                "Docker Compose cannot read the files that {1} was started with ({2}), and without them nothing could be"
                        + " brought back: restore them, or start {1} from others by hand first");
        all.put("adopt-gated", "{1} cannot be taken over through a gate; use a key of the server's owner");
        all.put("adopt-home", "compose.adopt needs compose.lifetime=forever and compose.home");
        all.put(
                "volumes-of-another",
                "volumes of a Compose project {1} that was not deployed by this tool are on the server ({2}), and would"
                        + " be removed with this environment; " + PROJECT);
        all.put(
                "containers-elsewhere",
                "the containers of {1} were deployed from {2} and not from here, so they are left alone; " + PROJECT
                        + ", or remove them there");
        var rename =
                " on this server; give the {1} another name in the compose file, or choose another compose.project";
        all.put("name-of-project", "the {1} {2} belongs to the project {3}" + rename);
        all.put("name-of-somebody", "the {1} {2} belongs to somebody else" + rename);
        all.put("superseded", "superseded: pipeline {1} was deployed already, and {2} is older");
        all.put(
                "superseded-down",
                "superseded: {1} was removed after pipeline {2} had deployed it, and pipeline {3} is older");
        all.put(
                "lock-lost",
                "the lock file of {1} was removed during the deploy, so another deploy may have run too; deploy"
                        + " again");
        all.put("home-of-project", "{1} is the home of the project {2} on this server; choose another compose.home");
        all.put(
                "no-pages",
                "environments sleep (compose.sleep) only on a server with pages, which wake them: run compose:provision on it,"
                        + " or leave compose.sleep out");
        // The proxy network
        all.put(
                "no-proxy-network",
                "the server has no network {1} (compose.proxyNetwork): make it with \"docker network create {1}\""
                        + " and attach Traefik to it ({2})");
        all.put("docker-network", "{1} is Docker's own network; give Traefik one with " + FOR_TRAEFIK);
        all.put(
                "project-network",
                "the network {1} belongs to the Compose project {2}, so no other project can use it; make one for"
                        + " Traefik with " + FOR_TRAEFIK);
        // Room
        all.put(
                "no-room",
                "{2}. A sweep has run first, and {1} is unchanged: " + TAKE_DOWN + ", or let the one of this repository"
                        + " that expires first be removed with compose.evict=true. " + OWNER);
        all.put(
                "no-room-evicted",
                "{3}. A sweep has run first, and {1} is unchanged: evicted {2}; remove others (compose:list,"
                        + " compose:down). " + OWNER);
        all.put(
                "no-room-to-evict",
                "{2}. A sweep has run first, and {1} is unchanged: nothing of this repository could be evicted, or it"
                        + " would not be enough; remove others (compose:list, compose:down). " + OWNER);
        all.put(
                "no-reviews",
                "{1} would be a review environment, and this server takes persistent ones only: set"
                        + " compose.lifetime=forever. Its owner allows reviews with environments=NUMBER in the file .limits");
        all.put("no-room-for-layer", "{1}. Nothing was changed: " + TAKE_DOWN + ". " + OWNER);
        all.put(
                "no-address-pool",
                "{1}; remove an environment (compose:list, compose:down), or give Docker more default-address-pools"
                        + " in its daemon.json");
        all.put(
                "no-such-limit",
                "in the file .limits, `{1}` does nothing; write KEY=NUMBER, each key once: disk_mib, inodes,"
                        + " memory_mib, networks, environments, environments_per_repository, lifetime_days, sleep_minutes,"
                        + " stack_memory_mib, stack_cpus, stack_pids, stack_containers, stack_networks, stack_volumes,"
                        + " stack_health_checks");
        // Environments and their leases
        all.put("not-there", "{1} is not there; compose:list shows all");
        all.put(
                "down-persistent",
                "{1} is persistent, so it is not removed with its volumes by accident; set compose.force=true");
        all.put(
                "down-pinned",
                "{1} is pinned, so it is not removed with its volumes by accident; set compose.force=true");
        all.put(
                "down-pinned-by",
                "{1} is pinned by {2}, so it is not removed with its volumes by accident; set compose.force=true");
        all.put(
                "extend-persistent",
                "{1} is persistent, so it gets no expiry by accident; set compose.lifetime=forever to keep it so, or"
                        + " compose.force=true");
        all.put(
                "pin-of-another",
                "{1} was not deployed by this tool, so it cannot be pinned; deploy it with this tool, or run"
                        + " compose:extend with compose.lifetime=forever");
        all.put("no-container", "no container of the service {2} of {1} runs; see compose:status and compose:logs");
        all.put(
                "command-too-slow",
                "the command did not end within {1} s, and what it started may still run in the container; set a longer"
                        + " compose.timeout");
        all.put(
                "layer-incomplete",
                "a layer arrived incomplete or too late; nothing was changed, try again with more compose.timeout");
        all.put(
                "volume-kept",
                "the volume {2} was made with another definition, and is kept with its data; remove {1} to"
                        + " recreate it");
        all.put(
                "record-only",
                "{1}: its containers were deployed from {2}, so they are left alone with their volumes, and only its"
                        + " record is removed");
        all.put(
                "leases-held",
                "{1} of {2} leases expired at once, so removals wait {3} min in case the clock is wrong; compose:sweep"
                        + " with compose.force=true removes them now");
        // Rollback
        all.put(
                "no-such-version",
                "{1} has no version {2} to roll back to; its versions are: {3} (compose:rollback without compose.to lists them)");
        all.put(
                "image-gone",
                "{1} cannot be rolled back to {2}, and is unchanged: somebody has deleted the image of {3} on the server");
        all.put("not-kept", "the version {2} of {1} could not be kept for compose:rollback: is the disk full?");
        all.put(
                "label-of-image",
                "the image {1} brings the label {2}, which would reach Traefik: remove that LABEL from its Dockerfile;"
                        + " compose.routes makes the routers");
        // The server
        all.put(
                "no-locks",
                "on the file system of {1}, two programs can hold the same lock; choose a"
                        + " compose.stateDirectory on a local disk");
        all.put(
                "webhook-silent",
                "the webhook in {1}/.host/webhook failed; is its first line an http or https URL that works, is"
                        + " curl or GNU wget installed, and the disk not full?");
        // Backups
        all.put("not-live", "{1} is not there, or its last deploy failed; see compose:status, and deploy it first");
        all.put(
                "no-backup",
                "{1} has no backup yet; set compose.backup to /DIRECTORY, sftp:USER@HOST:/DIRECTORY or s3:HOST/BUCKET once");
        all.put("no-repository", "there is no repository at {1}; compose:backup makes one");
        all.put("no-snapshot", "there is no snapshot {1} in {2}; see compose:snapshots");
        all.put(
                "no-backup-before",
                "no backup was made before the deploy; set compose.force=true to deploy without one");
        all.put(
                "no-last-backup",
                "no last backup could be made, so nothing was removed; the server's owner ends the backups of a project by"
                        + " removing /var/lib/xdevops/backups/PROJECT");
        all.put(
                "backup-password",
                "the password is not that of {1}; set COMPOSE_BACKUP_PASSWORD to the one that was printed when the repository"
                        + " was made");
        all.put(
                "backup-word",
                "the server's program for backups is older than this plugin (no word {1}); run compose:provision again");
        // Seeds
        all.put(
                "seed-unknown",
                "there is no persistent environment {1} on this server to copy data from; compose:list shows all");
        all.put("seed-of-another", "{1} belongs to another repository, so its data is not copied");
        all.put(
                "seed-volumes",
                "volumes of {1} from before are on the server, and compose.seed overwrites no data: remove them, or leave it out");
        all.put("seed-home", "{1} has files, and compose.seed overwrites no data: empty it, or leave compose.seed out");
        all.put(
                "seed-late",
                "{1} keeps its data: only a new environment gets that of {2}, so remove {1} first (compose:down)");
        all.put(
                "seed-begun",
                "{1} has only a part of its seed's data, and nothing of it has started: set compose.seed again, or remove it"
                        + " (compose:down)");
        all.put(
                "no-seeds-here",
                "compose.seed needs the backups of a server that compose:provision has set up with compose.role=production");
        all.put(
                "old-data-kept",
                "the data of {1} from before the last restore is still kept; compose:backup removes it, or set"
                        + " compose.force=true");
        return Map.copyOf(all);
    }
}
