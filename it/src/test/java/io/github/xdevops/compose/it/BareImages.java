package io.github.xdevops.compose.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.host.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The image that a bare server would pull, where no registry can be asked. */
final class BareImages {
    private static final String UNIT = """
            [Unit]
            After=docker.service
            [Service]
            ExecStart=/bin/sh -c "until docker image inspect traefik:v3.6.12 || docker import -c \\"ENV PATH=/usr/local/bin\\" \
            -c \\"ENTRYPOINT [\\\\\\"traefik\\\\\\"]\\" /root/traefik.tar traefik:v3.6.12; do sleep 0.2; done"
            [Install]
            WantedBy=multi-user.target
            """;

    private BareImages() {}

    /** Lets the server load Traefik's image under its pinned name as soon as it has a Docker, also after a power cut. */
    static void provideTraefik(BareServer server) throws IOException {
        var cache = Path.of(System.getenv()
                .getOrDefault(
                        "COMPOSE_IT_CACHE",
                        System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache")
                                + "/compose-it"));
        var name = "traefik-v3.6.12-rfc2136-x86_64";
        assumeTrue(Files.isExecutable(cache.resolve(name)), "it/server has no Traefik in its cache");
        var tar = new ProcessBuilder(
                        "tar", "-C", cache.toString(), "--transform", "s,.*,usr/local/bin/traefik,", "-c", name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var host = server.connect("root")) {
            host.run(
                    Command.script("cat >/root/traefik.tar", List.of()),
                    out -> tar.getInputStream().transferTo(out),
                    line -> {});
        }
        server.run(
                "printf %s \"$1\" >/etc/systemd/system/load-traefik.service; systemctl enable --now --no-block load-traefik",
                UNIT);
    }
}
