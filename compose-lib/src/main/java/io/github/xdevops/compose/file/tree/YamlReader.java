package io.github.xdevops.compose.file.tree;

import io.github.xdevops.compose.file.tree.Node.How;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds nodes from YAML text, in limited time and memory.
 *
 * <p>It builds them from the parser's events: an anchor is known only once its value is complete, so none can contain itself. An
 * alias shares its node, so an alias bomb costs nothing until its expanded size exceeds the limit.
 */
public final class YamlReader {

    /** Deeper than any compose file. */
    private static final int MAX_DEPTH = 50;

    /** Each tab costs another pass over the file. */
    private static final int MAX_TABS = 500;

    /** The number of values after every alias is expanded. */
    private static final int MAX_NODES = 50_000;

    private static final String TAB = "a tab where only spaces may indent";

    private final String file;
    private final Tabs tabs;
    private final Iterator<Event> events;
    private final Map<Anchor, Sized> anchors = new HashMap<>();
    private final Set<Anchor> open = new HashSet<>();
    private long budget = MAX_NODES;
    private int depth;

    private record Sized(Node node, long size) {}

    private YamlReader(String text, String file) {
        this.file = file;
        this.tabs = new Tabs(text);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setCodePointLimit(64 * 1024 * 1024)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /** The single document of a text; a null node if it is empty. */
    public static Node read(String text, String file) {
        SourceText.check(text, file);
        return read(text, file, MAX_TABS);
    }

    private static Node read(String text, String file, int tabs) {
        YamlReader reader = new YamlReader(text, file);
        try {
            return reader.document();
        } catch (MarkedYamlEngineException e) {
            String spaced = tabs == 0 ? text : Tabs.spaced(text, e.getProblemMark());
            if (!spaced.equals(text)) {
                return read(spaced, file, tabs - 1);
            }
            String problem = e.getProblem() == null ? "not YAML" : e.getProblem();
            throw ComposeFileException.at(reader.mark(e.getProblemMark()), "not YAML: " + tidy(problem));
        } catch (YamlEngineException e) {
            throw ComposeFileException.at(Mark.of(file), "not YAML: " + tidy(String.valueOf(e.getMessage())));
        }
    }

    private static String tidy(String problem) {
        return problem.contains("'\\t(TAB)'") || problem.contains("\\t(TAB)") ? TAB : problem.strip();
    }

    private Node document() {
        Node root = Node.of(null, new Mark(file, 1, 1));
        boolean seen = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (event.getEventId() == Event.ID.DocumentStart && seen) {
                throw ComposeFileException.at(
                        mark(event.getStartMark()),
                        "a second document; Compose would merge it unseen, so it is refused");
            }
            if (event instanceof DocumentStartEvent start
                    && start.getSpecVersion().filter(v -> v.getMinor() != 1).isPresent()) {
                throw ComposeFileException.at(
                        mark(event.getStartMark()), "Compose refuses this %YAML line; leave it out");
            }
            if (event instanceof NodeEvent) {
                root = node(event, KeyPath.ROOT);
                seen = true;
            }
        }
        return root;
    }

    private Node node(Event event, KeyPath path) {
        Mark mark = mark(event.getStartMark());
        if (event instanceof AliasEvent alias) {
            return alias(alias.getAlias(), mark, path);
        }
        spend(1, mark, path);
        long before = budget;
        Anchor anchor = ((NodeEvent) event).getAnchor().orElse(null);
        if (anchor != null) {
            open.add(anchor);
        }
        Node node;
        if (event instanceof ScalarEvent scalar) {
            node = tagged(scalar(scalar, mark, path), scalar.getTag(), mark, path);
        } else {
            if (++depth > MAX_DEPTH) {
                throw ComposeFileException.at(mark, path, "nested deeper than " + MAX_DEPTH + " levels");
            }
            boolean list = event.getEventId() == Event.ID.SequenceStart;
            boolean flow = ((CollectionStartEvent) event).isFlow();
            node = Node.of(list ? items(path) : entries(path, flow), mark);
            node = tagged(node, ((CollectionStartEvent) event).getTag(), mark, path);
            depth--;
        }
        if (anchor != null) {
            open.remove(anchor);
            anchors.put(anchor, new Sized(node, before - budget + 1));
        }
        return node;
    }

