package io.github.xdevops.compose.server.crash;

import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.server.crash.CrashFault.Kind;
import io.github.xdevops.compose.server.crash.CrashLab.Crash;
import io.github.xdevops.compose.server.crash.CrashLab.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every operation, killed at every point, with every recovery; counts what it did and collects what it found. In the short ring
 * only a sample of the hosts that crashes leave is looked at.
 */
final class CrashEnumeration implements AutoCloseable {
    private static final List<CrashOperation> UNTIL_IT_IS_SWEPT =
            List.of(CrashOperation.SWEEP_AFTER_ALL_ENDS, CrashOperation.SWEEP_AFTER_ALL_ENDS);

    /**
     * An operation on a host, and what may come after it was killed.
     *
     * @param ended whether the lease of the project has ended
     */
    record Scenario(
            String name,
            CrashHost host,
            boolean ended,
            CrashOperation operation,
            List<List<CrashOperation>> recoveries) {
        Set<String> doomed() {
            return ended ? Set.of("one") : operation.takenDown();
        }

        /** What is killed has run, or it has not. */
        List<List<CrashOperation>> histories() {
            return List.of(List.of(operation), List.of());
        }

        List<List<CrashOperation>> histories(CrashOperation next) {
            return List.of(List.of(operation, next), List.of(operation), List.of(next), List.of());
        }
    }

    private final CrashLab lab;
    private final ExecutorService pool = Executors.newFixedThreadPool(8);
    private final List<Scenario> scenarios;
    private final List<Scenario> chosen;
    private final Map<CrashFault, Integer> faults = new ConcurrentHashMap<>();
    private final Set<String> commands = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> points = new LinkedHashMap<>();
    private final AtomicInteger pairs = new AtomicInteger();
    private final Set<String> secondRuns = ConcurrentHashMap.newKeySet();
    private final Set<String> recovered = ConcurrentHashMap.newKeySet();
    private final Map<String, List<Crash>> killed = new LinkedHashMap<>();
    private final int hostsOfAScenario;

    /**
     * @param number how many scenarios are looked at in the short ring
     * @param hostsOfAScenario how many different hosts of each
     */
    CrashEnumeration(String shell, String script, int number, int hostsOfAScenario) throws IOException {
        this.hostsOfAScenario = hostsOfAScenario;
        lab = new CrashLab(shell, script);
        scenarios = scenarios();
        chosen = Ring.sample(scenarios, number);
    }

    /** Two hosts: with a bystander and a stack that ends later, and with the stack that the operations are about. */
    private List<Scenario> scenarios() throws IOException {
        var others = lab.run(lab.empty(), CrashOperation.deploy("deploy two", "two", CrashOperation.FIRST));
        others = lab.run(others, CrashOperation.deploy("deploy zed", "zed", CrashOperation.FIRST));
        var live = lab.edit(
                lab.run(others, CrashOperation.DEPLOY),
                home -> Files.writeString(
                        home.resolve("stub/volumes/one_data"), "what users wrote\n", StandardOpenOption.APPEND));
        var ended = lab.edit(live, home -> CrashOperation.endLease(home.resolve(".yourlabs.compose/one")));
        var inUse = lab.edit(ended, home -> Files.createFile(home.resolve("stub/stuck.one")));
        var mounted = lab.run(others, CrashOperation.DEPLOY_MOUNTED);
        var withFile = CrashOperation.DEPLOY_MOUNTED;
        var withOtherFile = CrashOperation.DEPLOY_MOUNTED_CHANGED;
        var deploy = List.of(CrashOperation.DEPLOY);
        var down = List.of(CrashOperation.DOWN);
        var changed = CrashOperation.DEPLOY_CHANGED;
        var failing = CrashOperation.DEPLOY_FAILING;
        var swept = UNTIL_IT_IS_SWEPT;
        return List.of(
                new Scenario("first deploy", others, false, CrashOperation.DEPLOY, List.of(deploy, swept, down)),
                new Scenario("redeploy", live, false, changed, List.of(List.of(changed), swept, down)),
                new Scenario("redeploy of the same", live, false, CrashOperation.DEPLOY, List.of(deploy, swept, down)),
                new Scenario(
                        "failing redeploy",
                        live,
                        false,
                        failing,
                        List.of(List.of(failing), List.of(changed), swept, down)),
                new Scenario(
                        "failing first deploy", others, false, failing, List.of(List.of(failing), deploy, swept, down)),
                new Scenario(
                        "first deploy with a mounted file",
                        others,
                        false,
                        withFile,
                        List.of(List.of(withFile), swept, down)),
                new Scenario(
                        "redeploy with another mounted file",
                        mounted,
                        false,
                        withOtherFile,
                        List.of(List.of(withOtherFile), swept, down)),
                new Scenario("down", live, false, CrashOperation.DOWN, List.of(down, swept, deploy)),
                new Scenario("sweep", ended, true, CrashOperation.SWEEP, List.of(swept, deploy, down)),
                new Scenario(
                        "sweep of what is in use",
                        inUse,
                        true,
                        CrashOperation.SWEEP,
                        List.of(List.of(CrashOperation.SWEEP_WHEN_FREE, CrashOperation.SWEEP_WHEN_FREE))),
                new Scenario(
                        "extend",
                        live,
                        false,
                        CrashOperation.EXTEND,
                        List.of(List.of(CrashOperation.EXTEND), swept, down)));
    }

