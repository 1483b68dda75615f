package io.github.xdevops.compose.doctor;

import java.util.Arrays;
import java.util.regex.Pattern;

/** The numbers of a version: {@code v3.6.12}, {@code 20.10.24+dfsg1} or {@code 2.26.1-4}. What follows them does not count. */
record Version(int major, int minor, int patch) implements Comparable<Version> {
    private static final Pattern NUMBERS = Pattern.compile("v?([0-9]{1,6})(?:\\.([0-9]{1,6}))?(?:\\.([0-9]{1,6}))?.*");

    static boolean isReadable(String text) {
        return NUMBERS.matcher(text).matches();
    }

    /** @throws IllegalArgumentException if it does not begin with a number */
    static Version of(String text) {
        var matcher = NUMBERS.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a version: " + text);
        }
        var numbers = new int[3];
        Arrays.setAll(numbers, i -> matcher.group(i + 1) == null ? 0 : Integer.parseInt(matcher.group(i + 1)));
        return new Version(numbers[0], numbers[1], numbers[2]);
    }

    boolean isBefore(String other) {
        return compareTo(of(other)) < 0;
    }

    @Override
    public int compareTo(Version other) {
        return Arrays.compare(new int[] {major, minor, patch}, new int[] {other.major, other.minor, other.patch});
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
