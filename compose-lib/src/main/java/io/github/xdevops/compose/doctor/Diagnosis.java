package io.github.xdevops.compose.doctor;

import io.github.xdevops.compose.doctor.Finding.State;
import java.util.List;

/**
 * The findings of all checks, in the order in which they depend on each other.
 *
 * @param findings at least one
 */
public record Diagnosis(List<Finding> findings) {
    /** A diagnosis whose list is fixed. */
    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /** The names of the checks that say why deploys do not work; empty if they do. */
    public List<String> problems() {
        return findings.stream()
                .filter(finding -> finding.state() == State.PROBLEM)
                .map(Finding::check)
                .toList();
    }
}