    /** One crash each: by SIGKILL before every command, and after those that leave another host than all before. */
    void killEverywhere() {
        for (var scenario : chosen) {
            var copies = copies(scenario);
            check(scenario, sampled(copies));
            check(scenario, kills(scenario));
        }
    }

    /** One crash each, at every point: by a copy, and by SIGKILL at one of those points that leave the same host. */
    void killOnceForEachHost() {
        for (var scenario : chosen) {
            var copies = sampled(copies(scenario));
            var different = copies.stream()
                    .collect(Collectors.toMap(crash -> crash.host().key(), Crash::point, (first, next) -> first));
            check(scenario, copies);
            check(scenario, kills(scenario, different.values()));
        }
    }

    private List<Crash> copies(Scenario scenario) {
        var copies = lab.copies(scenario.host(), scenario.operation());
        copies.forEach(crash -> commands.add(kind(crash.point().command())));
        points.merge(scenario.name(), copies.size(), Math::max);
        return copies;
    }

    /** Those that leave one of a sample of hosts. */
    private List<Crash> sampled(List<Crash> crashes) {
        var hosts = Set.copyOf(Ring.sample(
                crashes.stream().map(crash -> crash.host().key()).distinct().toList(), hostsOfAScenario));
        return crashes.stream()
                .filter(crash -> hosts.contains(crash.host().key()))
                .toList();
    }

    private void check(Scenario scenario, List<Crash> crashes) {
        // First, so that what is wrong without any crash is not laid to one that leaves the same host.
        var undisturbed = lab.run(scenario.host(), scenario.operation());
        inParallel(List.of(
                task(() -> check(scenario, "undisturbed", undisturbed, scenario.doomed(), scenario.histories()))));
        inParallel(crashes.stream()
                .map(crash -> task(() ->
                        check(scenario, crash.point().id(), crash.host(), scenario.doomed(), scenario.histories())))
                .toList());
    }

    private List<Crash> kills(Scenario scenario) {
        var known = killed.get(scenario.name());
        return known != null ? known : kills(scenario, pointsToKillAt(scenario));
    }

    private List<Point> pointsToKillAt(Scenario scenario) {
        var copies = sampled(copies(scenario));
        var before = copies.stream()
                .filter(crash -> crash.point().id().endsWith(".before"))
                .map(crash -> crash.host().key())
                .collect(Collectors.toSet());
        var points = copies.stream()
                .filter(crash -> crash.point().id().endsWith(".before")
                        || before.add(crash.host().key()))
                .map(Crash::point)
                .toList();
        return Ring.sample(points, 2 * hostsOfAScenario);
    }

