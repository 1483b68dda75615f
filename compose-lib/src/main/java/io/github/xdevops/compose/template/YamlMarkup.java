package io.github.xdevops.compose.template;

import freemarker.core.CommonTemplateMarkupOutputModel;
import org.jspecify.annotations.Nullable;

/** A piece of finished YAML in FreeMarker. */
final class YamlMarkup extends CommonTemplateMarkupOutputModel<YamlMarkup> {
    YamlMarkup(@Nullable String text, @Nullable String markup) {
        super(text, markup);
    }

    @Override
    public YamlScalars getOutputFormat() {
        return YamlScalars.FORMAT;
    }
}
