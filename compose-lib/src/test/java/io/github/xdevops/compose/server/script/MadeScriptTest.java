package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Docker made is checked again before it starts: others work at the same time, and images bring something. */
@EveryShell
class MadeScriptTest extends InEveryShell {
    private static final String SHOP = ReviewFile.SERVICE.replace("web:", "\"web\":") + """
                labels:
                  "note": "$$x"
                volumes:
                  - type: "volume"
                    source: "data"
                    target: "/data"
            volumes:
              "data": {}
            """;

    @Test
    @Tag("L7")
    void aVolumeOrNetworkThatAnotherProjectMadeMeanwhileIsNeverUsed() throws IOException {
        for (var other : List.of("volume shop_data neighbour", "volume shop_data", "network shop_default neighbour")) {
            var kind = other.substring(0, other.indexOf(' '));
            hook("case \"$*\" in '" + kind + " ls --format '*) ! grep -q 'up --no-start' \"$STUB/calls\" || echo '"
                    + other + "' ;; esac\n");
            assertThat(deployShop(SHOP))
                    .contains("\"word\":\"POLICY\"", "another made it meanwhile; the " + kind)
                    .contains("nothing of it is left");
            assertThat(calls())
                    .contains("rm -f web")
                    .noneMatch(call -> call.endsWith(" start"))
                    .noneMatch(call -> call.contains(kind + " rm"));
            assertThat(home.resolve(".yourlabs.compose/shop")).doesNotExist();
            Files.delete(stub.resolve("calls"));
        }
    }

    @Test
    void aVolumeThatWasPrunedBeforeItsContainerWasCreatedIsRemovedForTheNextDeploy() throws IOException {
        hook("""
                case "$*" in *'up --no-start'*) echo ' Volume shop_data  Created' ;;
                'volume ls --format volume '*) ! grep -q 'up --no-start' "$STUB/calls" || echo 'volume shop_data ' ;;
                'volume ls --format {{.Name}} '*) printf '%s\\n' 'shop_data ' 'shop_more shop' 'other ' ;; esac
                """);
        assertThat(deployShop(SHOP))
                .contains("\"word\":\"UNAVAIL\"", "the volume shop_data was pruned during the deploy; deploy again");
        assertThat(calls()).contains("rm -f web", "volume rm shop_data").noneMatch(call -> call.endsWith(" start"));
    }

    @Test
    @Tag("L7")
    void thePreviousVersionComesBackWithoutTheVolumeOfAnother() throws IOException {
        assertThat(deployShop(SHOP)).contains("\"word\":\"OK\"");
        Files.delete(stub.resolve("calls"));
        // The previous version mounts no volume of that name.
        var changed = SHOP.replace("data\": {}", "data\": {}\n  \"more\": {}");
        hook("case \"$*\" in 'volume ls --format '*) ! grep -q 'up --no-start' \"$STUB/calls\" ||"
                + " echo 'volume shop_more neighbour' ;; esac\n");
        assertThat(deployShop(changed))
                .contains("\"word\":\"POLICY\"", "shop_more belongs to the project neighbour")
                .contains("the previous version is up again");
        assertThat(calls()).contains("rm -f web");
        assertThat(read("shop/docker-compose.yml")).isEqualTo(SHOP);
    }

    @Test
    void aContainerThatDiffersFromItsFileIsRefused() throws IOException {
        var hash = "0123456789abcdef".repeat(4);
        for (var wrong : Map.of(
                        "mount volume \"neighbour_data\" \"/x\"",
                        "mounts the volume neighbour_data",
                        "mount bind \"\" \"/etc\"",
                        "mounts /etc",
                        "mount bind \"\" \"" + mounted("../../x") + "\"",
                        "mounts ",
                        "network neighbour_default",
                        "is in the network neighbour_default",
                        "network host",
                        "is in the network host",
                        "label \"traefik.enable\" \"true\"",
                        "the image shop:7 brings the label traefik.enable")
                .entrySet()) {
            made(wrong.getKey());
            assertThat(deployShop(SHOP))
                    .as(wrong.getKey())
                    .contains("\"word\":\"POLICY\"", wrong.getValue(), "nothing of it is left");
            assertThat(calls()).contains("rm -f web").noneMatch(call -> call.endsWith(" start"));
        }
        made(
                "mount volume \"shop_data\" \"/var/lib/docker/volumes/shop_data/_data\"",
                "mount volume \"" + hash + "\" \"/var/lib/docker\"",
                "mount bind \"\" \"" + mounted("file-x-0123456789abcdef/content") + "\"",
                "mount tmpfs \"\" \"\"",
                "network shop_default",
                "label \"com.docker.compose.project\" \"shop\"",
                "label \"note\" \"$x\"");
        assertThat(deployShop(SHOP)).contains("\"word\":\"OK\"");
    }

