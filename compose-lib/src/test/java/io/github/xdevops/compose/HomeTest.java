package io.github.xdevops.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HomeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "./data:999:999:0750 | data:999:999:0750",
                "./dump,./data/postgres,./log/postgres:999:999:0700 | dump:999:999:0700 data/postgres:999:999:0700 log/postgres:999:999:0700",
                "./a:1:2:700, ./b:postgres:adm:0755 | a:1:2:700 b:postgres:adm:0755",
                "./a:1:2:700,./b | a:1:2:700 b:::",
                "data:999 | data:999::",
                "data:999:999, | data:999:999:",
                "./data, | data:::"
            })
    void anOwnerAndAModeAreThoseOfAllPathsBeforeThem(String label, String directories) {
        assertThat(home(label).directories()).containsExactly(directories.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../x:1:1:0700", "/etc:1:1:0700", "a:b c:1:0700", "a:1:1:0700:9", "a:1:1:rwx", "a:1:1:4755"})
    void aLabelThatIsNotUnderstoodIsNamed(String label) {
        assertThatThrownBy(() -> home(label))
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining("io.yourlabs.compose.mkdir");
    }

    @ParameterizedTest
    @CsvSource({"/home/lol, lol", "/srv/shop-staging, shop-staging", "/srv/Shop, ", "/srv/shop., ", "/srv/shop-, "})
    void aHomeNamesItsProject(String path, String project) {
        assertThat(Home.projectOf(path).orElse(null)).isEqualTo(project);
    }

    @Test
    void aServiceWithoutTheLabelWantsNothing() {
        assertThat(Home.of("/srv/shop", Map.of("services", Map.of("web", Map.of())))
                        .directories())
                .isEmpty();
    }

    private static Home home(String label) {
        var labels = Map.of("io.yourlabs.compose.mkdir", label);
        return Home.of("/srv/shop", Map.of("services", Map.of("web", Map.of("labels", labels))));
    }
}
