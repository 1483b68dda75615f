package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.host.Lines;
import io.github.xdevops.compose.host.Tail;
import io.github.xdevops.compose.text.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StreamsTest {
    @Test
    void linesAreTheSameHoweverTheBytesAreCut() {
        byte[] text = "eins\nzwei €\r\n\ndrei\rx\nvier 𝄞".getBytes(StandardCharsets.UTF_8);
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            List<String> lines = new ArrayList<>();
            Lines cutter = new Lines(lines::add);
            for (int at = 0; at < text.length; ) {
                int n = Math.min(text.length - at, 1 + random.nextInt(5));
                cutter.add(java.util.Arrays.copyOfRange(text, at, at + n), n);
                at += n;
            }
            cutter.end();
            assertThat(lines).containsExactly("eins", "zwei €", "", "drei\rx", "vier 𝄞");
        }
    }

    @Test
    void aTailKeepsTheEndAndNoHalfCharacter() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            Tail tail = new Tail(10);
            StringBuilder all = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                String piece = "ab€".repeat(random.nextInt(4));
                byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
                tail.add(bytes, bytes.length);
                all.append(piece);
            }
            assertThat(all.toString()).endsWith(tail.text());
            assertThat(tail.text().getBytes(StandardCharsets.UTF_8).length)
                    .isBetween(Math.min(8, all.toString().getBytes(StandardCharsets.UTF_8).length), 10);
        }
    }

    @Test
    @Tag("N14")
    void whatIsPrintedHasNoControlCharacters() {
        assertThat(Printable.line("a\u001b]52;c;eA==\u0007\r\n\u202eb\u2028", 100))
                .isEqualTo("a b");
        assertThat(Printable.line("SSH-2.0-##vso[x]", 100)).isEqualTo("SSH-2.0-# #vso[x]");
        assertThat(Printable.line("x".repeat(500), 10)).isEqualTo("xxxxxxxxxx…");
        assertThat(Printable.lastLines("1\n\n2\n3\n4\n5\n6\n")).isEqualTo("\n  | 2\n  | 3\n  | 4\n  | 5\n  | 6");
    }
}
