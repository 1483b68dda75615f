package io.github.xdevops.compose.template;

import freemarker.cache.ClassTemplateLoader;
import freemarker.cache.FileTemplateLoader;
import freemarker.cache.MultiTemplateLoader;
import freemarker.cache.TemplateLoader;
import freemarker.core.ParseException;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateNotFoundException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Templates by name. A file {@code NAME.ftl} in one of the project's directories replaces the built-in one of that name.
 *
 * <p>Templates are written with square brackets ({@code [=value]}, {@code [#list]}), so Compose's own <code>${…}</code>
 * passes untouched. Each {@code [=value]} comes out as one double-quoted YAML scalar.
 */
public final class Templates {
    private static final String BUILT_IN = "/io/github/xdevops/compose/templates";

    /** Keeps the built-in templates parsed. */
    private static final Configuration BUILT_IN_ONLY = configuration(List.of());

    private final Configuration configuration;

    /** @param directories searched in this order, before the built-in templates; those that do not exist are skipped */
    public Templates(List<Path> directories) {
        var existing = directories.stream().filter(Files::isDirectory).toList();
        configuration = existing.isEmpty() ? BUILT_IN_ONLY : configuration(existing);
    }

    private static Configuration configuration(List<Path> directories) {
        var configuration = new Configuration(Configuration.VERSION_2_3_34);
        var loaders = new ArrayList<TemplateLoader>();
        for (var directory : directories) {
            loaders.add(loader(directory));
        }
        loaders.add(new ClassTemplateLoader(Templates.class, BUILT_IN));
        configuration.setTemplateLoader(new MultiTemplateLoader(loaders.toArray(TemplateLoader[]::new)));
        configuration.setTagSyntax(Configuration.SQUARE_BRACKET_TAG_SYNTAX);
        configuration.setInterpolationSyntax(Configuration.SQUARE_BRACKET_INTERPOLATION_SYNTAX);
        configuration.setOutputFormat(YamlScalars.FORMAT);
        configuration.setObjectWrapper(new SimpleObjectWrapper(Configuration.VERSION_2_3_34));
        configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
        configuration.setAPIBuiltinEnabled(false);
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        configuration.setLogTemplateExceptions(false);
        configuration.setWrapUncheckedExceptions(true);
        configuration.setDefaultEncoding("UTF-8");
        configuration.setLocale(Locale.ROOT);
        configuration.setNumberFormat("computer");
        configuration.setLocalizedLookup(false);
        return configuration;
    }

    /**
     * The text of a template.
     *
     * @param name without {@code .ftl}
     * @param model strings, numbers, booleans, lists and maps only
     * @throws TemplateFailure if there is no such template, or it fails
     */
    public String render(String name, Map<String, ?> model) {
        return process(name, () -> configuration.getTemplate(name + ".ftl"), model);
    }

    /**
     * The text that a template makes which is given as text.
     *
     * @param file its name, for messages
     * @param model as above
     * @throws TemplateFailure if it fails
     */
    public String renderText(String file, String template, Map<String, ?> model) {
        return process(
                file.replaceFirst("\\.ftl$", ""),
                () -> new Template(file, new StringReader(template), configuration),
                model);
    }

    private static String process(String name, Source source, Map<String, ?> model) {
        var out = new BoundedWriter();
        try {
            source.template().process(model, out);
            return out.toString();
        } catch (ParseException e) {
            throw new TemplateFailure(position(name, e.getLineNumber()) + firstLine(e.getEditorMessage()), e);
        } catch (TemplateException e) {
            throw new TemplateFailure(position(name, line(e)) + firstLine(e.getMessageWithoutStackTop()), e);
        } catch (TemplateNotFoundException e) {
            throw new TemplateFailure("There is no template `" + name + "`", e);
        } catch (IOException e) {
            throw new TemplateFailure(name + ".ftl: " + e.getMessage(), e);
        }
    }

    /** Where a template comes from. */
    private interface Source {
        Template template() throws IOException;
    }

    private static TemplateLoader loader(Path directory) {
        try {
            return new FileTemplateLoader(directory.toFile());
        } catch (IOException e) {
            throw new TemplateFailure("The templates in " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static int line(TemplateException e) {
        var line = e.getLineNumber();
        return line == null ? 0 : line;
    }

    private static String position(String name, int line) {
        return name + ".ftl:" + line + ": ";
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("it failed").strip();
    }
}
