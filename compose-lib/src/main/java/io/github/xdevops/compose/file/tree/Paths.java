package io.github.xdevops.compose.file.tree;

import java.util.ArrayDeque;
import java.util.Deque;

/** File names as text; nothing here looks at a disk. */
public final class Paths {

    private Paths() {}

    /** The shortest equal name: no double slashes, no dots, no step up that has a step down before it. */
    public static String clean(String path) {
        boolean rooted = path.startsWith("/");
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            boolean up = part.equals("..");
            if (up && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!up || !rooted) {
                parts.addLast(part);
            }
        }
        String joined = String.join("/", parts);
        return rooted ? "/" + joined : joined.isEmpty() ? "." : joined;
    }

    public static boolean hasDrive(String path) {
        return path.length() > 1 && Character.isLetter(path.charAt(0)) && path.charAt(1) == ':';
    }

    public static boolean isWindowsAbsolute(String path) {
        return (hasDrive(path) && path.length() > 2 && "\\/".indexOf(path.charAt(2)) >= 0) || path.startsWith("\\\\");
    }

    /** A name below a directory, unless it is absolute; {@code ~} is the home. */
    public static String absolute(String directory, String path) {
        String expanded = path.startsWith("~") ? home() + "/" + path.substring(1) : path;
        if (expanded.startsWith("/")) {
            return path.startsWith("~") ? clean(expanded) : expanded;
        }
        return clean(directory + "/" + expanded);
    }

    private static String home() {
        return String.valueOf(System.getProperty("user.home"));
    }
}
