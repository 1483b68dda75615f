package io.github.xdevops.compose.maven.report;

import io.github.xdevops.compose.doctor.Diagnosis;
import io.github.xdevops.compose.doctor.Finding;
import io.github.xdevops.compose.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server's examination as text. */
public final class DiagnosisReport {
    private static final List<String> HEAD = List.of("CHECK", "STATE", "FOUND");

    private DiagnosisReport() {}

    /** A row for each finding; the cure stands below it. */
    public static String table(Diagnosis diagnosis) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD);
        diagnosis.findings().forEach(finding -> rows.add(List.of(finding.check(), word(finding), finding.found())));
        var lines = Columns.lines(rows);
        var text = new StringBuilder(lines.get(0)).append('\n');
        for (int i = 1; i < lines.size(); i++) {
            text.append(lines.get(i)).append('\n');
            var cure = diagnosis.findings().get(i - 1).cure();
            if (!cure.isEmpty()) {
                text.append("  cure: ").append(cure).append('\n');
            }
        }
        return text.toString();
    }

    /** A list of objects with {@code check}, {@code state}, {@code found} and {@code cure}, which is {@code null} where nothing is wrong. */
    public static String json(Diagnosis diagnosis) {
        return Json.write(
                diagnosis.findings().stream().map(DiagnosisReport::members).toList());
    }

    private static Map<String, @Nullable Object> members(Finding finding) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("check", finding.check());
        members.put("state", word(finding));
        members.put("found", finding.found());
        members.put("cure", finding.cure().isEmpty() ? null : finding.cure());
        return members;
    }

    private static String word(Finding finding) {
        return finding.state().name().toLowerCase(Locale.ROOT);
    }
}
