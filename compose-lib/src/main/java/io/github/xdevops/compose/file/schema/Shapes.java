package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.schema.KeyValues.Bare;

/** Shapes that many keys use. */
final class Shapes {

    private Shapes() {}

    static Shape options() {
        return new Options(true);
    }

    static Items words() {
        return Items.of(Scalar.text().kept());
    }

    /** Words whose part before an equals sign is unique. */
    static Items keyed() {
        return words().keyed(Items::beforeEquals);
    }

    static KeyValues labels() {
        return new KeyValues(Bare.EMPTY);
    }

    static Named ulimits() {
        return Named.of(Named.ANY, new Ulimit());
    }
}
