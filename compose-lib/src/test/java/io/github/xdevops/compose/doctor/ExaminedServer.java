package io.github.xdevops.compose.doctor;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A healthy server in a directory: its tools, a docker that answers from files, and the parts of /proc and /etc that are read. */
final class ExaminedServer implements Host {
    private static final List<String> TOOLS = List.of(
            "flock",
            "timeout",
            "awk",
            "sed",
            "grep",
            "find",
            "xargs",
            "sha256sum",
            "sync",
            "tar",
            "gzip",
            "cat",
            "date",
            "id",
            "ls",
            "sort",
            "tr",
            "cut",
            "head",
            "printf",
            "chmod");
    static final String NOW = "1800000000";

    final Path directory;
    private final String shell;

    private ExaminedServer(Path directory, String shell) {
        this.directory = directory;
        this.shell = shell;
    }

    static ExaminedServer healthy(Path directory, String shell) {
        var server = new ExaminedServer(directory, shell);
        server.make();
        return server;
    }

    /** The same server, examined by another shell. */
    ExaminedServer in(String other) {
        return new ExaminedServer(directory, other);
    }

    private void make() {
        TOOLS.forEach(this::link);
        program("df", "cat \"$FAKE/df$1\"");
        program("systemctl", "case $1 in is-enabled) cat \"$FAKE/enabled\" ;; *) test -e \"$FAKE/active\" ;; esac");
        program("curl", "case $* in *POST*) cat \"$FAKE/api-post\" ;; *) cat \"$FAKE/api-get\" ;; esac");
        program("date", "cat \"$FAKE/now\"");
        program("docker", """
                case $1,$2 in
                version,*) cat "$FAKE/version"; exit "$(cat "$FAKE/exit")" ;;
                info,*)
                  ! grep -q podman "$FAKE/version" && [ "$(cat "$FAKE/exit")" = 0 ] || { echo 'engine '; exit 1; }
                  echo "engine $(cat "$FAKE/version")"; cat "$FAKE/info"
                  ! test -s "$FAKE/compose" || echo "compose $(cat "$FAKE/compose")" ;;
                network,ls) echo 0123456789ab ;;
                network,inspect) echo '10.100.0.0/24 ' ;;
                ps,-a) cat "$FAKE/containers" ;;
                inspect,*) cat "$FAKE/traefik" ;;
                cp,*) cd "$FAKE/etc" && case $2 in */traefik.yml) tar -cf - traefik.yml ;; *) false ;; esac ;;
                esac
                """);
        write(
                "df-Pk",
                "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 40000000 10000000 30000000 25% /\n");
        write("df-Pi", "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sda1 2000000 100000 1900000 5% /\n");
        write("root/etc/xdevops/docker-api.cfg", "");
        write("api-get", "200");
        write("api-post", "403");
        write("enabled", "enabled\n");
        write("now", NOW + "\n");
        write("version", "27.3.1\n");
        write("exit", "0\n");
        write("compose", "2.29.7\n");
        write(
                "info",
                "root " + directory
                        + "\nlive-restore false\nswarm inactive\npools 10.100.0.0/16/24 \nsecurity name=seccomp \n");
        write("containers", """
                status Created
                image def traefik:v2.11.0 "/entrypoint.sh traefik"
                ports old
                status Up 3 days
                image abc traefik:v3.6.12 "/entrypoint.sh traefik"
                ports proxy
                """);
        write("traefik", """
                image traefik:v3.6.12
                label v3.6.12
                mode host
                network host
                mount /run/xdevops/docker.sock
                argument /entrypoint.sh
                argument traefik
                variable PATH=/bin
                """);
        write("etc/traefik.yml", """
                providers:
                  docker:
                    exposedByDefault: false
                    constraints: Label(`io.github.xdevops.compose.managed`,`true`)
                serversTransport: {forwardingTimeouts: {idleConnTimeout: 3s}}
                """);
        write("root/proc/net/route", """
                Iface Destination Gateway Flags RefCnt Use Metric Mask
                eth0 00000000 010110AC 0003 0 0 0 00000000
                eth0 010110AC 00000000 0005 0 0 0 FFFFFFFF
                eth0 007100CB 00000000 0001 0 0 0 00FFFFFF
                shop0 0000640A 00000000 0001 0 0 0 00FFFFFF
                """);
        write("root/proc/net/fib_trie", """
                Main:
                  |-- 10.100.0.1
                     /32 host LOCAL
                  |-- 203.0.113.7
                     /32 host LOCAL
                  |-- 172.16.1.1
                     /32 link UNICAST
                """);
        write("root/proc/net/tcp", "   0: 0100007F:23DD 00000000:0000 0A\n");
        write("root/proc/meminfo", "MemTotal: 8000000 kB\nMemAvailable: 4000000 kB\nSwapTotal: 0 kB\n");
        write("root/etc/ssh/sshd_config", "PasswordAuthentication no\n");
        write("state/shop/removeat", "1900000000\n");
        write("state/.host/sweeper", "cron stacks.sh\n");
        write("state/.host/pages.sh", "");
        write("state/.host/swept", "1799999990\n");
        permissions("state", "rwx------");
    }

    void write(String file, String text) {
        var path = directory.resolve(file);
        unchecked(() -> {
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            return Files.writeString(path, text);
        });
    }

    void replace(String file, String part, String other) {
        write(file, unchecked(() -> Files.readString(directory.resolve(file))).replace(part, other));
    }

    void remove(String file) {
        unchecked(() -> Files.deleteIfExists(directory.resolve(file)));
    }

    void permissions(String file, String permissions) {
        unchecked(() ->
                Files.setPosixFilePermissions(directory.resolve(file), PosixFilePermissions.fromString(permissions)));
    }

    String state() {
        return directory.resolve("state").toString();
    }

    private void link(String tool) {
        var real = Stream.of("/usr/bin/", "/bin/")
                .map(place -> Path.of(place + tool))
                .filter(Files::exists)
                .findFirst();
        program(tool, "exec " + real.orElseThrow() + " \"$@\"");
    }

    void program(String name, String text) {
        write("bin/" + name, "#!/bin/sh\n" + text);
        permissions("bin/" + name, "rwxr-xr-x");
    }

    /** Runs a command of a cure. */
    int cure(String command) {
        return unchecked(() -> process(List.of(shell.split(" ")), "-c", command).waitFor());
    }

    @Override
    public String address() {
        return "deploy@ci.example.com";
    }

    @Override
    public Result run(Command command, Input input, Consumer<String> lines) {
        return unchecked(() -> {
            var process = process(
                    List.of(shell.split(" ")),
                    "-s",
                    "--",
                    state(),
                    directory.resolve("root").toString());
            try (var in = process.getOutputStream()) {
                input.writeTo(in);
            }
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            out.lines().forEach(lines);
            return new Result(process.waitFor(), out, "");
        });
    }

    private Process process(List<String> shell, String... arguments) throws IOException {
        var command = new ArrayList<>(shell);
        command.set(0, "/bin/" + shell.get(0));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", directory.resolve("bin").toString());
        builder.environment().put("FAKE", directory.toString());
        return builder.start();
    }

    @Override
    public void close() {}

    private interface Step<T> {
        T run() throws IOException, InterruptedException;
    }

    private static <T> T unchecked(Step<T> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
