package io.github.xdevops.compose.file.tree;

import java.util.ArrayDeque;
import java.util.Deque;

/** Operations on file names as text, without access to a disk. */
public final class Paths {

    private Paths() {}

    /** The shortest equivalent name: without double slashes, dots and needless steps up. */
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

    /** A name below a directory, unless it is absolute; {@code ~} means the home. */
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
