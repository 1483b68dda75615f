package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hundreds of records, of which some have expired and some cannot be removed, on the real engine. */
class SweepAtScaleIT {
    private static final String STATE = "scale";
    private static final int YOUNG = 750;
    private static final int OLD = Ring.count(25, 200);
    private static final int POISONED = 50;
    /** Records as the reference writes them, and containers and volumes of theirs. */
    private static final String SET_UP = """
            set -eu
            mkdir -p scale && cd scale
            record() { mkdir "$1" && echo "$2" >"$1/removeat" && echo "services: {}" >"$1/docker-compose.yml"; }
            created() { # NAME DIRECTORY
              docker volume create --label com.docker.compose.project=$1 scale-$1 >/dev/null
              docker create --label com.docker.compose.project=$1 --label com.docker.compose.project.working_dir=$2 \\
                --network none -v scale-$1:/data --name scale-$1 compose-it/busybox:1 true >/dev/null
            }
            later=$(($(date +%s) + 86400))
            i=0; while [ $i -lt 750 ]; do record young$i $later; i=$((i + 1)); done
            i=0; while [ $i -lt @OLD ]; do record old$i 1000000000; created old$i "$PWD/old$i"; i=$((i + 1)); done
            for i in 0 1 2 3; do created young$i "$PWD/young$i"; done
            i=0
            while [ $i -lt 10 ]; do
              record text$i "home[\\$(touch pwned)]"
              record empty$i ""
              record foreign$i 1000000000; created foreign$i /srv/foreign$i
              record Upper$i 1000000000
              # A container without a label uses the volume of this one.
              record used$i 1000000000; docker volume create --label com.docker.compose.project=used$i scale-used$i >/dev/null
              docker create --network none -v scale-used$i:/data --name scale-used$i compose-it/busybox:1 true >/dev/null
              i=$((i + 1))
            done
            """;

    /** What all records hold that a sweep has no business with. */
    private static final String OTHERS = """
            cd scale
            find . -path "./old*" -prune -o -path "./.*" -prune -o -path "./text*" -prune -o -path "./empty*" -prune \\
              -o -type f ! -name sweep-failures ! -name removing ! -name sweep-status.json -print | sort | xargs grep "" | sha256sum
            """;

    private TestServer server;

    @BeforeEach
    void manyRecords() {
        server = TestServer.required();
        cleanUp();
        server.login(SET_UP.replace("@OLD", String.valueOf(OLD)));
    }

    @AfterEach
    void cleanUp() {
        if (server == null) {
            return;
        }
        server.login("docker ps -aq --filter name=scale- | xargs -r docker rm -f >/dev/null;"
                + " docker volume ls -q --filter name=scale- | xargs -r docker volume rm >/dev/null; rm -rf scale");
    }

    @Test
    void allThatExpiredAreGoneButThePoisonedAndNothingElseIsTouched() {
        var others = server.login(OTHERS);
        var bystanders = server.docker("ps", "-aq", "--no-trunc", "--filter", "name=scale-young");
        try (var stacks = server.stacks(STATE)) {
            var swept = stacks.sweep(Progress.NONE);
            assertThat(swept.removed()).containsExactlyInAnyOrderElementsOf(names("old", OLD));
            var status = server.login("cat scale/sweep-status.json");
            for (var poison : new String[] {"text", "empty", "foreign", "Upper", "used"}) {
                for (var name : names(poison, POISONED / 5)) {
                    assertThat(status).contains("{\"project\":\"" + name + "\",\"reason\":\"");
                }
            }
            assertThat(status).contains("\"swept\":" + OLD + ",\"failed\":" + POISONED);
            assertThat(server.login(OTHERS)).isEqualTo(others);
            assertThat(server.docker("ps", "-aq", "--no-trunc", "--filter", "name=scale-young"))
                    .isEqualTo(bystanders);
            assertThat(server.docker("ps", "-aq", "--filter", "name=scale-old")).isEmpty();
            assertThat(server.docker("volume", "ls", "-q", "--filter", "name=scale-old"))
                    .isEmpty();
            assertThat(server.docker("ps", "-aq", "--filter", "name=scale-foreign")
                            .lines())
                    .hasSize(POISONED / 5);
            assertThat(server.login("ls scale/*/pwned pwned 2>/dev/null || true"))
                    .isEmpty();
        }
        Proof.claim("sweep at scale: " + (YOUNG + OLD + POISONED) + " records, " + OLD + " removed, " + POISONED
                + " listed with their reasons, " + YOUNG + " untouched");
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }
}
