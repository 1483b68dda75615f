package io.github.xdevops.compose.template;

import freemarker.core._CoreAPI;
import freemarker.template.Configuration;
import freemarker.template.Template;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A FreeMarker configuration whose templates, including nested ones, end when their thread is interrupted. FreeMarker has no
 * public setting for that. Without it, an abandoned template would run as long as this process; templates made by
 * {@code ?interpret} still do.
 */
final class Interruptible extends Configuration {
    private final Set<Template> checked = Collections.newSetFromMap(new WeakHashMap<>());

    Interruptible() {
        super(VERSION_2_3_34);
    }

    /** Adds the checks to each template before it is used. */
    @Override
    public synchronized @Nullable Template getTemplate(
            String name,
            @Nullable Locale locale,
            @Nullable Object condition,
            @Nullable String encoding,
            boolean parse,
            boolean ignoreMissing)
            throws IOException {
        var found = super.getTemplate(name, locale, condition, encoding, parse, ignoreMissing);
        return found == null ? null : checked(found);
    }

    synchronized Template checked(Template template) {
        if (checked.add(template)) {
            _CoreAPI.addThreadInterruptedChecks(template);
        }
        return template;
    }
}
