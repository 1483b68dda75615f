package io.github.xdevops.compose.file.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a compose file and its place. Immutable.
 *
 * @param value null, a String, Long, BigInteger, Double, Boolean, {@code List<Node>} or {@code Map<String, Node>}
 * @param mark the place of the value
 * @param key the place of its key, if it is a value of a mapping
 * @param how how it is merged over another value
 */
public record Node(
        @Nullable Object value, Mark mark, @Nullable Mark key, How how) {

    /** The effect of a value on the earlier one in a merge. */
    public enum How {
        MERGE,
        RESET,
        OVERRIDE
    }

    public static Node of(@Nullable Object value, Mark mark) {
        return new Node(value, mark, null, How.MERGE);
    }

    /** Returns another value at the same place. */
    public Node with(@Nullable Object other) {
        return new Node(other, mark, key, how);
    }

    public Node withKey(@Nullable Mark place) {
        return new Node(value, mark, place, how);
    }

    public Node withHow(How other) {
        return new Node(value, mark, key, other);
    }

    /** The place of the key, for errors about the key itself. */
    public Mark keyMark() {
        return key == null ? mark : key;
    }

    public boolean isNull() {
        return value == null;
    }

    public boolean isText() {
        return value instanceof String;
    }

    public boolean isMap() {
        return value instanceof Map;
    }

    public boolean isList() {
        return value instanceof List;
    }

    /** The entries of a mapping in the order of the file; requires {@link #isMap()}. */
    @SuppressWarnings("unchecked")
    public Map<String, Node> map() {
        if (value instanceof Map<?, ?> entries) {
            return (Map<String, Node>) entries;
        }
        throw new IllegalStateException("not a mapping");
    }

    /** The items of a list; requires {@link #isList()}. */
    @SuppressWarnings("unchecked")
    public List<Node> list() {
        if (value instanceof List<?> items) {
            return (List<Node>) items;
        }
        throw new IllegalStateException("not a list");
    }

    /** The text of a scalar as Compose writes it into an environment: numbers and booleans as plain words. */
    public String text() {
        return Scalars.text(value);
    }

    @Nullable
    public Node get(String name) {
        return isMap() ? map().get(name) : null;
    }

    /** The string under a key, or null when there is none. */
    @Nullable
    public String string(String name) {
        Node child = get(name);
        return child == null || !(child.value instanceof String text) ? null : text;
    }

    public boolean isTrue(String name) {
        Node child = get(name);
        return child != null && Boolean.TRUE.equals(child.value);
    }

    /** The items of a list under a key; empty when there is no such list. */
    public List<Node> items(String name) {
        Node child = get(name);
        return child == null || !child.isList() ? List.of() : child.list();
    }

    /** The entries of a mapping under a key; empty when there is no such mapping. */
    public Map<String, Node> entries(String name) {
        Node child = get(name);
        return child == null || !child.isMap() ? Map.of() : child.map();
    }

    /** Returns this mapping with an entry set; null removes it. */
    public Node put(String name, @Nullable Node child) {
        Map<String, Node> copy = new LinkedHashMap<>(map());
        if (child == null) {
            copy.remove(name);
        } else {
            copy.put(name, child);
        }
        return with(copy);
    }

    /** Returns a scalar at the place of this node. */
    public Node scalar(@Nullable Object other) {
        return of(other, mark);
    }

    /** The number of values in this node, itself included. */
    public long size() {
        if (isMap()) {
            return 1 + map().values().stream().mapToLong(Node::size).sum();
        }
        return isList() ? 1 + list().stream().mapToLong(Node::size).sum() : 1;
    }

    /** Whether both values are equal, regardless of their places. */
    public boolean same(Node other) {
        if (isMap() && other.isMap()) {
            return map().keySet().equals(other.map().keySet())
                    && map().entrySet().stream().allMatch(e -> sameIn(other.map(), e));
        }
        if (isList() && other.isList()) {
            return sameItems(list(), other.list());
        }
        return value == null ? other.value == null : value.equals(other.value);
    }

    private static boolean sameIn(Map<String, Node> others, Map.Entry<String, Node> entry) {
        Node other = others.get(entry.getKey());
        return other != null && entry.getValue().same(other);
    }

    private static boolean sameItems(Collection<Node> some, Collection<Node> others) {
        Iterator<Node> other = others.iterator();
        return some.size() == others.size() && some.stream().allMatch(n -> n.same(other.next()));
    }

    /** The plain value for callers: unmodifiable, without places. */
    @Nullable
    public Object plain() {
        if (isMap()) {
            Map<String, @Nullable Object> out = new LinkedHashMap<>();
            map().forEach((name, child) -> out.put(name, child.plain()));
            return java.util.Collections.unmodifiableMap(out);
        }
        if (isList()) {
            List<@Nullable Object> out = new ArrayList<>();
            list().forEach(child -> out.add(child.plain()));
            return java.util.Collections.unmodifiableList(out);
        }
        return value;
    }
}
