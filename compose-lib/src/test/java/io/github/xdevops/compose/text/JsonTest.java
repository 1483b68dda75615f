package io.github.xdevops.compose.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

public class JsonTest {

    @Test
    void everyKindOfValueIsRead() {
        assertThat(Json.parse(" {\"a\": [1, -2.5, 1e3, true, false, null, \"x\"], \"b\": {}} "))
                .isEqualTo(Map.of("a", Arrays.asList(1L, -2.5, 1000.0, true, false, null, "x"), "b", Map.of()));
    }

    @Test
    void escapesAndSurrogatePairsAreRead() {
        assertThat(Json.parse("\"\\u0041\\n\\/\\\\\\\"\\ud83d\\ude00\"")).isEqualTo("A\n/\\\"😀");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "'a'",
                "01",
                "+1",
                ".5",
                "1.",
                "nul",
                "NaN",
                "[1 2]",
                "\"a",
                "\"\t\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\ud83d\"",
                "\"\\ude00\\ud83d\"",
                "{\"a\":1,\"a\":2}",
                "1 2",
                "{\"a\" 1}",
                "[1}",
                "1e999",
                "- x",
                "a: b",
                "// c\n1",
                "\uFEFF1"
            })
    void whatIsNotJsonIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not JSON at character");
    }

    @Test
    void depthIsBounded() {
        assertThat(Json.parse("[".repeat(50) + "]".repeat(50))).isInstanceOf(List.class);
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lengthIsBounded() {
        assertThatThrownBy(() -> Json.parse(" ".repeat(4_000_001))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aValueIsWrittenOnOneLine() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a\"b\\c\n\u2028\u0001😀");
        value.put("list", List.of(1, 2L, 1.5, true));
        value.put("empty", List.of());
        assertThat(Json.write(value))
                .isEqualTo("{\"text\":\"a\\\"b\\\\c\\n\\u2028\\u0001😀\",\"list\":[1,2,1.5,true],\"empty\":[]}");
    }

    @Test
    void whatJsonCannotSayIsNotWritten() {
        assertThatThrownBy(() -> Json.write(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.write("\ud83d")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.write(new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aWrittenValueReadsAsItself(int seed) {
        Object value = value(new Random(seed), 0);
        String text = Json.write(value);
        assertThat(text).doesNotContain("\n", "\r", "\u2028", "\u0085");
        assertThat(Json.parse(text)).isEqualTo(value);
    }

    static IntStream seeds() {
        return IntStream.range(0, 500);
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong();
            case 3 -> random.nextDouble() * 1e6;
            case 4 -> text(random);
            case 5 -> {
                List<@Nullable Object> items = new ArrayList<>();
                IntStream.range(0, random.nextInt(4)).forEach(i -> items.add(value(random, depth + 1)));
                yield items;
            }
            default -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                IntStream.range(0, random.nextInt(4)).forEach(i -> entries.put(text(random), value(random, depth + 1)));
                yield entries;
            }
        };
    }

    public static String text(Random random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int c = random.nextInt(3) == 0 ? random.nextInt(0x10FFFF) + 1 : random.nextInt(0x100) + 1;
            out.appendCodePoint((c >= 0xD800 && c <= 0xDFFF) ? 'x' : c);
        }
        return out.toString();
    }
}
