package io.github.xdevops.compose.maven.image;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.image.ImageArchive;
import io.github.xdevops.compose.image.ImageException;
import io.github.xdevops.compose.image.ImageSource;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.model.Plugin;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;

/** Finds the images that modules of this build have built: by recorded results of their tools, then by their configuration. */
public final class ModuleImages {
    private static final String LOOKED_FOR =
            "target/jib-image.json or jib-image.tar (Jib), one target/*.iid (docker build"
                    + " --iidfile), docker-maven-plugin with an <image>, or spring-boot-maven-plugin with an <image><name>, the"
                    + " goal build-image or the image that this goal makes in the Docker of this machine";

    private final List<MavenProject> modules;
    private final Path top;
    private final Predicate<String> isHere;

    /** @param top the directory that directories of modules are relative to */
    public ModuleImages(List<MavenProject> modules, Path top) {
        this(modules, top, ModuleImages::isInDocker);
    }

    /**
     * @param isHere whether the local Docker has an image of that name
     */
    ModuleImages(List<MavenProject> modules, Path top, Predicate<String> isHere) {
        this.modules = List.copyOf(modules);
        this.top = top;
        this.isHere = isHere;
    }

    /**
     * Finds the image that a module of this build has built.
     *
     * @param name an artifactId, {@code groupId:artifactId}, or the module's directory
     */
    public ModuleImage of(String name) {
        var module = module(name);
        return jib(module)
                .or(() -> iidFile(module))
                .or(() -> fabric8(module, true))
                .or(() -> springBoot(module))
                .or(() -> fabric8(module, false))
                .orElseThrow(() -> new ComposeException(
                        Outcome.DATA,
                        "The module " + module.getArtifactId() + " has built no image; looked in " + module.getBasedir()
                                + " for " + LOOKED_FOR
                                + ". Build it first, as in `mvn package jib:buildTar compose:deploy`"));
    }