    private List<Crash> kills(Scenario scenario, Collection<Point> at) {
        var crashes = inParallel(at.stream()
                .map(point -> (Callable<Crash>)
                        () -> new Crash(point, lab.kill(scenario.host(), scenario.operation(), point)))
                .toList());
        killed.put(scenario.name(), crashes);
        return crashes;
    }

    /** How many calls were killed. */
    int kills() {
        return killed.values().stream().mapToInt(List::size).sum();
    }

    /** The hosts that a kill has left. */
    Set<String> leftByKills() {
        return chosen.stream()
                .flatMap(scenario -> kills(scenario).stream())
                .map(crash -> crash.host().key())
                .collect(Collectors.toSet());
    }

    /** The hosts that copies show of the same operations. */
    Set<String> shownByCopies() {
        return chosen.stream()
                .flatMap(scenario -> lab.copies(scenario.host(), scenario.operation()).stream())
                .map(crash -> crash.host().key())
                .collect(Collectors.toSet());
    }

    private static String kind(String command) {
        var words = List.of(command.split(" "));
        if (words.get(0).equals("docker") && words.contains("compose")) {
            return words.contains("up") ? "docker up" : words.contains("down") ? "docker down" : "docker";
        }
        return words.get(0);
    }

    /** Two crashes: one at every point, and one at every point of what follows. */
    void killTwice() {
        var names = Set.of("first deploy", "redeploy", "failing redeploy", "sweep");
        var killedTwice = scenarios.stream()
                .filter(scenario -> names.contains(scenario.name()))
                .toList();
        for (var scenario : Ring.sample(killedTwice, 1)) {
            var firsts = sampled(copies(scenario)).stream()
                    .collect(Collectors.groupingBy(
                            crash -> crash.host().key(), LinkedHashMap::new, Collectors.toList()));
            var second = scenario.ended() ? CrashOperation.DEPLOY : CrashOperation.SWEEP_AFTER_ITS_END;
            inParallel(firsts.values().stream()
                    .flatMap(alike -> Stream.of(scenario.operation(), second)
                            .map(next -> task(() -> pairs(scenario, alike, next))))
                    .toList());
        }
    }

    private void pairs(Scenario scenario, List<Crash> alike, CrashOperation next) throws IOException {
        var first = alike.get(0);
        var doomed = doomed(scenario.doomed(), first.host(), next);
        secondRuns.add(first.host().key() + next.name());
        for (var crash : sampled(lab.copies(first.host(), next))) {
            pairs.addAndGet(alike.size());
            var place = first.point().id() + ", " + next.name() + " "
                    + crash.point().id();
            check(scenario, place, crash.host(), doomed, scenario.histories(next));
        }
    }

    private static Set<String> doomed(Set<String> already, CrashHost host, CrashOperation next) throws IOException {
        var doomed = new HashSet<>(already);
        doomed.addAll(next.takenDown());
        for (var project : next.ended()) {
            if (host.hasLease(project)) {
                doomed.add(project);
            }
        }
        return doomed;
    }

    private void check(
            Scenario scenario, String place, CrashHost host, Set<String> doomed, List<List<CrashOperation>> histories)
            throws IOException {
        var where = scenario.name() + " " + place;
        report(where, removals(host, doomed));
        var history = histories.get(0).stream().map(CrashOperation::name).toList();
        if (!recovered.add(scenario.name() + history + doomed + host.key())) {
            return;
        }
        report(where, host.faults());
        report(where, bystander(scenario, host));
        for (var recovery : scenario.recoveries()) {
            var names = recovery.stream().map(CrashOperation::name).collect(Collectors.joining(", "));
            report(where + ", then " + names, recover(scenario, host, doomed, histories, recovery));
        }
    }