    private Node alias(Anchor name, Mark mark, KeyPath path) {
        if (open.contains(name)) {
            throw ComposeFileException.at(mark, path, "the anchor &" + name.getValue() + " contains itself");
        }
        Sized target = anchors.get(name);
        if (target == null) {
            throw ComposeFileException.at(mark, path, "there is no anchor &" + name.getValue() + " above this line");
        }
        spend(target.size, mark, path);
        return target.node;
    }

    private void spend(long nodes, Mark mark, KeyPath path) {
        budget -= nodes;
        if (budget < 0) {
            throw ComposeFileException.at(
                    mark, path, "more than " + MAX_NODES + " values once every alias is expanded");
        }
    }

    private List<Node> items(KeyPath path) {
        List<Node> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, path.item(items.size())));
        }
        return items;
    }

    private Map<String, Node> entries(KeyPath path, boolean flow) {
        Map<String, Node> own = new LinkedHashMap<>();
        List<Node> merged = new ArrayList<>();
        boolean merges = false;
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            Mark place = mark(event.getStartMark());
            if (!flow && tabs.indent(place)) {
                throw ComposeFileException.at(place, path, TAB);
            }
            boolean merge = event instanceof ScalarEvent s
                    && s.isPlain()
                    && s.getValue().equals("<<");
            String key = key(event, place, path);
            if (merge ? merges : own.containsKey(key)) {
                throw ComposeFileException.at(place, path.key(key), "this key is in the mapping twice");
            }
            Node value = node(events.next(), path.key(key));
            if (merge) {
                merges = true;
                merged.addAll(mergeSources(value, path.key(key)));
            } else {
                own.put(key, value.withKey(place));
            }
        }
        return merges ? mergeInto(own, merged) : own;
    }

    private static List<Node> mergeSources(Node value, KeyPath path) {
        List<Node> sources = value.isList() ? value.list() : List.of(value);
        for (Node source : sources) {
            if (!source.isMap()) {
                throw ComposeFileException.at(value, path, "only a mapping, or a list of mappings, can be merged in");
            }
        }
        return sources;
    }

    /** The mapping's own entries win, then the first of the merged mappings. */
    private static Map<String, Node> mergeInto(Map<String, Node> own, List<Node> merged) {
        for (Node source : merged) {
            source.map().forEach(own::putIfAbsent);
        }
        return own;
    }

    private String key(Event event, Mark mark, KeyPath path) {
        Node key = node(event, path);
        if (!key.isText()) {
            String what =
                    key.isMap() || key.isList() ? "a key must be a plain word" : "a key must be a string; quote it";
            throw ComposeFileException.at(mark, path, what);
        }
        return key.text();
    }

    private Node scalar(ScalarEvent event, Mark mark, KeyPath path) {
        String text = event.getValue();
        if (text.codePoints().anyMatch(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF))) {
            throw ComposeFileException.at(mark, path, "NUL and unpaired surrogates are not allowed");
        }
        boolean plain = event.isPlain()
                && event.getTag().map(t -> t.startsWith("!") && t.length() > 1).orElse(true);
        Object value = plain ? Scalars.resolve(text) : text;
        if (value instanceof Double number && !Double.isFinite(number)) {
            throw ComposeFileException.at(mark, path, text + " is not a finite number; quote it if it is a word");
        }
        return Node.of(value, mark);
    }

    private Node tagged(Node node, Optional<String> tag, Mark mark, KeyPath path) {
        String name = tag.orElse("!");
        return switch (name) {
            case "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq" -> node;
            case "!reset" -> node.withHow(How.RESET);
            case "!override" -> node.withHow(How.OVERRIDE);
            case "tag:yaml.org,2002:int",
                    "tag:yaml.org,2002:float",
                    "tag:yaml.org,2002:bool",
                    "tag:yaml.org,2002:null" -> node.with(Scalars.resolve(node.text()));
            default ->
                throw ComposeFileException.at(
                        mark, path, "unknown tag " + name + "; Compose knows !reset and !override");
        };
    }

    private Mark mark(Optional<org.snakeyaml.engine.v2.exceptions.Mark> mark) {
        return mark(mark.orElse(null));
    }

    private Mark mark(org.snakeyaml.engine.v2.exceptions.@Nullable Mark mark) {
        return mark == null ? Mark.of(file) : new Mark(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
