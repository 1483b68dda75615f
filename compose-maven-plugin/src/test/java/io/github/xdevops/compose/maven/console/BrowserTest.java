package io.github.xdevops.compose.maven.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrowserTest {
    private static final URI PAGE = URI.create("https://x.ci.example.com:8443/a?b=c&d");

    @TempDir
    Path directory;

    @ParameterizedTest
    @Tag("V1")
    @ValueSource(
            strings = {
                "",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "--version",
                "http://",
                "http://a b",
                "http://a/`id`",
                "http://a/$(id)",
                "http://a/\"&calc",
                "http://a/\n",
                "http://user:password@a/",
                "HTTP://a",
                "x http://a",
            })
    void whatTheServerSaysIsOpenedOnlyIfItIsAnUrlOfTheWeb(String said) {
        assertThatThrownBy(() -> Browser.checked(said))
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining("is not opened");
    }

    @Test
    void urlsOfEnvironmentsAreOpened() {
        for (var url : new String[] {"http://a.localhost:8088", "https://a-b.ci.example.com/shop/", PAGE.toString()}) {
            assertThat(Browser.checked(url)).hasToString(url);
        }
    }

    @Test
    @Timeout(60)
    void theDesktopsProgramGetsTheUrlAndNothingElse() throws Exception {
        var called = directory.resolve("called");
        var program = Files.writeString(
                directory.resolve("xdg-open"),
                "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" >" + called + ".new\nmv " + called + ".new " + called + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        var desktop = Map.of("DISPLAY", ":0", "PATH", "relative:" + directory + ":/usr/bin:/bin");
        assertThat(new Browser("Linux", desktop, true).show(PAGE)).isTrue();
        while (!Files.exists(called)) {
            Thread.onSpinWait();
        }
        assertThat(called).hasContent("1\n" + PAGE);
    }

    @Test
    void withoutADesktopOrAProgramNothingIsCalled() {
        assertThat(new Browser("Linux", Map.of("PATH", directory.toString(), "DISPLAY", ":0"), true).show(PAGE))
                .isFalse();
        assertThat(new Browser("Linux", Map.of("PATH", "/usr/bin:/bin"), true).show(PAGE))
                .isFalse();
        assertThat(new Browser("Windows 11", Map.of("PATH", directory.toString()), true).show(PAGE))
                .isFalse();
        assertThat(new Browser("Mac OS X", Map.of("PATH", directory.toString()), true).show(PAGE))
                .isFalse();
    }
}