    private List<CrashFault> recover(
            Scenario scenario,
            CrashHost killed,
            Set<String> doomedAlready,
            List<List<CrashOperation>> histories,
            List<CrashOperation> recovery)
            throws IOException {
        var faults = new ArrayList<CrashFault>();
        var host = killed;
        var doomed = doomedAlready;
        for (var operation : Stream.concat(recovery.stream(), Stream.of(CrashOperation.SWEEP_HOURS_LATER))
                .toList()) {
            doomed = doomed(doomed, host, operation);
            host = lab.run(host, operation);
            faults.addAll(removals(host, doomed));
            faults.addAll(host.faults());
        }
        faults.addAll(bystander(scenario, host));
        var found = host;
        histories.stream()
                .map(history -> after(scenario.host(), history, recovery))
                .map(wanted -> difference(wanted, found))
                .min(Comparator.comparing(difference -> difference.what().length()))
                .filter(difference -> !difference.what().isEmpty())
                .ifPresent(faults::add);
        return faults;
    }

    /** The host on which nothing was killed. */
    private CrashHost after(CrashHost host, List<CrashOperation> history, List<CrashOperation> recovery) {
        var last = host;
        for (var operation : history) {
            last = lab.run(last, operation);
        }
        for (var operation : recovery) {
            last = lab.run(last, operation);
        }
        return lab.run(last, CrashOperation.SWEEP_HOURS_LATER);
    }

    private static List<CrashFault> removals(CrashHost host, Set<String> doomed) {
        return host.removed().stream()
                .filter(project -> !doomed.contains(project))
                .map(project -> new CrashFault(Kind.LOST, project + " was removed before its lease ended"))
                .toList();
    }

    private static List<CrashFault> bystander(Scenario scenario, CrashHost host) {
        return host.of("two").equals(scenario.host().of("two"))
                ? List.of()
                : List.of(new CrashFault(Kind.BYSTANDER, "two was changed"));
    }

    private static CrashFault difference(CrashHost wanted, CrashHost found) {
        var missing = new ArrayList<>(wanted.essence());
        missing.removeAll(found.essence());
        var surplus = new ArrayList<>(found.essence());
        surplus.removeAll(wanted.essence());
        if (missing.isEmpty() && surplus.isEmpty()) {
            return new CrashFault(Kind.DIFFERENT, "");
        }
        var what = "missing " + missing + ", surplus " + surplus;
        if (surplus.stream().anyMatch(line -> CrashHost.isResource(line, "zed"))) {
            return new CrashFault(Kind.STOPPED_SWEEP, "zed has ended and is still there");
        }
        if (missing.stream().anyMatch(line -> CrashHost.isResource(line, "one"))) {
            return new CrashFault(Kind.LOST, what);
        }
        if (surplus.stream().anyMatch(line -> CrashHost.isResource(line, "one"))) {
            return new CrashFault(Kind.LEAK, what);
        }
        return new CrashFault(Kind.DIFFERENT, what);
    }

    private void report(String place, List<CrashFault> found) {
        found.forEach(fault -> faults.put(fault.at(place), 1));
    }

    Set<CrashFault> faults() {
        return faults.keySet();
    }

    long count(Kind kind) {
        return faults().stream().filter(fault -> fault.kind() == kind).count();
    }

    /** How many points each operation was killed at. */
    Map<String, Integer> pointsOf() {
        return points;
    }

    int points() {
        return points.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The kinds of commands before and after which something was killed. */
    Set<String> commands() {
        return commands;
    }

    int pairs() {
        return pairs.get();
    }

    /** How many second calls were run for the pairs: first crashes that left the same host share them. */
    int distinctPairs() {
        return secondRuns.size();
    }

    @Override
    public String toString() {
        return kills() + " kills of " + points() + " points " + points + ", " + pairs + " pairs in " + secondRuns.size()
                + " second runs, " + lab.launched() + " runs, " + lab.hosts() + " hosts, " + commands;
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Callable<Boolean> task(Work work) {
        return () -> {
            work.run();
            return true;
        };
    }

    private <T> List<T> inParallel(List<Callable<T>> tasks) {
        var results = new ArrayList<T>();
        try {
            for (var future : pool.invokeAll(tasks)) {
                results.add(future.get());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return results;
    }

    @Override
    public void close() throws IOException {
        pool.shutdownNow();
        lab.close();
    }
}
