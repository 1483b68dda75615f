package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.backup.RestoreOptions;
import io.github.xdevops.compose.backup.Snapshot;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.server.Stacks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a persistent environment with a real PostgreSQL and a real restic, on bare servers. */
@Tag("backup")
@Tag("exhaustive")
class BackupIT {
    private static final RestoreOptions LATEST = new RestoreOptions(RestoreOptions.LATEST, null, true, false);

    @TempDir
    static Path directory;

    private static BareServer server;
    private static BackedUpShop shop;
    private static String password;

    @BeforeAll
    static void setUp() throws Exception {
        server = new BareServer("backup");
        shop = BackedUpShop.on(server, Files.createDirectory(directory.resolve("first")));
        server.run("mkdir /backup");
        shop.fill(1);
        var first = shop.goal("backup", "-Dcompose.backup=/backup");
        assertThat(first.exit()).as(first.out()).isZero();
        password = found("The password of the repository is ([^ ]+) ", first.out());
    }

    @AfterAll
    static void remove() {
        if (server != null) {
            server.close();
        }
    }

    private static String backUp(String place) {
        return shop.backups(backups -> backups.at(place, null)
                .make("shop", Duration.ZERO, Progress.NONE)
                .snapshot());
    }

    private static List<Snapshot> snapshots() {
        return shop.backups(backups -> backups.snapshots("shop"));
    }

