package io.github.xdevops.compose.template;

import freemarker.cache.ClassTemplateLoader;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Templates by name. A file {@code NAME.ftl} in a directory of the project replaces the built-in template of that name.
 *
 * <p>Templates use square brackets ({@code [=value]}, {@code [#list]}), so that Compose's own <code>${…}</code> stays untouched.
 * Each {@code [=value]} is written as one double-quoted YAML scalar.
 */
public final class Templates {
    private static final String BUILT_IN = "/io/github/xdevops/compose/templates";

    /** Caches the parsed built-in templates. */
    private static final Interruptible BUILT_IN_ONLY = configuration(List.of(), file -> Optional.empty());

    /** The first template loads the engine, which takes seconds on a very busy machine. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Interruptible configuration;
    private final Duration longest;

    /**
     * @param directories searched in this order, before the built-in templates; missing ones are skipped
     */
    public Templates(List<Path> directories) {
        this(directories, file -> Optional.empty());
    }

    /**
     * Templates from directories that strangers may have written.
     *
     * @param objection the reason not to read a file or directory, as text that follows its name
     * @throws TemplateFailure if a directory is refused
     */
    public Templates(List<Path> directories, Function<Path, Optional<String>> objection) {
        this(directories, objection, LONGEST);
    }

    Templates(List<Path> directories, Function<Path, Optional<String>> objection, Duration longest) {
        var existing = directories.stream().filter(Files::isDirectory).toList();
        this.configuration = existing.isEmpty() ? BUILT_IN_ONLY : configuration(existing, objection);
        this.longest = longest;
    }

    private static Interruptible configuration(List<Path> directories, Function<Path, Optional<String>> objection) {
        var configuration = new Interruptible();
        var loaders = new ArrayList<TemplateLoader>();
        for (var directory : directories) {
            loaders.add(loader(directory, objection));
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

    /** Whether a template of this name exists. */
    public boolean has(String name) {
        try {
            return configuration.getTemplateLoader().findTemplateSource(name + ".ftl") != null;
        } catch (IOException e) {
            throw new TemplateFailure(name + ".ftl: " + e.getMessage(), e);
        }
    }

    /**
     * Renders a template.
     *
     * @param name without {@code .ftl}
     * @param model strings, numbers, booleans, lists and maps only
     * @throws TemplateFailure if there is no such template, or it fails
     */
    public String render(String name, Map<String, ?> model) {
        return process(name, () -> configuration.getTemplate(name + ".ftl"), model);
    }

    /**
     * Renders a template that is given as text.
     *
     * @param file its name, for messages
     * @param model as above
     * @throws TemplateFailure if it fails
     */
    public String renderText(String file, String template, Map<String, ?> model) {
        return process(
                file.replaceFirst("\\.ftl$", ""),
                () -> configuration.checked(new Template(file, new StringReader(template), configuration)),
                model);
    }

    /** Runs the template on a separate thread, because a loop without output never returns. */
    private String process(String name, Source source, Map<String, ?> model) {
        var work = new FutureTask<>(() -> written(name, source, model));
        var thread = new Thread(work, name + ".ftl");
        thread.setDaemon(true);
        thread.start();
        try {
            return work.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TemplateFailure said
                    ? said
                    : new TemplateFailure(name + ".ftl: it failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new TemplateFailure(
                    name + ".ftl: it has not ended after " + longest.toSeconds() + " seconds; does a loop never end?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TemplateFailure(name + ".ftl: interrupted", e);
        } finally {
            thread.interrupt();
        }
    }

    private static String written(String name, Source source, Map<String, ?> model) {
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
        } catch (StackOverflowError e) {
            throw new TemplateFailure(name + ".ftl: a macro, function or include calls itself and never ends", e);
        }
    }

    /** A source of templates. */
    private interface Source {
        Template template() throws IOException;
    }

    private static TemplateLoader loader(Path directory, Function<Path, Optional<String>> objection) {
        try {
            return new ProjectLoader(directory, objection);
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

    /** Appends the reason that follows a colon at its end. */
    private static String firstLine(String message) {
        var lines = message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        var first = lines.isEmpty() ? "it failed" : lines.get(0);
        return first.endsWith(":") && lines.size() > 1 ? first + " " + lines.get(1) : first;
    }
}
