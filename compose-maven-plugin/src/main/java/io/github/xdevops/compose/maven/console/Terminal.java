package io.github.xdevops.compose.maven.console;

import io.github.xdevops.compose.ci.Pipelines;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The abilities of the terminal.
 *
 * @param live whether a line may be overwritten
 * @param coloured whether it may have colours
 */
public record Terminal(boolean live, boolean coloured) {
    /**
     * Detects the abilities of the terminal.
     *
     * @param console whether this process has a terminal
     * @param interactive whether Maven was called without {@code -B}
     * @param color the value of {@code -Dstyle.color}
     */
    public static Terminal of(
            boolean console, boolean interactive, @Nullable String color, Map<String, String> variables) {
        var inPipeline =
                said(variables.get("CI")) || Pipelines.detect(variables).isPresent();
        var live = console && interactive && !inPipeline && !"dumb".equals(variables.get("TERM"));
        return new Terminal(live, live && !said(variables.get("NO_COLOR")) && !"never".equals(color));
    }

    private static boolean said(@Nullable String value) {
        return value != null && !value.isEmpty();
    }

    @SuppressWarnings("SystemConsoleNull")
    public // both answers are understood
    static boolean hasConsole() {
        var console = System.console();
        if (console == null) {
            return false;
        }
        try { // Java 22 and later have a console without a terminal as well
            return Boolean.TRUE.equals(
                    java.io.Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
