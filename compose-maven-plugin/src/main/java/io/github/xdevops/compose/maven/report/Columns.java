package io.github.xdevops.compose.maven.report;

import java.util.List;

/** Formats rows of cells as lines with aligned columns. */
final class Columns {
    private Columns() {}

    /** @param rows all of the same length */
    static List<String> lines(List<List<String>> rows) {
        return rows.stream().map(row -> line(rows, row)).toList();
    }

    private static String line(List<List<String>> rows, List<String> row) {
        var line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            var cell = row.get(column);
            line.append(cell).append(" ".repeat(width(rows, column) - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
