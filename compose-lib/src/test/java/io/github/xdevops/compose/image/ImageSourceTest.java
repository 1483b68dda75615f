package io.github.xdevops.compose.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSourceTest {
    @ParameterizedTest
    @ValueSource(strings = {"ef46", "EF46", "sha256:ef46", "0123456789ab"})
    @Tag("L3")
    void aPartOfAnIdNamesNoImage(String name) {
        assertThatExceptionOfType(ComposeException.class)
                .isThrownBy(() -> ImageSource.docker(name))
                .withMessageContaining("`" + name + "` could be any image")
                .satisfies(refusal -> assertThat(refusal.word()).isEqualTo(Outcome.DATA));
    }
}
