package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.backup.Backups;
import io.github.xdevops.compose.host.ssh.SshHost;
import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.provision.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A persistent stack with data of each kind on a bare server that was set up for production. */
final class BackedUpShop {
    /** {@code kv} has commands of its own; {@code cache} is left out; {@code log} is stopped for its copy. */
    private static final String COMPOSE = """
            services:
              db:
                image: compose-it/postgres:1
                environment: {POSTGRES_PASSWORD: of-the-shop, POSTGRES_USER: shop-owner, POSTGRES_DB: shop}
                volumes: ["rows:/var/lib/postgresql/data"]
                healthcheck: {test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U shop-owner"], interval: 1s, retries: 60}
                x-seed: {scrub: "psql -q -v ON_ERROR_STOP=1 -U $$POSTGRES_USER -d $$POSTGRES_DB -c \\"update t set s = ''\\""}
              web:
                image: compose-it/busybox:1
                init: true
                command: ["sleep", "100000"]
                volumes: ["files:/files", "./up:/up"]
                depends_on: {db: {condition: service_healthy}}
              kv:
                image: compose-it/busybox:1
                init: true
                command: ["sleep", "100000"]
                volumes: ["kv:/kv"]
                healthcheck: {test: ["CMD-SHELL", "! grep -sq broken /kv/value"], interval: 1s, retries: 2}
                x-backup: {dump: "cat $${DIRECTORY:-/kv}/value", load: "cat >/kv/value"}
              log:
                image: compose-it/busybox:1
                init: true
                command: ["sh", "-c", "while sleep 0.05; do date >>/log/lines; done"]
                volumes: ["log:/log"]
                x-backup: {stop: true}
              cache:
                image: compose-it/busybox:1
                init: true
                command: ["sleep", "100000"]
                volumes: ["cache:/cache"]
                x-backup: none
            volumes: {rows: , files: , kv: , log: , cache: }
            """;

    private final BareServer server;
    private final Maven maven;

    private BackedUpShop(BareServer server, Path directory) throws IOException {
        this.server = server;
        this.maven = new Maven(directory, TestServer.required());
        Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    }

    /** Sets the server up, and deploys the stack there; it has no data yet. */
    static BackedUpShop on(BareServer server, Path directory) throws IOException {
        DebianImages.providePostgres();
        BareImages.provideTraefik(server);
        try (var host = server.connect("root")) {
            Provisioning.on(host, () -> server.connect("root"))
                    .run(
                            ProvisionOptions.builder()
                                    .role(Role.PRODUCTION)
                                    .domain("bare.test")
                                    .email("ops@example.com")
                                    .build(),
                            step -> {});
        }
        var shop = new BackedUpShop(server, directory);
        var unused = shop.deploy();
        return shop;
    }

    /** Returns what Maven printed. */
    String deploy(String... options) {
        var all = new ArrayList<>(List.of(options));
        all.addAll(List.of(
                "-Dcompose.images=transfer",
                "-Dcompose.lifetime=forever",
                "-Dcompose.home=/home/deploy/shop",
                "-Dcompose.routes=none"));
        var deployed = goal("deploy", all.toArray(String[]::new));
        assertThat(deployed.exit()).as(deployed.out()).isZero();
        return deployed.out();
    }

    /** Runs a goal for the stack as its owner does. */
    Maven.Outcome goal(String name, String... options) {
        return goal(name, Map.of(), options);
    }

    Maven.Outcome goal(String name, Map<String, String> variables, String... options) {
        var all = server.calledWith(
                "-Dcompose.project=shop", "-Dcompose.repository=acme/shop", "-Dcompose.environment=production");
        all.addAll(List.of(options));
        return maven.run(name, all, variables);
    }

    /** Calls the library as the login. */
    <T> T backups(Function<Backups, T> call) {
        try (SshHost host = server.connect("deploy")) {
            return call.apply(Backups.on(host));
        }
    }

    /** Rows, roles, files, links, modes and owners, which a seed tells apart. */
    void fill(long seed) {
        sql("shop", "create table if not exists t(i int, s text)");
        sql("shop", "insert into t select i, md5(i::text || " + seed + "::text) from generate_series(1, 20000) i");
        server.tryRun(
                "docker exec shop-db-1 psql -q -U shop-owner -d shop -c \"$1\"",
                "create role reader_" + seed + " login password $$of-the-reader$$");
        sql("shop", "grant select on t to reader_" + seed);
        server.run(
                "docker exec shop-web-1 sh -c \"$1\"",
                "mkdir -p /files/a/b; echo " + seed + " >/files/a/x; chown 123:456 /files/a/x; chmod 640 /files/a/x;"
                        + " ln -f /files/a/x /files/hard; ln -sf a/x /files/soft; chown 7:8 /files/a/b; chmod 2770 /files/a/b;"
                        + " echo of the home " + seed + " >/up/h; chown 9:9 /up/h; chmod 600 /up/h; chmod 1755 /up");
        server.run("docker exec shop-kv-1 sh -c \"$1\"", "echo precious " + seed + " >/kv/value");
        server.run("docker exec shop-cache-1 sh -c \"$1\"", "echo " + seed + " >/cache/" + seed);
    }

    String sql(String database, String text) {
        return server.run("docker exec shop-db-1 psql -q -U shop-owner -d \"$1\" -Atc \"$2\"", database, text);
    }

    /** All that a backup has to bring back, as text. */
    String data() {
        return sql("shop", "select count(*), md5(string_agg(t::text, $$|$$ order by i, s)) from t")
                + sql("shop", "select relacl from pg_class where relname = $$t$$")
                + sql(
                        "shop",
                        "select rolname, rolcanlogin, rolpassword is null from pg_roles"
                                + " where rolname !~ $$^pg_$$ order by 1")
                + server.run(
                        "docker exec shop-web-1 sh -c \"$1\"",
                        "cd /; find files up -exec stat -c \"%n %a %u:%g %F %h\" {} + | sort;"
                                + " find files up -type f -exec sha256sum {} + | sort; readlink files/soft")
                + server.run("docker exec shop-kv-1 cat /kv/value");
    }

    /** Whether all services run, and nothing of a trial or an unfinished restore is left. */
    void isWhole() {
        assertThat(server.run("docker ps --format \"{{.Names}}\" | sort"))
                .isEqualTo("shop-cache-1\nshop-db-1\nshop-kv-1\nshop-log-1\nshop-web-1\nxdevops-traefik\n");
        assertThat(server.run("docker ps -a --format \"{{.Names}}\" | grep -c trial || :"))
                .isEqualTo("0\n");
        assertThat(
                        server.run(
                                "find /var/lib/docker/volumes /home/deploy/shop -maxdepth 2 -name \"*.xdevops-new\";"
                                        + " ls /var/lib/docker/xdevops-restore 2>/dev/null; ls /var/lib/xdevops/backup/shop | grep -E \"^(swap|stopped|scratch|filling)\" || :"))
                .isEmpty();
    }
}
