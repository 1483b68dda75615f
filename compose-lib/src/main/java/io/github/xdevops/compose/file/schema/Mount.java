package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Paths;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One mount of a service: {@code source:target:options}, or a mapping; the mapping is the long form. */
final class Mount extends Shape {

    private static final Struct LONG = Struct.of()
            .key("type", Scalar.text())
            .key("source", Scalar.text())
            .key("target", Scalar.text())
            .key("read_only", Scalar.flag())
            .key("consistency", Scalar.text())
            .key(
                    "bind",
                    Struct.of()
                            .key("propagation", Scalar.text())
                            .key("create_host_path", Scalar.flag().kept())
                            .key("recursive", Scalar.text("enabled", "disabled", "writable", "readonly"))
                            .key("selinux", Scalar.text("z", "Z")))
            .key("image", Struct.of().key("subpath", Scalar.text()))
            .key(
                    "volume",
                    Struct.of()
                            .key("labels", Shapes.labels())
                            .key("nocopy", Scalar.flag())
                            .key("subpath", Scalar.text()))
            .key("tmpfs", Struct.of().key("size", Scalar.size()).key("mode", Scalar.plainNumber()))
            .require("type");

    private static final List<String> PROPAGATIONS =
            List.of("rprivate", "private", "rshared", "shared", "rslave", "slave");

    static String identity(Node mount) {
        return String.valueOf(mount.string("target"));
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (node.isText()) {
            canonical(node, path);
        } else {
            LONG.check(node, path, warnings);
            if (node.string("target") == null) {
                throw ComposeFileException.at(node, path, "the key `target` is missing");
            }
        }
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        if (!node.isText()) {
            Node mount = LONG.canonical(node, path);
            String target = mount.string("target");
            return target == null ? mount : mount.put("target", mount.scalar(Paths.clean(target)));
        }
        String spec = node.text();
        if (spec.isEmpty()) {
            throw ComposeFileException.at(node, path, "a mount must not be empty");
        }
        if (spec.length() <= 2) {
            return mount(node, "volume", "", spec);
        }
        List<String> parts = parts(spec);
        if (parts.contains("")) {
            throw ComposeFileException.at(node, path, "\"" + spec + "\" is not a mount: nothing between two colons");
        }
        if (parts.size() > 3) {
            throw ComposeFileException.at(node, path, "\"" + spec + "\" is not a mount: too many colons");
        }
        String source = parts.size() == 1 ? "" : parts.get(0);
        String target = Paths.clean(parts.get(parts.size() == 1 ? 0 : 1));
        boolean bind = isFile(source);
        Node mount = mount(node, bind ? "bind" : "volume", source, target);
        return options(mount, parts.size() < 3 ? "" : parts.get(2), bind);
    }

    private static Node mount(Node node, String type, String source, String target) {
        Map<String, Node> entries = new LinkedHashMap<>();
        entries.put("type", node.scalar(type));
        if (!source.isEmpty()) {
            entries.put("source", node.scalar(source));
        }
        entries.put("target", node.scalar(target));
        return node.with(entries);
    }

    private static Node options(Node mount, String options, boolean isBind) {
        Map<String, Node> bind = new LinkedHashMap<>();
        Map<String, Node> volume = new LinkedHashMap<>();
        Node out = mount;
        for (String option : options.split(",", -1)) {
            if (option.equals("ro") || option.equals("rw")) {
                out = out.put("read_only", mount.scalar(option.equals("ro")));
            } else if (option.equals("nocopy")) {
                volume.put("nocopy", mount.scalar(true));
            } else if (PROPAGATIONS.contains(option)) {
                bind.put("propagation", mount.scalar(option));
            } else if (option.equals("z") || option.equals("Z")) {
                bind.put("selinux", mount.scalar(option));
            }
        }
        if (isBind) {
            bind.put("create_host_path", mount.scalar(true));
        }
        out = bind.isEmpty() ? out : out.put("bind", mount.scalar(bind));
        return isBind && volume.isEmpty() ? out : out.put("volume", mount.scalar(volume));
    }

    private static boolean isFile(String source) {
        return source.startsWith(".")
                || source.startsWith("/")
                || source.startsWith("~")
                || source.startsWith("\\\\")
                || Paths.hasDrive(source);
    }

    /** The parts between colons; the colon after a Windows drive belongs to its part. */
    private static List<String> parts(String spec) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= spec.length(); i++) {
            boolean colon = i < spec.length() && spec.charAt(i) == ':';
            boolean drive = colon && i == start + 1 && Character.isLetter(spec.charAt(start));
            if (i == spec.length() || (colon && !drive)) {
                parts.add(spec.substring(start, i));
                start = i + 1;
            }
        }
        return parts;
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        Node bind = node.get("bind");
        // Old versions of Compose read a missing key as false, new ones as true.
        if (bind == null || !bind.isMap() || bind.get("create_host_path") != null) {
            return LONG.finish(node, path);
        }
        return LONG.finish(node.put("bind", bind.put("create_host_path", bind.scalar(true))), path);
    }
}
