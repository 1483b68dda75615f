package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.proof.HostileTexts;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.server.ScriptText;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of a provisioned server: what the server's script has written, and what a browser gets. */
@EveryShell
class PagesScriptTest extends InEveryShell {
    private static final String LIST = ".host/list.html";
    private static final String ABOUT = "\"about\": {\"branch\":\"x\"}";

    @Test
    void aServerWithoutPagesWritesNone() {
        deploy("one", WEB);
        run("down", List.of("project=one"), "");
        assertThat(home.resolve(".yourlabs.compose/" + LIST)).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/.gone/one.test.html")).doesNotExist();
    }

    @Test
    void theListFollowsEachChange() {
        installPages();
        deploy("one", WEB);
        assertThat(read(LIST)).contains("<bdi>x</bdi>", ">deployed</span>").containsPattern(">[67] days left</span>");
        run("pin", List.of("project=one"), "ann\n");
        assertThat(read(LIST)).contains(">persistent</span>").doesNotContain("ann");
        run("extend", List.of("project=one", "lifetime=3600"), "");
        assertThat(read(LIST)).contains(" min left</span>");
        deploy("one", "services: {web: {image: crash}}\n");
        assertThat(read(LIST)).contains(">deployed</span>");
        deploy("two", "services: {web: {image: crash}}\n");
        assertThat(read(LIST)).contains(">failed</span>");
        write("two/removeat", "1000000000\n");
        run("sweep", List.of(), "");
        assertThat(read(LIST)).doesNotContain(">failed</span>").contains(">deployed</span>");
        run("down", List.of("project=one"), "");
        assertThat(read(LIST)).contains("No environment is deployed here now");
    }

    @Test
    void aDeployIsOnTheListWhileItIsAtWork() throws IOException {
        installPages();
        Files.writeString(
                stub.resolve("hook"),
                "case $* in *' up '*) cp $HOME/.yourlabs.compose/" + LIST + " $STUB/seen ;; esac\n");
        deploy("one", WEB);
        assertThat(stub.resolve("seen")).content().contains(">deploying</span>");
    }

    @Test
    void theLinkLeadsToTheEnvironmentsOwnHostOnly() {
        installPages();
        deploy("one", WEB);
        for (var foreign : List.of(
                "http://evil.test/",
                "http://one.test.evil.test/",
                "http://one.test@evil.test/",
                "javascript:alert(1)//one.test",
                "http://one.test/\\\"onclick=alert(1)",
                "//one.test/")) {
            setAbout("one", Map.of("branch", "x", "urls", List.of(foreign)));
            run("sweep", List.of(), "");
            assertThat(read(LIST)).as(foreign).contains("<bdi>x</bdi>").doesNotContain("href");
        }
        setAbout("one", Map.of("branch", "x", "urls", List.of("http://evil.test/", "https://one.test:8443/api/")));
        run("sweep", List.of(), "");
        assertThat(read(LIST)).contains("<a href=\"https://one.test:8443/api/\"><bdi>x</bdi></a>");
    }

    @Test
    void anEnvironmentThatStaysIsListedOnlyIfEveryoneMayOpenIt() {
        installPages();
        run("deploy", words("open", WEB, "lifetime=forever"), bundle(WEB));
        run("deploy", words("inner", WEB, "hosts=", "routed=", "lifetime=forever"), bundle(WEB));
        var closed = "services: {web: {image: x, labels: {traefik.http.middlewares.m.basicauth.users: ann}}}\n";
        run("deploy", words("closed", closed, "lifetime=forever"), bundle(closed));
        for (var project : List.of("open", "inner", "closed")) {
            setAbout(project, Map.of("branch", "branch-of-" + project));
        }
        run("sweep", List.of(), "");
        assertThat(read(LIST)).contains("branch-of-open").doesNotContain("branch-of-inner", "branch-of-closed");
        for (var project : List.of("open", "closed")) {
            run("down", List.of("project=" + project, "force=yes"), "");
        }
        assertThat(get("open.test", "/")).contains("branch-of-open");
        assertThat(get("closed.test", "/")).isEqualTo(get("never.test", "/"));
    }

