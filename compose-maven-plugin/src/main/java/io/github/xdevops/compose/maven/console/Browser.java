package io.github.xdevops.compose.maven.console;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import java.awt.Desktop;
import java.awt.GraphicsEnvironment;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Opens a page in the browser of this machine. */
public final class Browser {
    /** The characters of a URL that are safe for every shell and browser. */
    private static final Pattern URL =
            Pattern.compile("https?://[A-Za-z0-9._-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/?&=%+,:;@-]*)?");

    private final String system;
    private final Map<String, String> variables;
    private final boolean headless;

    Browser(String system, Map<String, String> variables, boolean headless) {
        this.system = system.toLowerCase(Locale.ROOT);
        this.variables = variables;
        this.headless = headless;
    }

    public static Browser ofThisDesktop() {
        return new Browser(System.getProperty("os.name", ""), System.getenv(), GraphicsEnvironment.isHeadless());
    }

    /**
     * Checks a URL from the server.
     *
     * @throws ComposeException {@code DATA} if it is no URL of the web
     */
    public static URI checked(String text) {
        if (!URL.matcher(text).matches()) {
            throw new ComposeException(
                    Outcome.DATA, "The URL of the server is not opened, because it is not a web page's: " + text);
        }
        return URI.create(text);
    }

    /** Opens the page; returns whether there was a browser to call. */
    public boolean show(URI url) {
        return showByJava(url) || command().map(words -> call(words, url)).orElse(false);
    }

    private boolean showByJava(URI url) {
        if (headless) {
            return false;
        }
        try {
            if (!Desktop.isDesktopSupported() || !Desktop.getDesktop().isSupported(Desktop.Action.BROWSE)) {
                return false;
            }
            Desktop.getDesktop().browse(url);
            return true;
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return false;
        }
    }

    private Optional<List<String>> command() {
        if (system.contains("windows")) {
            return found("rundll32.exe").map(file -> List.of(file, "url.dll,FileProtocolHandler"));
        }
        if (system.contains("mac")) {
            return found("open").map(List::of);
        }
        // Without a desktop it would start a browser of the terminal.
        var desktop = variables.containsKey("DISPLAY") || variables.containsKey("WAYLAND_DISPLAY");
        return desktop ? found("xdg-open").map(List::of) : Optional.empty();
    }

    private Optional<String> found(String program) {
        return Stream.of(variables.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> new File(directory, program))
                .filter(file -> file.isAbsolute() && file.canExecute())
                .map(File::getPath)
                .findFirst();
    }

    private static boolean call(List<String> words, URI url) {
        try {
            new ProcessBuilder(Stream.concat(words.stream(), Stream.of(url.toString()))
                            .toList())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream()
                    .close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