    private MavenProject module(String name) {
        var directory = top.resolve(name).normalize();
        var found = modules.stream()
                .filter(module -> name.equals(module.getArtifactId())
                        || name.equals(module.getGroupId() + ":" + module.getArtifactId()))
                .toList();
        if (found.isEmpty()) {
            found = modules.stream()
                    .filter(module -> module.getBasedir() != null
                            && directory.equals(module.getBasedir().toPath()))
                    .toList();
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new ComposeException(
                Outcome.USAGE,
                "`" + name + "` is " + (found.isEmpty() ? "no module" : "more than one module")
                        + " of this build, which has "
                        + modules.stream()
                                .map(module -> module.getGroupId() + ":" + module.getArtifactId())
                                .collect(Collectors.joining(", ")));
    }

    private static Path target(MavenProject module) {
        return Path.of(module.getBuild().getDirectory());
    }

    private static Optional<ModuleImage> jib(MavenProject module) {
        var plugin = plugin(module, "com.google.cloud.tools:jib-maven-plugin");
        var tar = place(module, plugin, "tar", "jib-image.tar");
        var json = place(module, plugin, "imageJson", "jib-image.json");
        var name = module.getArtifactId();
        if (!Files.exists(json)) {
            return Files.exists(tar) ? Optional.of(new ModuleImage(name, tar, null, null)) : Optional.empty();
        }
        var said = read(json);
        var members = parse(json, said);
        var id = text(members, "imageId");
        var image = text(members, "image");
        // The digest is written also for what was never pushed.
        if (image != null && Boolean.TRUE.equals(members.get("imagePushed"))) {
            image += "@" + text(members, "imageDigest");
        }
        // Jib's last result counts.
        var isCurrent = Files.exists(tar) && (id == null || id.equals("sha256:" + idOf(tar)));
        return Optional.of(new ModuleImage(name, isCurrent ? tar : null, id, image));
    }

    private static Path place(MavenProject module, @Nullable Plugin plugin, String key, String usual) {
        return Optional.ofNullable(plugin)
                .flatMap(one -> configured(one, "outputPaths", key))
                .map(said -> module.getBasedir().toPath().resolve(said))
                .orElseGet(() -> target(module).resolve(usual));
    }

    private static String idOf(Path tar) {
        try (var archive = ImageArchive.open(tar)) {
            return archive.id();
        } catch (ImageException e) {
            throw new ComposeException(Outcome.DATA, String.valueOf(e.getMessage()), e);
        }
    }

    private static Optional<ModuleImage> iidFile(MavenProject module) {
        var target = target(module);
        if (!Files.isDirectory(target)) {
            return Optional.empty();
        }
        try (var files = Files.list(target)) {
            var found = files.filter(file -> file.toString().endsWith(".iid"))
                    .sorted()
                    .toList();
            if (found.size() > 1) {
                throw new ComposeException(Outcome.DATA, "Several images: " + found + "; keep one of these files");
            }
            return found.stream()
                    .findFirst()
                    .map(file -> new ModuleImage(module.getArtifactId(), null, id(file), null));
        } catch (IOException e) {
            throw new ComposeException(Outcome.DATA, "Cannot read " + target + ": " + e.getMessage(), e);
        }
    }

    private static String id(Path file) {
        var id = read(file).strip();
        if (!id.matches("sha256:[0-9a-f]{64}")) {
            throw new ComposeException(
                    Outcome.DATA, file + " holds no ID of an image, as docker build --iidfile writes it");
        }
        return id;
    }

    /** Spring Boot's image. Most modules use the plugin only for their jar. */
    private Optional<ModuleImage> springBoot(MavenProject module) {
        var plugin = plugin(module, "org.springframework.boot:spring-boot-maven-plugin");
        if (plugin == null) {
            return Optional.empty();
        }
        var usual = "docker.io/library/" + module.getArtifactId() + ":" + module.getVersion();
        return configured(plugin, "image", "name")
                .or(() -> Optional.ofNullable(module.getProperties().getProperty("spring-boot.build-image.imageName")))
                .or(() -> buildsImage(plugin) || isHere.test(usual) ? Optional.of(usual) : Optional.empty())
                .map(name -> new ModuleImage(module.getArtifactId(), null, null, name));
    }

    private static boolean buildsImage(Plugin plugin) {
        return plugin.getExecutions().stream()
                .flatMap(execution -> execution.getGoals().stream())
                .anyMatch(goal -> goal.startsWith("build-image"));
    }

    private static boolean isInDocker(String name) {
        try {
            return ImageSource.docker(name).isPresent();
        } catch (ComposeException e) {
            return false;
        }
    }

    /** @param built only one that the plugin builds */
    private static Optional<ModuleImage> fabric8(MavenProject module, boolean built) {
        var plugin = plugin(module, "io.fabric8:docker-maven-plugin");
        if (plugin == null) {
            return Optional.empty();
        }
        var images = new ArrayList<Xpp3Dom>();
        configurations(plugin).forEach(configuration -> {
            var list = child(configuration, "images");
            if (list != null) {
                images.addAll(List.of(list.getChildren("image")));
            }
        });
        return images.stream()
                .filter(image -> !built || image.getChild("build") != null)
                .findFirst()
                .map(image -> image.getChild("name"))
                .map(name -> new ModuleImage(module.getArtifactId(), null, null, expanded(name.getValue(), module)));
    }

    /** Expands the plugin's own placeholders in names. */
    private static String expanded(String name, MavenProject module) {
        var version = module.getVersion();
        var group = module.getGroupId();
        var whole = name.replace("%a", module.getArtifactId())
                .replace("%g", group.substring(group.lastIndexOf('.') + 1))
                .replace("%v", version)
                .replace("%l", version.endsWith("-SNAPSHOT") ? "latest" : version);
        if (whole.contains("%")) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "The image's name `" + name + "` of the module " + module.getArtifactId()
                            + " has a placeholder that only docker-maven-plugin knows; write %a, %g, %l, %v or the name itself");
        }
        return whole;
    }

    private static @Nullable Plugin plugin(MavenProject module, String key) {
        return module.getPlugin(key);
    }

    /** The configurations of the plugin and of its executions. */
    private static Stream<Xpp3Dom> configurations(Plugin plugin) {
        return Stream.concat(
                        Stream.ofNullable(plugin.getConfiguration()),
                        plugin.getExecutions().stream().flatMap(one -> Stream.ofNullable(one.getConfiguration())))
                .filter(Xpp3Dom.class::isInstance)
                .map(Xpp3Dom.class::cast);
    }

    private static Optional<String> configured(Plugin plugin, String parent, String key) {
        return configurations(plugin)
                .flatMap(configuration -> Stream.ofNullable(child(child(configuration, parent), key)))
                .flatMap(found -> Stream.ofNullable(found.getValue()))
                .findFirst();
    }

    private static @Nullable Xpp3Dom child(@Nullable Xpp3Dom parent, String name) {
        return parent == null ? null : parent.getChild(name);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ComposeException(Outcome.DATA, "Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<?, ?> parse(Path file, String json) {
        try {
            return Json.parse(json) instanceof Map<?, ?> map ? map : Map.of();
        } catch (IllegalArgumentException e) {
            throw new ComposeException(Outcome.DATA, file + " is no JSON: " + e.getMessage(), e);
        }
    }

    private static @Nullable String text(Map<?, ?> members, String key) {
        return members.get(key) instanceof String text ? text : null;
    }
}
