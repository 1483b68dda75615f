package io.github.xdevops.compose.maven.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.testimage.TestImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.maven.model.Build;
import org.apache.maven.model.Model;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleImagesTest {
    private static final String ID = "sha256:" + "1".repeat(64);
    private static final String DIGEST = "sha256:" + "2".repeat(64);

    @TempDir
    Path top;

    private final Build build = new Build();
    private final Set<String> inDocker = new HashSet<>();
    private MavenProject shop;
    private Path target;

    @BeforeEach
    void aModule() throws IOException {
        target = Files.createDirectories(top.resolve("apps/shop/target"));
        shop = module("acme.apps", "shop", top.resolve("apps/shop"), build);
        build.setDirectory(target.toString());
    }

    @Test
    void aModuleIsNamedByArtifactOrDirectory() throws IOException {
        iid("web.iid", ID);
        for (var name : List.of("shop", "acme.apps:shop", "apps/shop")) {
            assertThat(of(name)).isEqualTo(new ModuleImage("shop", null, ID, null));
        }
        assertThatThrownBy(() -> of("sho"))
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining("`sho` is no module of this build, which has acme.apps:shop");
        var twin = module("other", "shop", top.resolve("twin"), new Build());
        assertThatThrownBy(() -> new ModuleImages(List.of(shop, twin), top).of("shop"))
                .hasMessageContaining("more than one module")
                .hasMessageContaining("acme.apps:shop, other:shop");
    }

    @Test
    void whatJibPushedHasItsDigest() throws IOException {
        jib("\"imagePushed\":true,");
        assertThat(of("shop").pulled()).isEqualTo("registry.test/shop:7@" + DIGEST);
        jib("");
        assertThat(of("shop").pulled()).isEqualTo("registry.test/shop:7");
        assertThat(of("shop").id()).isEqualTo(ID);
    }

    @Test
    void jibsArchiveIsTheImageUnlessJibHasBuiltAnotherSince() throws IOException {
        var image = new TestImage("{}").layer(Map.of("a", "a".getBytes(StandardCharsets.UTF_8)));
        var tar = image.write(target.resolve("jib-image.tar"), TestImage.Form.JIB);
        assertThat(of("shop")).isEqualTo(new ModuleImage("shop", tar, null, null));
        assertThatThrownBy(() -> of("shop").pulled())
                .hasMessageContaining("which a server cannot pull; set -Dcompose.images=transfer");
        Files.writeString(
                target.resolve("jib-image.json"),
                "{\"image\":\"shop\",\"imageId\":\"sha256:" + image.id() + "\",\"imageDigest\":\"" + DIGEST + "\"}");
        assertThat(of("shop").archive()).isEqualTo(tar);
        jib("");
        assertThat(of("shop").archive()).isNull();
    }

    @Test
    void jibMayWriteElsewhere() throws IOException {
        plugin("com.google.cloud.tools", "jib-maven-plugin", "<outputPaths><tar>out/web.tar</tar></outputPaths>");
        var image = new TestImage("{}");
        var tar = image.write(
                Files.createDirectories(top.resolve("apps/shop/out")).resolve("web.tar"), TestImage.Form.JIB);
        assertThat(of("shop").archive()).isEqualTo(tar);
    }

    @Test
    void oneIidFileIsOneImage() throws IOException {
        iid("a.iid", ID);
        iid("b.iid", ID);
        assertThatThrownBy(() -> of("shop"))
                .hasMessageContaining("Several images")
                .hasMessageContaining("b.iid");
        Files.delete(target.resolve("b.iid"));
        iid("a.iid", "latest");
        assertThatThrownBy(() -> of("shop")).hasMessageContaining("a.iid holds no ID of an image");
    }

    @Test
    void springBootsNameIsTheConfiguredOneOrItsDefault() throws Exception {
        var plugin = plugin("org.springframework.boot", "spring-boot-maven-plugin", "");
        inDocker.add("docker.io/library/shop:7");
        assertThat(of("shop").name()).isEqualTo("docker.io/library/shop:7");
        shop.getProperties().setProperty("spring-boot.build-image.imageName", "acme/by-property");
        assertThat(of("shop").name()).isEqualTo("acme/by-property");
        var execution = new PluginExecution();
        execution.setConfiguration(dom("<image><name>acme/shop:1</name></image>"));
        plugin.addExecution(execution);
        assertThat(of("shop").name()).isEqualTo("acme/shop:1");
    }

    @Test
    void aSpringBootModuleThatOnlyMakesItsJarHasBuiltNoImage() {
        var plugin = plugin("org.springframework.boot", "spring-boot-maven-plugin", "");
        var execution = new PluginExecution();
        execution.addGoal("repackage");
        plugin.addExecution(execution);
        assertThatThrownBy(() -> of("shop"))
                .hasMessageContaining("The module shop has built no image")
                .hasMessageContaining("the goal build-image");
        execution.addGoal("build-image-no-fork");
        assertThat(of("shop").name()).isEqualTo("docker.io/library/shop:7");
    }

    @Test
    void whatFabric8BuildsOfASpringBootModuleIsItsImage() {
        inDocker.add("docker.io/library/shop:7");
        plugin("org.springframework.boot", "spring-boot-maven-plugin", "<image><name>acme/boot</name></image>");
        plugin("io.fabric8", "docker-maven-plugin", "<images><image><name>postgres</name></image></images>");
        assertThat(of("shop").name()).isEqualTo("acme/boot");
        plugin("io.fabric8", "docker-maven-plugin", "<images><image><name>acme/%a</name><build/></image></images>");
        assertThat(of("shop").name()).isEqualTo("acme/shop");
    }

    @Test
    void fabric8sImageIsTheOneThatIsBuilt() throws IOException {
        plugin("io.fabric8", "docker-maven-plugin", """
                <images>
                  <image><name>postgres</name></image>
                  <image><name>acme/%a:%l</name><build/></image>
                </images>
                """);
        assertThat(of("shop").name()).isEqualTo("acme/shop:7");
        assertThat(of("shop").pulled()).isEqualTo("acme/shop:7");
    }

    @Test
    void aModuleWithoutAnImageSaysWhereItWasLookedFor() {
        assertThatThrownBy(() -> of("shop"))
                .hasMessageContaining("The module shop has built no image; looked in " + top.resolve("apps/shop"))
                .hasMessageContaining("jib-image.tar")
                .hasMessageContaining("*.iid")
                .hasMessageContaining("spring-boot-maven-plugin")
                .hasMessageContaining("docker-maven-plugin");
        plugin("io.fabric8", "docker-maven-plugin", "<images><image><name>a/%n</name></image></images>");
        assertThatThrownBy(() -> of("shop")).hasMessageContaining("only docker-maven-plugin knows");
    }

    private ModuleImage of(String name) {
        return new ModuleImages(List.of(shop), top, inDocker::contains).of(name);
    }

    private void iid(String file, String text) throws IOException {
        Files.writeString(target.resolve(file), text + "\n");
    }

    private void jib(String more) throws IOException {
        Files.writeString(
                target.resolve("jib-image.json"),
                "{\"image\":\"registry.test/shop:7\"," + more + "\"imageId\":\"" + ID + "\",\"imageDigest\":\"" + DIGEST
                        + "\",\"tags\":[\"7\"]}");
    }

    private Plugin plugin(String group, String artifact, String configuration) {
        var plugin = new Plugin();
        plugin.setGroupId(group);
        plugin.setArtifactId(artifact);
        plugin.setConfiguration(dom(configuration));
        build.removePlugin(plugin);
        build.addPlugin(plugin);
        build.flushPluginMap();
        return plugin;
    }

    private static Xpp3Dom dom(String inner) {
        try {
            return Xpp3DomBuilder.build(new StringReader("<configuration>" + inner + "</configuration>"));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static MavenProject module(String group, String artifact, Path directory, Build build) {
        var model = new Model();
        model.setGroupId(group);
        model.setArtifactId(artifact);
        model.setVersion("7");
        model.setBuild(build);
        var module = new MavenProject(model);
        module.setFile(directory.resolve("pom.xml").toFile());
        return module;
    }
}
