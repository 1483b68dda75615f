package io.github.xdevops.compose.maven.report;

/** What a goal prints of one environment. */
public interface DetailsReport {
    /** For people; ends with a line break. */
    String table();

    /** For programs. */
    String json();
}
