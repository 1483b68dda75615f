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
 * A configuration whose templates end when their thread is interrupted, those that they include as well. FreeMarker has that, but in
 * no public way; without it, a template that was given up would go on for as long as this process lives,
 * as what one makes with {@code ?interpret} still does.
 */
final class Interruptible extends Configuration {
    private final Set<Template> checked = Collections.newSetFromMap(new WeakHashMap<>());

    Interruptible() {
        super(VERSION_2_3_34);
    }

    /** Nobody gets a template before its checks are in. */
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
