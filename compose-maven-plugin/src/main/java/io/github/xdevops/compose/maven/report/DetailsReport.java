package io.github.xdevops.compose.maven.report;

/** The output of a goal for one environment. */
public interface DetailsReport {
    /** For people; ends with a line break. */
    String table();

    /** For programs. */
    String json();
}
