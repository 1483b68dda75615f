package io.github.xdevops.compose.maven.report;

import io.github.xdevops.compose.server.ServiceStatus;
import io.github.xdevops.compose.server.StackDetails;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.text.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One stack and its services as text. */
public final class StatusReport implements DetailsReport {
    private static final List<String> HEAD = List.of("SERVICE", "STATE", "HEALTH", "RESTARTS", "SINCE", "IMAGE");

    private static final int LAST_DEPLOYS = 3;

    private final StackStatus stack;
    private final List<ServiceStatus> services;
    private final StackDetails details;

    public StatusReport(StackDetails details) {
        stack = details.status();
        services = details.services();
        this.details = details;
    }

    @Override
    public String table() {
        var text = new StringBuilder();
        line(text, "project", stack.project());
        line(text, "state", stack.state() + (stack.deploy() == null ? "" : ", last deploy " + stack.deploy()));
        stack.urls().forEach(url -> line(text, "url", url));
        line(text, "expires", end());
        line(text, "repository", stack.repository());
        line(text, "environment", stack.environment());
        line(text, "branch", stack.revision().branch());
        line(text, "commit", stack.revision().commit());
        line(text, "author", stack.revision().author());
        line(text, "message", stack.revision().message());
        line(text, "pipeline", stack.revision().pipeline());
        line(text, "problem", stack.problem());
        line(text, "backup", stack.backup() == null ? null : StackTable.backup(stack.backup(), stack.now()));
        line(text, "seed", stack.seed());
        details.history().stream()
                .limit(LAST_DEPLOYS)
                .map(HistoryReport::line)
                .forEach(deploy -> line(text, "deploy", deploy));
        text.append('\n');
        if (services.isEmpty()) {
            return text.append("no containers\n").toString();
        }
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD);
        services.forEach(service -> rows.add(row(service)));
        Columns.lines(rows).forEach(row -> text.append(row).append('\n'));
        return text.toString();
    }

    @Override
    public String json() {
        var members = StackTable.members(stack);
        members.put("services", services.stream().map(this::members).toList());
        members.put("history", HistoryReport.entries(details));
        members.put("versions", HistoryReport.versions(details));
        return Json.write(members);
    }

    private String end() {
        if (stack.expires() == null) {
            return stack.pinned() ? "never, it is pinned" : "never";
        }
        var left = Duration.between(stack.now(), stack.expires());
        return stack.expires()
                + (left.isNegative() ? " (overdue " + Durations.brief(left.negated()) : " (in " + Durations.brief(left))
                + ")";
    }

    private List<String> row(ServiceStatus service) {
        return List.of(
                service.service(),
                service.state() + (service.exit() == null ? "" : " (" + service.exit() + ")"),
                service.health() == null ? "-" : service.health(),
                String.valueOf(service.restarts()),
                service.since() == null ? "-" : Durations.brief(Duration.between(service.since(), stack.now())),
                service.image());
    }

    private Map<String, @Nullable Object> members(ServiceStatus service) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("service", service.service());
        members.put("container", service.container());
        members.put("state", service.state());
        members.put("health", service.health());
        members.put("exit", service.exit());
        members.put("restarts", service.restarts());
        members.put("image", service.image());
        members.put("since", StackTable.time(service.since()));
        return members;
    }

    private static void line(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append(name)
                    .append(" ".repeat(13 - name.length()))
                    .append(value)
                    .append('\n');
        }
    }
}