    @Test
    void aRoutersLabelsAreThoseOfItsFile() throws IOException {
        var file = SHOP.replace(
                "\"note\": \"$$x\"",
                "\"traefik.enable\": \"false\"\n      \"traefik.docker.network\": \"a<b>&$$c\\\\d\\\"é\"");
        var right = new String[] {
            "label \"traefik.enable\" \"false\"",
            "label \"traefik.docker.network\" \"a\\u003cb\\u003e\\u0026$c\\\\d\\\"é\""
        };
        var persistent = List.of("lifetime=forever");
        made(right);
        assertThat(deployShop(file, persistent)).contains("\"word\":\"OK\"");
        run("down", List.of("project=shop", "force=yes"), "");
        made(right[0]);
        assertThat(deployShop(file, persistent)).contains("\"word\":\"POLICY\"", "web lacks a label for Traefik");
        made(right[0], right[1].replace("$c", "$$c"));
        assertThat(deployShop(file, persistent)).contains("another value of the label traefik.docker.network");
        made(right[0], right[1], "label \"Traefik.Enable\" \"false\"");
        assertThat(deployShop(file, persistent)).contains("brings the label Traefik.Enable");
    }

    @Test
    void theLimitsOfTheFileHaveArrived() throws IOException {
        for (var limit : Map.of(
                        "{\"Memory\":0,\"NanoCpus\":1000000000,\"PidsLimit\":512}", "lacks services.*.mem_limit",
                        "{\"Memory\":1073741824,\"NanoCpus\":0,\"CpuQuota\":0,\"PidsLimit\":512}",
                                "lacks services.*.cpus",
                        "{\"Memory\":1073741824,\"NanoCpus\":1000000000,\"PidsLimit\":null}",
                                "lacks services.*.pids_limit",
                        "{\"Memory\":9663676416,\"NanoCpus\":1000000000,\"PidsLimit\":512}",
                                "mem_limit: 9g, and at most 4g")
                .entrySet()) {
            limits(limit.getKey(), "null");
            assertThat(deployShop(SHOP))
                    .as(limit.getKey())
                    .contains("\"word\":\"POLICY\"", limit.getValue(), "nothing of it is left");
        }
        limits(
                "{\"Memory\":1073741824,\"NanoCpus\":0,\"CpuQuota\":50000,\"CpuPeriod\":100000,\"PidsLimit\":512}",
                "null");
        assertThat(deployShop(SHOP)).contains("\"word\":\"OK\"");
    }

    @Test
    void aKernelWithoutLimitsIsAWarning() throws IOException {
        limits("{\"Memory\":0,\"NanoCpus\":0,\"PidsLimit\":null}", "null");
        Files.writeString(stub.resolve("info"), "falsetruetrue\n");
        assertThat(deployShop(SHOP)).contains("@n warning the server's kernel cannot limit", "\"word\":\"OK\"");
    }

    @Test
    @Tag("L7")
    void theHealthCheckOfAnImageCountsAsWell() throws IOException {
        var limits = "{\"Memory\":1073741824,\"NanoCpus\":1000000000,\"PidsLimit\":512}";
        limits(limits, "{\"Test\":[\"CMD\",\"\\\"Interval\\\":9\"],\"Interval\":1000000}");
        assertThat(deployShop(SHOP))
                .contains("\"word\":\"POLICY\"", "healthcheck.interval: 1ms, and at least 500ms is allowed");
        limits(limits, "{\"Test\":[\"CMD\"],\"Interval\":30000000000,\"StartInterval\":2000000}");
        assertThat(deployShop(SHOP)).contains("healthcheck.start_interval: 2ms, and at least 500ms is allowed");
        write(".limits", "stack_health_checks=1\n");
        limits(limits, "{\"Test\":[\"CMD\"],\"Interval\":500000000}");
        assertThat(deployShop(SHOP)).contains("2 health checks per second");
        for (var fine : List.of(
                "{\"Test\":[\"CMD\"]}", "{\"Test\":[\"NONE\"],\"Interval\":1000000}", "{\"Interval\":1000000}")) {
            limits(limits, fine);
            assertThat(deployShop(SHOP)).as(fine).contains("\"word\":\"OK\"");
            run("down", List.of("project=shop"), "");
        }
    }

    private String mounted(String file) {
        return home.resolve(".yourlabs.compose/shop/files") + "/" + file;
    }

    private void made(String... lines) throws IOException {
        Files.writeString(stub.resolve("made"), String.join("\n", lines) + "\n");
    }

    private void limits(String host, String health) throws IOException {
        hook("case \"$*\" in 'inspect --format container '*) printf '%s\\n' 'container web created web shop:7' 'host "
                + host + "' 'health " + health + "'; exit ;; esac\n");
    }

    private String deployShop(String text) {
        return deployShop(text, List.of());
    }

    private String deployShop(String text, List<String> more) {
        var words = new ArrayList<>(words("shop", text, "judged=yes"));
        words.addAll(more);
        return run("deploy", words, bundle(text));
    }

    private void hook(String text) throws IOException {
        Files.writeString(stub.resolve("hook"), text);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(stub.resolve("calls"));
    }
}