    @Test
    void aHostTellsThatItsEnvironmentIsGoneAndWhy() {
        installPages();
        var about = Map.of("branch", "feature/a", "commit", "0123456789abcdef", "pipeline", "https://ci.test/7");
        deploy("one", WEB);
        setAbout("one", about);
        run("down", List.of("project=one"), "");
        assertThat(get("one.test", "/any/path?x"))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .contains("the branch <b><bdi>feature/a</bdi></b> was taken down on 2", " UTC.")
                .contains(
                        "<code>0123456789</code>", "href=\"https://ci.test/7\">its pipeline</a>", "mvn compose:deploy");

        deploy("one", WEB);
        assertThat(get("one.test", "/")).as("while it is deployed").isEqualTo(get("never.test", "/"));
        write("one/removeat", "1000000000\n");
        run("sweep", List.of(), "");
        assertThat(get("one.test", "/")).contains("</b> expired on 2");

        run("deploy", words("two", WEB, "repository=abc", "lifetime=60"), bundle(WEB));
        var ends = read("two/removeat").strip();
        run("evict", List.of("project=two", "repository=abc", "ends=" + ends), "");
        assertThat(get("two.test", "/")).contains("</b> was removed to make room for another one on 2");
    }

    @Test
    void aTeardownThatWasKilledIsToldLikeOneThatWasNot() {
        installPages();
        deploy("one", WEB);
        write("one/removing", "");
        run("sweep", List.of(), "");
        assertThat(get("one.test", "/")).contains("</b> was taken down on 2");
    }

    @Test
    void aRequestForAnUnknownHostLearnsNothing() {
        installPages();
        deploy("one", WEB);
        var unknown = get("never.test", "/");
        assertThat(unknown).startsWith("HTTP/1.1 404 Not Found\r\n").contains("Nothing is here");
        assertThat(Stream.of("one.test", "ci.test.", "x", "..", ".", "-", "one", "ci.test.html"))
                .allSatisfy(host -> assertThat(get(host, "/")).as(host).isEqualTo(unknown));
        assertThat(get("ci.test", "/favicon.ico")).isEqualTo(unknown);
        assertThat(get("", "/")).as("without a domain there is no list").startsWith("HTTP/1.1 400 ");
    }

