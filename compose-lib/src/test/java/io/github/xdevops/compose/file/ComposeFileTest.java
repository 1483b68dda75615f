package io.github.xdevops.compose.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.file.load.ComposeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeFileTest {

    @TempDir
    Path project;

    private ComposeFile load(String text) throws IOException {
        Files.writeString(project.resolve("compose.yaml"), text);
        return ComposeFile.load(ComposeSource.in(project).variables(Map.of("TAG", "1.27")));
    }

    @Test
    void aShortFileBecomesTheLongOne() throws IOException {
        ComposeFile file = load("""
                services:
                  web:
                    image: nginx:${TAG:-latest}
                    command: serve "a b"
                    ports: ["8080:80"]
                    environment: [A=1, B]
                    depends_on: [db]
                    x-route: web
                  db:
                    image: postgres
                    volumes: ["data:/var/lib/postgresql/data"]
                volumes:
                  data:
                  unused:
                """);
        assertThat(file.text()).isEqualTo("""
                        services:
                          web:
                            image: "nginx:1.27"
                            command:
                              - "serve"
                              - "a b"
                            ports:
                              - mode: "ingress"
                                target: 80
                                published: "8080"
                                protocol: "tcp"
                            environment:
                              "A": "1"
                              "B": null
                            depends_on:
                              db:
                                condition: "service_started"
                                required: true
                            x-route: "web"
                            networks:
                              default: null
                          db:
                            image: "postgres"
                            volumes:
                              - type: "volume"
                                source: "data"
                                target: "/var/lib/postgresql/data"
                                volume: {}
                            networks:
                              default: null
                        volumes:
                          data: {}
                        networks:
                          default: {}
                        """);
    }

    @Test
    void whatIsEmittedReadsAsItself() throws IOException {
        String text = load("services: {a: {image: b, command: 'echo $$HOME', labels: {x: 'a$$b'}}}")
                .text();
        assertThat(text).contains("\"$$HOME\"");
        assertThat(ComposeFile.parse(text, "again").text()).isEqualTo(text);
    }

    @Test
    void anOverlayIsLaidOverLikeOneMoreFile() throws IOException {
        ComposeFile file = load("""
                        services:
                          web: {image: a, restart: always, ports: ["80:80"], networks: [front], environment: {A: 1, B: 2}}
                        networks: {front: }
                        """).merge("""
                        services:
                          web:
                            restart: !reset null
                            ports: !override ["81:80"]
                            environment: {B: 'b$c', C: 3}
                            networks: {proxy: }
                        networks:
                          proxy: {external: true, name: shared}
                        """, "overlay.yaml");
        assertThat(file.text())
                .doesNotContain("restart")
                .contains("published: \"81\"")
                .doesNotContain("published: \"80\"")
                .contains("\"A\": \"1\"", "\"B\": \"b$$c\"", "\"C\": \"3\"")
                .contains("front: null", "proxy: null", "name: \"shared\"");
    }
}
