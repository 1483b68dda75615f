package io.github.xdevops.compose.maven.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultPlaceTest {
    @TempDir
    Path directory;

    private Path checked(String file, boolean named) throws IOException {
        var checkout = Files.createDirectories(directory.resolve("checkout"));
        return ResultPlace.checked(checkout, checkout.resolve(file), named);
    }

    @Test
    void aFileOfTheCheckoutIsWhatItIs() throws IOException {
        assertThat(checked("a/../out/x.yml", false)).isEqualTo(directory.resolve("checkout/out/x.yml"));
    }

    @Test
    void nothingOutsideIsWrittenUnlessAPersonNamesIt() throws IOException {
        assertThat(checked("../x.yml", true)).isEqualTo(directory.resolve("x.yml"));
        assertThatThrownBy(() -> checked("../x.yml", false))
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining("outside of the checkout");
    }

    @Test
    void noLinkOfTheCheckoutIsFollowed() throws IOException {
        checked("x", false);
        Files.createSymbolicLink(directory.resolve("checkout/out"), directory);
        Files.createSymbolicLink(directory.resolve("checkout/file"), directory.resolve("nowhere"));
        for (var named : new boolean[] {true, false}) {
            assertThatThrownBy(() -> checked("out/x.yml", named)).hasMessageContaining("is a link");
            assertThatThrownBy(() -> checked("file", named)).hasMessageContaining("is a link");
        }
    }
}