    @Test
    void theListIsAtTheRootOfTheDomain() throws IOException {
        installPages();
        deploy("one", WEB);
        for (var host : List.of("ci.test", "ci.test:8080")) {
            assertThat(get(host, "/?q"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("Content-Security-Policy: default-src 'none'; ")
                    .endsWith("\r\n\r\n" + read(LIST));
        }
        var length = Files.size(home.resolve(".yourlabs.compose/" + LIST));
        assertThat(ask("HEAD / HTTP/1.1\r\nhost:ci.test\r\n\r\n"))
                .contains("\r\nContent-Length: " + length + "\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void aHostThatIsNoneIsABadRequest() {
        installPages();
        for (var host : List.of(
                "", "A.test", "a_b", "../x", "a/../b", "a b", "$(id)", "`id`", "a;b", "[::1]", "a\"", "<b>", "é", "%00",
                "*")) {
            assertThat(get(host, "/")).as(host).startsWith("HTTP/1.1 400 Bad Request\r\n");
        }
        assertThat(ask("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request\r\n");
        assertThat(ask("GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(200) + "\r\n")).isEmpty();
        assertThat(ask("\r\n")).isEmpty();
        assertThat(ask("")).isEmpty();
    }

    @Test
    void whatABranchIsCalledIsShownAsText() throws IOException {
        installPages();
        deploy("one", WEB);
        var manifest = read("one/manifest.json");
        var others = manifest.replace("one.test", "other.test");
        var texts = Stream.concat(
                        Stream.of(
                                "<script>alert(1)</script>",
                                "<img src=x onerror=alert(1)>",
                                "</bdi></style></main><h1>x",
                                "\"><a href=http://evil.test>",
                                "' onclick='x",
                                "&lt;b&gt;",
                                "\\u003cb\\u003e \\\\ \\",
                                "<!--",
                                "`id` $(id) %s %d\\n",
                                "a\u202eb\u2066c",
                                "x".repeat(2000)),
                        HostileTexts.of(Ring.seed(), 40))
                .toList();
        for (int i = 0; i < texts.size(); i++) {
            write("h" + i + "/manifest.json", others.replace(ABOUT, "\"about\": " + Json.write(facts(texts.get(i)))));
            write("h" + i + "/removeat", "999999999999\n");
        }
        // Nor do facts that are no JSON do any harm.
        write("bad1/manifest.json", others.replace(ABOUT, "\"about\": {\"branch\":\"<b>\",\"author\":{\"x\":1}}"));
        write("bad2/manifest.json", others.replace(ABOUT, "\"about\": {\"branch\":<b>}"));
        write("bad3/manifest.json", "<b>\n\"state\": \"<b>\",\n\"hosts\": \"<b>\",\n");
        for (var bad : List.of("bad1", "bad2", "bad3")) {
            write(bad + "/removeat", "999999999999\n");
        }
        run("sweep", List.of(), "");
        assertHarmless(read(LIST));
        assertThat(read(LIST))
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "<bdi>&amp;lt;b&amp;gt;</bdi>", "<bdi>abc</bdi>");
        for (int i = 0; i < texts.size(); i += 7) {
            write("one/manifest.json", manifest.replace(ABOUT, "\"about\": " + Json.write(facts(texts.get(i)))));
            write("one/removeat", "1000000000\n");
            run("down", List.of("project=one"), "");
            assertHarmless(read(".gone/one.test.html"));
        }
    }

    private static Map<String, Object> facts(String text) {
        return Map.of(
                "branch",
                text,
                "commit",
                text,
                "author",
                text,
                "message",
                text,
                "repository",
                text,
                "pipeline",
                text,
                "urls",
                List.of(text));
    }

    /** What is left without the few tags that a page is made of has no other, and nothing turns the direction of its text. */
    private static void assertHarmless(String page) {
        var own = Pattern.compile(
                "<!DOCTYPE html>|<html lang=\"en\">|</?(main|ul|li|h1|bdi|code|p|b|div|title)>|</(html|span|a)>"
                        + "|<meta [a-z0-9=\" ,.-]*>|<style>[^<]*</style>"
                        + "|<(span|p|div) class=\"(name|live|deploying|failed|removing|expired|dim|card)\">"
                        + "|<a href=\"https?://one\\.test[/a-z:0-9]*\">");
        var rest = own.matcher(page).replaceAll("");
        assertThat(rest).doesNotContain("<", ">", "\"", "'");
        assertThat(rest.codePoints().filter(c -> c != '\n' && (c < ' ' || Character.getType(c) == Character.FORMAT)))
                .allMatch(c -> c == 0xad || c == 0x61c || c == 0x180e || c >= 0xe0000); // without an effect in <bdi>
        assertThat(Pattern.compile("&(?!(amp|lt|gt|quot|middot|#39|#x[0-9a-f]{4});)")
                        .matcher(rest)
                        .find())
                .isFalse();
    }

    private void setAbout(String project, Map<String, ?> about) {
        var lines = read(project + "/manifest.json")
                .lines()
                .map(line -> line.startsWith("\"about\": ") ? "\"about\": " + Json.write(about) : line)
                .collect(Collectors.joining("\n", "", "\n"));
        write(project + "/manifest.json", lines);
    }

    private void installPages() {
        write(".host/pages.sh", new String(ScriptText.of("pages"), StandardCharsets.UTF_8));
    }

    private String get(String host, String path) {
        return ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: */*\r\n\r\n");
    }

    private String ask(String request) {
        Path before = script;
        script = home.resolve(".yourlabs.compose/.host/pages.sh");
        try {
            return run(
                    new ArrayList<>(
                            List.of("answer", home.resolve(".yourlabs.compose").toString(), "ci.test")),
                    Map.of(),
                    request);
        } finally {
            script = before;
        }
    }
}