    private static void fails(Outcome word, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ComposeException.class,
                        e -> assertThat(e.word()).as(e.getMessage()).isEqualTo(word))
                .hasMessageContaining(words);
    }

    @Test
    void aSecondServerHasTheSameDataAfterTheFirstIsGone() throws Exception {
        try (var second = new BareServer("backup2")) {
            var other = BackedUpShop.on(second, Files.createDirectory(directory.resolve("second")));
            second.run(
                    "mkdir /vault && chmod 700 /vault && cat >>/root/.ssh/authorized_keys <<END\n$1\nEND",
                    server.run(
                            "rm -f /root/.ssh/id_ed25519; ssh-keygen -q -t ed25519 -N \"\" -f /root/.ssh/id_ed25519; cat /root/.ssh/id_ed25519.pub"));
            server.run("echo \"$1\" >>/root/.ssh/known_hosts", Files.readString(Path.of(second.knownHosts())));
            shop.fill(2);
            var data = shop.data();

            var backedUp = shop.goal("backup", "-Dcompose.backup=sftp:root@" + second.ip() + ":/vault");
            assertThat(backedUp.exit()).as(backedUp.out()).isZero();
            var id = found("shop is backed up as ([0-9a-f]+)", backedUp.out());
            assertThat(backedUp.out()).doesNotContain("password");

            assertThat(shop.goal("down", "-Dcompose.force=true").exit()).isZero();
            server.run("docker volume prune -af >/dev/null; rm -rf /home/deploy/shop /var/lib/xdevops/backup");
            server.off();

            other.fill(99);
            assertThat(other.data()).isNotEqualTo(data);
            var restored = other.goal(
                    "restore",
                    Map.of("COMPOSE_BACKUP_PASSWORD", password),
                    "-Dcompose.backup=/vault",
                    "-Dcompose.to=" + id);
            assertThat(restored.exit()).as(restored.out()).isZero();
            assertThat(other.data()).isEqualTo(data);
            other.isWhole();
            assertThat(other.sql("shop", "select 1 where pg_has_role($$reader_2$$, $$reader_2$$, $$member$$)"))
                    .isEqualTo("1\n");
            // A redeploy finds what it left.
            assertThat(other.deploy()).contains("backup");
            assertThat(other.data()).isEqualTo(data);
            Proof.claim(
                    "backup: a second server has rows, roles, files, links, modes and owners of the first by hash, which is gone");
        } finally {
            server.up();
            server.run("until docker info >/dev/null 2>&1; do sleep 0.2; done");
            var unused = shop.deploy();
            shop.fill(1);
            shop.backups(backups -> backups.at("/backup", password).make("shop", Duration.ZERO, Progress.NONE));
        }
    }

    private static String found(String pattern, String text) {
        var matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    @Test
    void theDataOfABackupComesBackAndWhatIsLeftOutStays() {
        shop.fill(3);
        var data = shop.data();
        var id = backUp(null);
        assertThat(snapshots().get(0).id()).isEqualTo(id);
        assertThat(snapshots().get(0).contents())
                .containsExactlyInAnyOrder("dumps:db.dump", "dumps:kv.dump", "volumes:files", "volumes:log", "home");
        shop.fill(4);
        server.run("docker exec shop-web-1 sh -c \"$1\"", "rm -rf /files/a; echo new >/files/new");
        assertThat(shop.data()).isNotEqualTo(data);
        var restored = shop.backups(
                backups -> backups.restore("shop", new RestoreOptions(id, null, false, false), Progress.NONE));
        assertThat(shop.data()).isEqualTo(data);
        assertThat(server.run("docker exec shop-cache-1 ls /cache")).contains("4");
        shop.isWhole();

        // The data from before is kept until the next backup.
        fails(
                Outcome.DATA,
                "is still kept",
                () -> shop.backups(
                        backups -> backups.restore("shop", new RestoreOptions(id, null, false, false), Progress.NONE)));
        assertThat(server.run("find /var/lib/docker/volumes -maxdepth 2 -name \"*.xdevops-old\" | sort"))
                .contains("shop_rows/_data.xdevops-old", "shop_files/_data.xdevops-old", "shop_kv/_data.xdevops-old");
        backUp(null);
        assertThat(server.run("find /var/lib/docker/volumes /home/deploy/shop -maxdepth 2 -name \"*.xdevops-*\""))
                .isEmpty();
        Proof.claim("backup: restored with " + Math.round(restored.gap().toMillis() / 100.0) / 10.0
                + " s without its services");
    }

    @Test
    void aDeployMakesABackupFirstAndARemovalALastOne() {
        server.run("echo 0 $(cut -d \" \" -f 2 /var/lib/xdevops/backup/shop/last) >/var/lib/xdevops/backup/shop/last");
        var before = snapshots().size();
        shop.fill(12);
        var first = shop.deploy("-Dcompose.services.web.environment=[A=" + Ring.seed() + "]");
        assertThat(first).contains("backup");
        assertThat(snapshots()).hasSize(before + 1);
        // The next deploy is within ten minutes.
        var second = shop.deploy("-Dcompose.backup=/backup");
        assertThat(second).doesNotContain("dump db");
        assertThat(snapshots()).hasSize(before + 1);

        // Without its repository nothing is deployed, unless it is forced.
        server.run("echo 0 0 >/var/lib/xdevops/backup/shop/last; mv /backup/shop /backup/away");
        try {
            var refused = shop.goal(
                    "deploy",
                    "-Dcompose.images=transfer",
                    "-Dcompose.lifetime=forever",
                    "-Dcompose.home=/home/deploy/shop",
                    "-Dcompose.routes=none");
            assertThat(refused.error())
                    .contains("UNAVAIL", "set compose.force=true to deploy without one", "/backup/shop");
            assertThat(shop.deploy("-Dcompose.force=true")).contains("no backup was made before the deploy");
            assertThat(shop.goal("down", "-Dcompose.force=true").error()).contains("no last backup could be made");
            shop.isWhole();
        } finally {
            server.run("rm -rf /backup/shop; mv /backup/away /backup/shop");
        }
        var data = shop.data();
        assertThat(shop.goal("down", "-Dcompose.force=true").exit()).isZero();
        assertThat(shop.deploy("-Dcompose.backup=/backup")).contains("has snapshots already");
        shop.backups(backups -> backups.restore("shop", LATEST, Progress.NONE));
        assertThat(shop.data()).isEqualTo(data);
    }

    @Test
    void oneServiceIsRestoredAndTheOthersKeepTheirs() {
        shop.fill(5);
        backUp(null);
        shop.fill(6);
        shop.backups(
                backups -> backups.restore("shop", new RestoreOptions("latest", "kv", true, false), Progress.NONE));
        assertThat(server.run("docker exec shop-kv-1 cat /kv/value")).isEqualTo("precious 5\n");
        assertThat(server.run("docker exec shop-web-1 cat /files/a/x")).isEqualTo("6\n");
        fails(
                Outcome.DATA,
                "has no service nothing",
                () -> shop.backups(backups ->
                        backups.restore("shop", new RestoreOptions("latest", "nothing", true, false), Progress.NONE)));
    }

    @Test
    void aDumpThatIsKilledMakesNoSnapshot() {
        shop.fill(7);
        var before = snapshots();
        var random = new Random(Ring.seed());
        var broken = 0;
        for (int i = 0; i < 20; i++) {
            var delay = random.nextInt(700) / 1000.0;
            var kill = i % 2 == 0 ? "pkill -KILL -f [p]g_dump" : "pkill -KILL -f \"[d]ocker exec -i -e XDEVOPS\"";
            server.run(
                    "nohup sh -c \"$1\" >/dev/null 2>&1 &",
                    "sleep " + delay + "; for i in $(seq 400); do " + kill + " && exit; sleep 0.005; done");
            try {
                backUp(null);
                server.run("pkill -f [s]eq\\ 400 || :");
            } catch (ComposeException e) {
                assertThat(e).hasMessageContaining("nothing was backed up");
                broken++;
                assertThat(snapshots()).isEqualTo(before);
            }
            before = snapshots();
        }
        assertThat(broken).isGreaterThan(10);
        for (var snapshot : before) {
            assertThat(snapshot.contents()).contains("dumps:db.dump");
        }
        shop.isWhole();
        Proof.claim("backup: " + broken + " dumps killed, 0 snapshots of them");
    }

    @Test
    void aBackupThatIsKilledLeavesAWholeEnvironment() throws Exception {
        var data = shop.data();
        var random = new Random(Ring.seed());
        for (int i = 0; i < 6; i++) {
            var before = snapshots().size();
            var run = CompletableFuture.supplyAsync(() -> outcome(() -> backUp(null)));
            Thread.sleep(300 + random.nextInt(2500));
            server.run("systemctl kill -s KILL \"xdevops-backup@shop.*\" || :");
            var outcome = run.get();
            if (outcome != Outcome.OK) {
                assertThat(outcome).isEqualTo(Outcome.UNKNOWN);
                assertThat(snapshots()).hasSizeBetween(before, before + 1);
            }
            settle();
            shop.isWhole();
        }
        assertThat(shop.data()).isEqualTo(data);
        backUp(null);
    }

    /** Until what a killed run had stopped was started again. */
    private static void settle() {
        server.run(
                "for i in $(seq 300); do systemctl list-units --no-legend --state=activating,deactivating \"xdevops-backup@*\""
                        + " | grep -q . || break; sleep 0.2; done");
    }

    private static Outcome outcome(Runnable call) {
        try {
            call.run();
            return Outcome.OK;
        } catch (ComposeException e) {
            return e.word();
        }
    }

    @Test
    void aRestoreThatIsKilledLeavesTheOldDataServing() throws Exception {
        shop.fill(8);
        backUp(null);
        shop.fill(9);
        var old = shop.data();
        var random = new Random(Ring.seed());
        var killed = 0;
        for (int i = 0; i < 8; i++) {
            var run = CompletableFuture.supplyAsync(() ->
                    outcome(() -> shop.backups(backups -> backups.restore("shop", LATEST, Progress.NONE))));
            var powerCut = i % 4 == 3;
            if (i < 4) {
                Thread.sleep(1000 + random.nextInt(8000));
            } else { // in the moment of change
                server.run(
                        "for i in $(seq 600); do [ ! -f /var/lib/xdevops/backup/shop/$1 ] || exit 0; sleep 0.05; done",
                        i % 2 == 0 ? "stopped" : "swap");
                Thread.sleep(random.nextInt(1500));
            }
            if (powerCut) {
                server.off();
                server.up();
                run.exceptionally(e -> Outcome.UNKNOWN).get();
                server.run(
                        "until docker info >/dev/null 2>&1; do sleep 0.2; done; systemctl start xdevops-backup-recover;"
                                + " until [ $(systemctl show -p SubState --value xdevops-boot) = exited ]; do sleep 0.2; done");
            } else {
                server.run("systemctl kill -s KILL \"xdevops-backup@shop.*\" || :");
                if (run.get() == Outcome.OK) {
                    shop.fill(9);
                    old = shop.data();
                    continue;
                }
                settle();
            }
            killed++;
            server.run(
                    "for i in $(seq 100); do docker exec shop-db-1 pg_isready -q -h 127.0.0.1 && break; sleep 0.2; done");
            assertThat(shop.data())
                    .as("kill " + i + (powerCut ? ", power cut" : ""))
                    .isEqualTo(old);
            shop.isWhole();
        }
        assertThat(killed).isGreaterThan(4);
        assertThat(shop.backups(backups -> backups.restore("shop", LATEST, Progress.NONE))
                        .gap())
                .isPositive();
        assertThat(server.run("docker exec shop-kv-1 cat /kv/value")).isEqualTo("precious 8\n");
        Proof.claim("backup: " + killed + " restores killed, the old data served after each");
    }

    @Test
    void dataWithWhichAServiceDoesNotGetReadyIsTakenBack() {
        shop.fill(10);
        server.run("docker exec shop-kv-1 sh -c \"$1\"", "echo broken >/kv/value");
        backUp(null);
        shop.fill(11);
        var old = shop.data();
        fails(
                Outcome.UNHEALTHY,
                "the data from before is back",
                () -> shop.backups(backups -> backups.restore("shop", LATEST, Progress.NONE)));
        settle();
        assertThat(shop.data()).isEqualTo(old);
        shop.isWhole();
        backUp(null);
    }

    @Test
    void aWrongRepositoryChangesNothing() {
        var before = server.run("cat /var/lib/xdevops/backup/shop/repository /var/lib/xdevops/backup/shop/password");
        fails(
                Outcome.NOPERM,
                "COMPOSE_BACKUP_PASSWORD",
                () -> shop.backups(backups ->
                        backups.at("/backup", "another-password").make("shop", Duration.ZERO, Progress.NONE)));
        fails(Outcome.UNAVAIL, "is not there; make it on the server first", () -> backUp("/nowhere/else"));
        fails(Outcome.UNAVAIL, "sftp:root@127.0.0.1:/x/shop", () -> backUp("sftp:root@127.0.0.1:/x"));
        fails(Outcome.UNAVAIL, "s3:http://127.0.0.1:9/bucket/shop", () -> backUp("s3:http://127.0.0.1:9/bucket"));
        assertThat(server.run("cat /var/lib/xdevops/backup/shop/repository /var/lib/xdevops/backup/shop/password"))
                .isEqualTo(before);
        backUp(null);

        server.run("mv /backup/shop /backup/away");
        try {
            fails(Outcome.UNAVAIL, "/backup/shop", () -> backUp(null));
            fails(
                    Outcome.UNAVAIL,
                    "/backup/shop",
                    () -> shop.backups(backups -> backups.restore("shop", LATEST, Progress.NONE)));
        } finally {
            server.run("rm -rf /backup/shop; mv /backup/away /backup/shop");
        }
        shop.isWhole();
    }

    @Test
    void aFullDiskMakesNoSnapshot() {
        server.run("mkdir -p /small && mount -t tmpfs -o size=20m tmpfs /small");
        var data = shop.data();
        try {
            server.run("docker exec shop-web-1 sh -c \"$1\"", "head -c 30000000 /dev/urandom >/files/large");
            fails(Outcome.IOERR, "no space left", () -> backUp("/small"));
            assertThat(server.run("find /small/shop/snapshots -type f")).isEmpty();
        } finally {
            server.run("docker exec shop-web-1 rm -f /files/large; umount /small");
            backUp("/backup");
        }
        assertThat(shop.data()).isEqualTo(data);
        shop.isWhole();
    }

    @Test
    void aFlippedByteIsFoundByTheWeeklyCheckWithinTenWeeks() {
        server.run("docker exec shop-web-1 sh -c \"$1\"", "head -c 1000000 /dev/urandom >/files/random");
        backUp(null);
        server.run("cp -a /backup/shop /backup/before");
        try {
            var pack = server.run(
                            "find /backup/shop/data -type f -size +500k -printf \"%T@ %p\\n\" | sort -n | tail -n 1 | cut -d \" \" -f 2")
                    .strip();
            server.run(
                    "chmod u+w \"$1\"; printf \"\\377\\000\\377\" | dd of=\"$1\" bs=1 seek=2000 conv=notrunc status=none",
                    pack);
            int weeks;
            for (weeks = 1; weeks <= 10; weeks++) {
                server.run("echo 0 $1 >/var/lib/xdevops/backup/shop/checked", Integer.toString(weeks));
                var night = server.tryRun("systemctl start xdevops-backup-nightly");
                if (!server.run("cat /var/lib/xdevops/backups/shop").contains("\"damage\":\"\"")) {
                    assertThat(night.ok()).isFalse();
                    break;
                }
            }
            assertThat(weeks).isLessThanOrEqualTo(10);
            Proof.claim("backup: a flipped byte was found by the check of week " + weeks + " of 10");
        } finally {
            server.run(
                    "rm -rf /backup/shop; mv /backup/before /backup/shop; rm -f /var/lib/xdevops/backup/shop/damage");
        }
    }

    @Test
    void theNightlyRunBacksUpAndTheDrillRestoresBesideTheEnvironment() {
        var before = snapshots().size();
        server.run("systemctl start xdevops-backup-nightly");
        assertThat(snapshots()).hasSize(before + 1);
        assertThat(server.run("systemctl is-active xdevops-backup-nightly.timer"))
                .isEqualTo("active\n");
        var data = shop.data();
        var started = server.run("docker inspect --format \"{{.State.StartedAt}}\" shop-db-1");
        var drill = shop.goal("restore", "-Dcompose.dryRun=true");
        assertThat(drill.exit()).as(drill.out()).isZero();
        assertThat(drill.out()).contains("of shop can be restored");
        assertThat(server.run("docker inspect --format \"{{.State.StartedAt}}\" shop-db-1"))
                .isEqualTo(started);
        settle();
        assertThat(shop.data()).isEqualTo(data);
        shop.isWhole();
        assertThat(shop.goal("snapshots").out()).contains("SNAPSHOT", "dumps:db.dump");
        assertThat(shop.goal("status").out()).containsPattern("backup +[0-9ms ]+ ago, drill [0-9ms ]+ ago\\R");
    }

    @Test
    void theDrillFindsADumpThatWasCutOrHasFewerRows() {
        backUp(null);
        server.run("echo 1600000000 >/var/lib/xdevops/backup/shop/drilled");
        // A month later the night has a drill.
        server.run("systemctl start xdevops-backup-nightly");
        var drilled = server.run("cat /var/lib/xdevops/backup/shop/drilled");
        assertThat(drilled).isNotEqualTo("1600000000\n");
        server.run("cp -a /backup/shop /backup/before");
        try {
            forge("sed -i \"0,/^7\\t/{/^7\\t/d}\" \"$file\"");
            fails(Outcome.DATA, "rows, but the backup had", BackupIT::drill);
            forge("truncate -s -3000 \"$file\"");
            fails(Outcome.DATA, "is not whole", BackupIT::drill);
            fails(
                    Outcome.DATA,
                    "is not whole",
                    () -> shop.backups(backups -> backups.restore("shop", LATEST, Progress.NONE)));
            assertThat(server.run("cat /var/lib/xdevops/backup/shop/drilled")).isEqualTo(drilled);
        } finally {
            server.run("rm -rf /backup/shop; mv /backup/before /backup/shop");
        }
        settle();
        shop.isWhole();
        Proof.claim("backup: the drill finds a dump that was cut, and one with a row less");
    }

    private static void drill() {
        var unused = shop.backups(
                backups -> backups.restore("shop", new RestoreOptions("latest", null, false, true), Progress.NONE));
    }

    /** Makes a snapshot of the last one, with another dump of the database. */
    private static void forge(String change) {
        server.run(
                "export RESTIC_REPOSITORY=/backup/shop RESTIC_PASSWORD_FILE=/var/lib/xdevops/backup/shop/password stage=/run/xdevops-backup/stage;"
                        + " rm -rf /forged; restic -q restore latest --target /forged && file=/forged$stage/dumps/db.dump && "
                        + change
                        + " && mkdir -p $stage && unshare -m sh -c \"mount --bind /forged$stage $stage && restic -q backup --host shop $stage\"");
    }

    @Test
    void theOwnersWebhookIsToldOnceOfABackupThatIsTooOld() {
        server.run("mkdir -p /home/deploy/.yourlabs.compose/.host; echo http://127.0.0.1:8099/hook"
                + " >/home/deploy/.yourlabs.compose/.host/webhook; cp -p /var/lib/xdevops/backup/shop/last /root/last");
        try {
            server.run("echo 1700000000 00000000 >/var/lib/xdevops/backup/shop/last");
            assertThat(server.tryRun("systemctl start xdevops-backup-watch").ok())
                    .as("nobody listens")
                    .isFalse();
            assertThat(told()).contains("POST /hook", "shop has no backup since 2023-11-14 22:13 UTC");
            assertThat(told()).as("again").isEmpty();
            assertThat(server.run("systemctl is-active xdevops-backup-watch.timer"))
                    .isEqualTo("active\n");
        } finally {
            server.run(
                    "cp -p /root/last /var/lib/xdevops/backup/shop/last; rm -f /home/deploy/.yourlabs.compose/.host/webhook");
        }
    }

    /** Runs the watch, and returns the message that it sends. */
    private static String told() {
        return server.run(
                "docker run -d --name hook --network host \"$(docker inspect --format {{.Image}} shop-web-1)\" sh -c \"$1\" >/dev/null; sleep 1;"
                        + " systemctl start xdevops-backup-watch; sleep 1; docker logs hook; docker rm -f hook >/dev/null",
                "(sleep 3; printf \"HTTP/1.0 200 OK\\r\\n\\r\\n\") | timeout 6 nc -l -p 8099");
    }

    /** A branch from before the scrub of the database was written; its own files are scrubbed by its own command. */
    private static final String BRANCH = """
            services:
              db:
                image: compose-it/postgres:1
                environment: {POSTGRES_PASSWORD: of-the-review, POSTGRES_USER: shop-owner, POSTGRES_DB: shop}
                volumes: ["rows:/var/lib/postgresql/data"]
                healthcheck: {test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U shop-owner"], interval: 1s, retries: 60}
              web:
                image: compose-it/busybox:1
                init: true
                command: ["sh", "-c", "ls -R /files >/tmp/at-start; sleep 100000"]
                volumes: ["files:/files"]
                depends_on: {db: {condition: service_healthy}}
                x-seed: {scrub: "rm /files/hard"}
            volumes: {rows: , files: }
            """;

    private static Maven.Outcome branch(Maven maven, String goal, String... options) {
        return of("branch", maven, goal, options);
    }

    private static Maven.Outcome of(String project, Maven maven, String goal, String... options) {
        var all = server.calledWith(
                "-Dcompose.project=" + project,
                "-Dcompose.repository=acme/shop",
                "-Dcompose.branch=" + project,
                "-Dcompose.routes=none",
                "-Dcompose.images=transfer");
        all.addAll(List.of(options));
        return maven.run(goal, all, Map.of());
    }

    private static String ofBranch(String sql) {
        return server.run("docker exec branch-db-1 psql -q -U shop-owner -d shop -Atc \"$1\"", sql);
    }

    @Test
    void aReviewIsSeededWithScrubbedDataAndWritesOnlyToItsOwn() throws Exception {
        var maven = new Maven(Files.createDirectory(directory.resolve("branch")), TestServer.required());
        Files.writeString(directory.resolve("branch/compose.yaml"), BRANCH);
        server.run("echo environments=9 >/home/deploy/.yourlabs.compose/.limits");
        shop.fill(13);
        backUp(null);
        var rows = shop.sql("shop", "select count(*), sum(i) from t");
        var data = shop.data();
        try {
            // Bad input leaves nothing behind.
            assertThat(branch(maven, "deploy", "-Dcompose.seed=nothing").error())
                    .contains("DATA", "there is no persistent environment");
            assertThat(branch(maven, "deploy", "-Dcompose.seed=production@00000000")
                            .error())
                    .contains("DATA", "there is no snapshot 00000000");
            assertThat(server.run("docker volume ls -q --filter name=branch_; ls /var/lib/xdevops/backup"))
                    .isEqualTo("shop\n");

            // A seed that is killed starts nothing, and the next deploy goes on.
            var killed = CompletableFuture.supplyAsync(() -> branch(maven, "deploy", "-Dcompose.seed=shop"));
            server.run("for i in $(seq 600); do docker ps -q --filter label=com.docker.compose.project=branch__trial"
                    + " | grep -q . && break; sleep 0.1; done; systemctl kill -s KILL \"xdevops-backup@branch.*\"");
            assertThat(killed.get().exit()).isNotZero();
            assertThat(server.run("docker ps -q --filter name=branch-")).isEmpty();
            assertThat(branch(maven, "deploy").error()).contains("DATA", "has only a part of its seed's data");

            var seeded = branch(maven, "deploy", "-Dcompose.seed=shop");
            assertThat(seeded.exit()).as(seeded.out()).isZero();
            assertThat(ofBranch("select count(*), sum(i) from t")).isEqualTo(rows);
            assertThat(ofBranch("select count(*) from t where s <> $$$$")).isEqualTo("0\n");
            assertThat(server.run("docker exec branch-web-1 cat /tmp/at-start"))
                    .contains("soft", "/files/a")
                    .doesNotContain("hard");
            assertThat(server.run("docker exec branch-web-1 stat -c \"%a %u:%g\" /files/a/x"))
                    .isEqualTo("640 123:456\n");
            assertThat(
                            server.run(
                                    "docker exec -e PGPASSWORD=of-the-review branch-db-1 psql -h 127.0.0.1 -U shop-owner -d shop -Atc \"select 1\""))
                    .as("its own password")
                    .isEqualTo("1\n");

            // What it writes is its own.
            ofBranch("delete from t");
            server.run("docker exec branch-web-1 rm -r /files/a");
            assertThat(shop.data()).isEqualTo(data);
            var again = branch(maven, "deploy", "-Dcompose.seed=shop", "-Dcompose.services.web.environment=[A=1]");
            assertThat(again.exit()).as(again.out()).isZero();
            assertThat(ofBranch("select count(*) from t")).as("once").isEqualTo("0\n");
            assertThat(branch(maven, "down").exit()).isZero();
            assertThat(branch(maven, "deploy", "-Dcompose.seed=shop").exit()).isZero();
            assertThat(ofBranch("select count(*), sum(i) from t")).as("again").isEqualTo(rows);
            assertThat(ofBranch("select count(*) from t where s <> $$$$")).isEqualTo("0\n");
            assertThat(server.run("ls /var/lib/xdevops/backup")).isEqualTo("shop\n");
            Proof.claim("seed: a review has the rows of staging, scrubbed before it starts; its writes stay its own");
        } finally {
            branch(maven, "down");
        }
        shop.isWhole();
    }

    @Test
    void mariadbComesBackWithItsUsersAndIsSeededWithoutThem() throws Exception {
        DebianImages.provideMariadb();
        var maven = new Maven(Files.createDirectory(directory.resolve("crm")), TestServer.required());
        Files.writeString(directory.resolve("crm/compose.yaml"), """
                services:
                  db:
                    image: compose-it/mariadb:1
                    command: ["mariadbd", "--max-connections=20"]
                    environment: {MARIADB_ROOT_PASSWORD: "$${PASSWORD:-of-crm}", MARIADB_DATABASE: crm, MARIADB_USER: app, MARIADB_PASSWORD: "$${PASSWORD:-of-crm}"}
                    volumes: ["rows:/var/lib/mysql"]
                    x-seed: {scrub: "MYSQL_PWD=$$MARIADB_ROOT_PASSWORD mariadb -uroot crm -e \\"update t set s = ''\\""}
                volumes: {rows: }
                """.replace("$${", "${"));
        server.run("echo environments=9 >/home/deploy/.yourlabs.compose/.limits");
        try {
            var deployed = of("crm", maven, "deploy", "-Dcompose.lifetime=forever");
            assertThat(deployed.exit()).as(deployed.out()).isZero();
            var ready =
                    "for i in $(seq 100); do docker exec crm-db-1 mariadb-admin -h 127.0.0.1 ping -s >/dev/null 2>&1 && exit; sleep 0.2; done; exit 1";
            server.run(ready);
            crm(
                    "crm",
                    "create table t(i int primary key, s varchar(40), b blob); insert into t select seq, md5(seq), x'00ff27'"
                            + " from seq_1_to_5000; create view v as select count(*) c from t; create user reader identified by 'r';"
                            + " grant select on crm.t to reader");
            var all =
                    "select count(*), sum(crc32(concat(i, s, hex(b)))) from t; select c from v; show grants for reader";
            var data = crm("crm", all);
            var made = of("crm", maven, "backup", "-Dcompose.backup=/backup");
            assertThat(made.exit()).as(made.out()).isZero();
            assertThat(shop.backups(backups -> backups.snapshots("crm")).get(0).contents())
                    .containsExactly("dumps:db.dump");

            crm("crm", "drop table t; drop user reader");
            var restored = of("crm", maven, "restore", "-Dcompose.to=latest");
            assertThat(restored.exit()).as(restored.out()).isZero();
            server.run(ready);
            assertThat(crm("crm", all)).isEqualTo(data);

            var seeded = of("crm2", maven, "deploy", "-Dcompose.seed=crm", "-Dcompose.env.PASSWORD=of-crm2");
            assertThat(seeded.exit()).as(seeded.out()).isZero();
            server.run(ready.replace("crm-db", "crm2-db"));
            assertThat(crm("crm2", "select count(*), sum(s = '') from t")).isEqualTo("5000\t5000\n");
            assertThat(crm("crm2", "select count(*) from mysql.user where user = 'reader'"))
                    .isEqualTo("0\n");
            Proof.claim("backup: MariaDB comes back with rows, views and users");
        } finally {
            of("crm2", maven, "down");
            of("crm", maven, "down", "-Dcompose.force=true");
            server.run("rm -rf /var/lib/xdevops/backup/crm /var/lib/xdevops/backups/crm /backup/crm");
        }
    }

    private static String crm(String project, String sql) {
        return server.run(
                "docker exec \"$1-db-1\" sh -c \"$2\" \"$3\"",
                project,
                "MYSQL_PWD=$MARIADB_ROOT_PASSWORD exec mariadb -uroot -N crm -e \"$0\"",
                sql);
    }

    @Test
    void aRollbackNamesTheSnapshotFromBeforeTheDeployThatItUndoes() {
        var first = shop.deploy("-Dcompose.services.kv.environment=[A=1]");
        assertThat(first).contains("kv");
        var number = newestVersion();
        var before = backUp(null);
        var second = shop.deploy("-Dcompose.services.kv.environment=[A=2]");
        assertThat(second).contains("kv");
        var undone = newestVersion();
        assertThat(undone).isGreaterThan(number);
        backUp(null);
        var rolledBack = shop.goal("rollback", "-Dcompose.to=" + number);
        assertThat(rolledBack.exit()).as(rolledBack.out()).isZero();
        assertThat(rolledBack.out())
                .contains("The snapshot " + before + " of ", "is from before deploy " + undone, "compose:restore");
    }

    private static long newestVersion() {
        try (var stacks = Stacks.on(server.connect("deploy"), ".yourlabs.compose")) {
            return stacks.inspect("shop").kept().get(0).number();
        }
    }
}
