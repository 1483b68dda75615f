package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.server.ServerScript;
import io.github.xdevops.compose.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The server's script under real shells, with a stand-in for docker. */
@EveryShell
class ServerScriptTest extends InEveryShell {
    @Test
    @Tag("R14")
    void anotherDirectoryOfTheRepositoryDoesNotReplaceIt() {
        assertThat(deployFrom("shop")).contains("\"word\":\"OK\"");
        assertThat(deployFrom("shop")).contains("\"word\":\"OK\"");
        assertThat(deployFrom("admin"))
                .contains("\"word\":\"DATA\"", "was deployed from shop", "REPOSITORY/admin", "compose.force=true");
        assertThat(deploy("one", WEB)).as("one that does not say").contains("\"word\":\"OK\"");
        assertThat(deployFrom("shop")).contains("\"word\":\"OK\"");
        assertThat(deployFrom("admin", "force=yes")).contains("\"word\":\"OK\"");
        assertThat(deployFrom("shop")).contains("\"word\":\"DATA\"");
    }

    private String deployFrom(String directory, String... more) {
        var bundle =
                "{\"branch\":\"x\",\"author\":\"\\\"directory\\\":\\\"x\",\"directory\":\"" + directory + "\"}\n" + WEB;
        var words = new ArrayList<>(words("one", WEB, more));
        words.removeIf(word -> word.startsWith("sha256="));
        words.add("sha256=" + Sha256.hex(bundle.getBytes(StandardCharsets.UTF_8)));
        return run("deploy", words, bundle);
    }

    @Test
    void aDeployWritesTheLeaseAndComesUp() {
        var answer = deploy("one", WEB);
        assertThat(answer).contains("\"word\":\"OK\"", "\"changed\":true", "\"generation\":1");
        assertThat(read("one/removeat")).matches("[0-9]{10}\n");
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
        assertThat(read("one/manifest.json")).contains("\"state\": \"live\"", "\"about\": {\"branch\":\"x\"}");
    }

    @Test
    void theLeaseIsOnDiskBeforeTheFirstContainer() throws IOException {
        Files.writeString(
                stub.resolve("hook"),
                "case \"$*\" in *' up '*) cat \"$HOME/.yourlabs.compose/one/removeat\" >\"$STUB/lease\" ;; esac\n");
        deploy("one", WEB);
        assertThat(Files.readString(stub.resolve("lease"))).matches("[0-9]{10}\n");
    }

    @Test
    @Tag("L6")
    void aNumberWithZerosInFrontIsDecimal() {
        var zeros = words(
                "one",
                WEB,
                "lifetime=080000",
                "budget=09",
                "ready_wait=09",
                "lock_wait=08",
                "sequence=010",
                "networks=08");
        assertThat(run("deploy", zeros, bundle(WEB)))
                .contains("\"word\":\"OK\"")
                .doesNotContain("rithmetic");
        assertThat(read("one/manifest.json")).contains("\"sequence\": 10,");
        run("extend", List.of("project=one", "lifetime=08"), "");
        var left = Long.parseLong(read("one/removeat").strip()) - System.currentTimeMillis() / 1000;
        assertThat(left).isBetween(0L, 8L);
    }

    @Test
    @Tag("L5")
    void wordsAreBounded() {
        var many = "a.test,".repeat(101).replaceFirst(",$", "");
        assertThat(run("deploy", words("one", WEB, "hosts=" + many), bundle(WEB)))
                .contains("\"word\":\"USAGE\"", "hosts are more than 100");
        assertThat(run("deploy", words("one", WEB, "routed=" + "x".repeat(16_385)), bundle(WEB)))
                .contains("\"word\":\"USAGE\"", "routed is longer than 16384 bytes");
        assertThat(run("list", Collections.nCopies(65, "force=yes"), ""))
                .contains("\"word\":\"USAGE\"", "more than 64 words");
    }

    @Test
    void aRedeployOfTheSameChangesOnlyTheLease() {
        deploy("one", WEB);
        assertThat(deploy("one", WEB)).contains("\"changed\":false", "\"generation\":2");
    }

    @Test
    void aFailedRedeployPutsThePreviousVersionBack() {
        deploy("one", WEB);
        var answer = deploy("one", "services: {web: {image: crash}}\n");
        assertThat(answer)
                .contains(
                        "\"word\":\"UNHEALTHY\"",
                        "service web ended: Exited (3)",
                        "the previous version is up again",
                        "oh no");
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
        assertThat(read("one/manifest.json")).contains("\"state\": \"live\"");
    }

    @Test
    void aPreviousVersionThatCouldNotBeBroughtUpIsNotForgotten() throws IOException {
        deploy("one", WEB);
        var hook = stub.resolve("hook");
        Files.writeString(
                hook, "case \"$*\" in *' up '*) [ ! -f \"$STUB/once\" ] || exit 1; touch \"$STUB/once\" ;; esac\n");
        assertThat(deploy("one", "services: {web: {image: crash}}\n")).contains("could not be brought up again");
        assertThat(read("one/manifest.json")).contains("\"state\": \"failed\"");
        Files.delete(hook);
        assertThat(deploy("one", "services: {web: {image: crash}}\n")).contains("the previous version is up again");
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
        assertThat(home.resolve(".yourlabs.compose/one/docker-compose.previous.yml"))
                .doesNotExist();
    }

    @Test
    void aPreviousVersionThatDoesNotGetReadyIsNotSaidToBeUp() throws IOException {
        deploy("one", WEB);
        var hook = stub.resolve("hook");
        Files.writeString(
                hook,
                "case \"$*\" in 'ps '*'{{.ID}} {{.State}}'*) echo 'id running web x,net Up 3 hours (unhealthy)'; exit 0 ;; esac\n");
        assertThat(deploy("one", "services: {web: {image: y}}\n"))
                .contains(
                        "\"word\":\"UNHEALTHY\"",
                        "\"message\":\"service web is unhealthy; the previous version was put back, ")
                .contains("but is not ready: service web is unhealthy\"")
                .doesNotContain("is up again");
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
        assertThat(read("one/manifest.json")).contains("\"state\": \"failed\"", "\"served\": true");
        Files.delete(hook);
        assertThat(deploy("one", "services: {web: {image: crash}}\n")).contains("the previous version is up again");
    }

    @Test
    void aHalfMadeReplacementDoesNotStandInTheWay() throws IOException {
        deploy("one", "services: {web: {image: crash}}\n");
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'ps '*'{{.ID}} {{.Names}}'*)
                  echo "0123456789abcdef one-web-1"
                  echo "aaaaaaaaaaaaaaaa 0123456789ab_one-web-1"
                  echo "bbbbbbbbbbbbbbbb cccccccccccc_one-job-1"
                  echo "dddddddddddddddd my_own_name_of_it"
                  exit 0
                  ;;
                esac
                """);
        deploy("one", WEB);
        assertThat(Files.readString(stub.resolve("calls")).lines())
                .filteredOn(call -> call.startsWith("rm "))
                .containsExactly("rm -f aaaaaaaaaaaaaaaa");
    }

    /** Docker may never start it: an engine that died while it did may find its own directory in the way. */
    @Test
    void whatWasMadeButNeverStartedIsMadeAnew() throws IOException {
        deploy("one", "services: {web: {image: crash}}\n");
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'ps '*'{{.ID}} {{.Names}} {{.State}} '*)
                  echo "aaaaaaaaaaaaaaaa one-web-1 running web"
                  echo "bbbbbbbbbbbbbbbb one-job-1 created job"
                  echo "cccccccccccccccc one-job-2 created job"
                  [ -f "$STUB/seen" ] || echo "dddddddddddddddd one-db-1 created db"
                  [ -f "$STUB/seen" ] && echo "eeeeeeeeeeeeeeee one-db-1 created db"
                  touch "$STUB/seen"
                  exit 0
                  ;;
                esac
                """);
        Files.delete(stub.resolve("calls"));
        deploy("one", WEB);
        assertThat(Files.readString(stub.resolve("calls")).lines())
                .filteredOn(call -> call.contains(" up ") || call.endsWith(" start"))
                .satisfiesExactly(
                        up -> assertThat(up).contains(" up --no-start --remove-orphans --no-build"),
                        anew -> assertThat(anew)
                                .contains(" up --no-start --no-deps --force-recreate ")
                                .endsWith("--quiet-pull job"),
                        start -> assertThat(start).endsWith(" start"));
    }

    @Test
    void aFailedFirstDeployGetsAShortLease() {
        var before = System.currentTimeMillis() / 1000;
        deploy("one", "services: {web: {image: crash}}\n");
        assertThat(Long.parseLong(read("one/removeat").strip())).isBetween(before + 3600, before + 3700);
        assertThat(read("one/manifest.json")).contains("\"state\": \"failed\"");
    }

    /** What a client learns that lost its connection: what the record knows. */
    @Test
    void attendAfterADeployReportsWhetherItChangedSomething() {
        deploy("one", WEB);
        assertThat(run("attend", List.of("project=one"), "")).contains("\"word\":\"OK\"", "\"changed\":true");
        deploy("one", WEB);
        assertThat(run("attend", List.of("project=one"), "")).contains("\"word\":\"OK\"", "\"changed\":false");
    }

    @Test
    void aDiskThatDoesNotTakeANameIsNotTakenForOneThatDid() throws IOException {
        deploy("one", WEB);
        syncing("[ ! -d \"$1\" ] || { echo \"sync: error syncing '$1': Input/output error\" >&2; exit 1; }");
        assertThat(run("extend", List.of("project=one", "lifetime=60"), "")).contains("\"word\":\"IOERR\"");
        // Where directories cannot be synced one by one, all is.
        syncing(
                "case ${1:-} in '') echo all >>\"$STUB/synced\" ;; *) echo \"sync: error syncing '$1': Invalid argument\" >&2; exit 1 ;; esac");
        assertThat(run("extend", List.of("project=one", "lifetime=60"), "")).contains("\"word\":\"OK\"");
        assertThat(stub.resolve("synced")).exists();
    }

    @Test
    void theFirstComposeFileIsOnTheDiskBeforeItsRecordHasItsName() throws IOException {
        syncing("[ -d \"$1\" ] || echo \"${1##*/}\" >>\"$STUB/synced\"");
        deploy("one", WEB);
        assertThat(Files.readString(stub.resolve("synced"))).contains("docker-compose.yml\n");
    }

    /** Some busybox take their own programs before those in the PATH, so this one is a function. */
    private void syncing(String text) throws IOException {
        Files.write(script, ServerScript.text());
        Files.writeString(
                script, Files.readString(script).replace("\nset -u\n", "\nset -u\nsync() ( " + text + "; )\n"));
    }

    @Test
    void anUploadThatWasCutChangesNothing() {
        var words = new ArrayList<>(words("one", WEB));
        var answer = run("deploy", words, "half");
        assertThat(answer).contains("\"word\":\"PROTO\"", "arrived incomplete");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/.staging")).isEmptyDirectory();
    }

    @Test
    void aFileThatComposeRefusesLeavesNoRecord() {
        var answer = deploy("one", "services: {web: {imag: x}}\n");
        assertThat(answer).contains("\"word\":\"DATA\"", "Additional property imag is not allowed");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    void anOlderPipelineNeverWins() {
        run("deploy", words("one", WEB, "sequence=7"), bundle(WEB));
        assertThat(run("deploy", words("one", WEB, "sequence=6"), bundle(WEB)))
                .contains("\"word\":\"BUSY\"", "superseded: pipeline 7");
    }

    /** After a move to another CI system, which counts from one again. */
    @Test
    void pipelinesAreCountedAnewWhenAsked() throws IOException {
        run("deploy", words("one", WEB, "sequence=7"), bundle(WEB));
        assertThat(run("deploy", words("one", WEB, "sequence=3", "renumber=yes"), bundle(WEB)))
                .contains("\"OK\"");
        assertThat(run("deploy", words("one", WEB, "sequence=4"), bundle(WEB))).contains("\"OK\"");
        assertThat(run("deploy", words("one", WEB, "sequence=3"), bundle(WEB))).contains("superseded: pipeline 4");
        run("down", List.of("project=one"), "");
        assertThat(run("deploy", words("one", WEB, "sequence=1", "renumber=yes"), bundle(WEB)))
                .contains("\"OK\"");
        assertThat(home.resolve(".yourlabs.compose/.gone/one")).doesNotExist();
    }

    /** To go back to what an older pipeline had deployed, but not to let other old ones in. */
    @Test
    void withoutANumberADeployIsWantedAndTheNumberStays() {
        run("deploy", words("one", WEB, "sequence=7"), bundle(WEB));
        assertThat(run("deploy", words("one", WEB, "sequence=0"), bundle(WEB))).contains("\"OK\"");
        assertThat(run("deploy", words("one", WEB, "sequence=6"), bundle(WEB))).contains("superseded: pipeline 7");
    }

    @Test
    void anotherIdentityIsRefused() {
        deploy("one", WEB);
        assertThat(run("deploy", words("one", WEB, "identity=ffff"), bundle(WEB)))
                .contains("\"word\":\"DATA\"", "belongs to another repository or environment");
    }

    @Test
    void anUrlBelongsToOneProject() {
        deploy("one", WEB);
        assertThat(run("deploy", words("two", WEB, "hosts=two.test,one.test"), bundle(WEB)))
                .contains("\"word\":\"DATA\"", "http://one.test belongs to the project one");
        assertThat(home.resolve(".yourlabs.compose/two")).doesNotExist();
    }

    @Test
    void theSameIdentityOfAnotherRepositoryIsRefused() {
        run("deploy", words("one", WEB, "repository=aaaa"), bundle(WEB));
        assertThat(run("deploy", words("one", WEB, "repository=bbbb"), bundle(WEB)))
                .contains("\"word\":\"DATA\"", "belongs to another repository or environment");
        // Whoever does not say a repository does not take it away.
        assertThat(deploy("one", WEB)).contains("\"word\":\"OK\"");
        assertThat(read("one/manifest.json")).contains("\"repository\": \"aaaa\"");
    }

    @Test
    void aForeignProjectOfTheSameNameIsLeftAlone() throws IOException {
        Files.writeString(stub.resolve("containers"), "one web running\n");
        assertThat(deploy("one", WEB)).contains("\"word\":\"DATA\"", "was not deployed by this tool");
        assertThat(run("down", List.of("project=one"), "")).contains("\"word\":\"DATA\"", "left alone");
    }

    /** As another user, or in another state directory, after the containers were removed by hand. */
    @Test
    void aStackThatWasDeployedFromElsewhereIsNeitherReplacedNorTakenDown() throws IOException {
        for (var project : List.of("one", "two")) {
            deploy(project, WEB);
        }
        Files.writeString(
                stub.resolve("hook"),
                "case \"$*\" in 'ps '*working_dir*) echo /home/else/.yourlabs.compose/one; exit ;; esac\n");
        Files.delete(stub.resolve("calls"));
        assertThat(deploy("one", WEB.replace("image: x", "image: y")))
                .contains("\"word\":\"DATA\"", "were deployed from /home/else/.yourlabs.compose/one")
                .contains("compose.project");
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
        write("one/removeat", "1000000000\n");
        assertThat(run("sweep", List.of(), ""))
                .contains("@n warning one: its containers were deployed from /home/else", "swept one");
        assertThat(run("down", List.of("project=two"), ""))
                .contains("@n warning two: its containers were deployed from /home/else", "\"word\":\"OK\"");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/two")).doesNotExist();
        assertThat(Files.readString(stub.resolve("calls"))).doesNotContain(" down ", "rm ", " up ");
        assertThat(Files.readString(stub.resolve("containers"))).contains("one web running", "two web running");
    }

    @Test
    void aHomeBelongsToOneProject() throws IOException {
        var lives = home.resolve("srv/shop");
        run("deploy", words("one", WEB, "home=" + lives), bundle(WEB));
        Files.createSymbolicLink(home.resolve("also"), home.resolve("srv"));
        for (var same : List.of(lives, home.resolve("also/shop"))) {
            assertThat(run("deploy", words("two", WEB, "home=" + same), bundle(WEB)))
                    .contains("\"word\":\"DATA\"", same + " is the home of the project one", "compose.home");
        }
        for (var other : List.of("/./", "//", "/.", "/")) {
            assertThat(run("deploy", words("two", WEB, "home=" + lives + other), bundle(WEB)))
                    .contains("\"word\":\"USAGE\"", "home is not in its shortest form");
        }
        assertThat(home.resolve(".yourlabs.compose/two")).doesNotExist();
        assertThat(run("deploy", words("one", WEB, "home=" + lives), bundle(WEB)))
                .contains("\"word\":\"OK\"");
        assertThat(run("deploy", words("two", WEB, "home=" + home.resolve("srv/two")), bundle(WEB)))
                .contains("\"word\":\"OK\"");
    }

    @Test
    void linksInAHomeLeadNowhere() throws IOException {
        var lives = Files.createDirectories(home.resolve("srv/shop"));
        var elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        var precious = Files.writeString(home.resolve("precious"), "as it was\n");
        Files.createSymbolicLink(lives.resolve(".docker-compose.new"), precious);
        Files.createSymbolicLink(lives.resolve("link"), elsewhere);
        var directories = "directories=link/data:0:0:0777";
        assertThat(run("deploy", words("one", WEB, "home=" + lives, directories), bundle(WEB)))
                .contains("\"word\":\"NOPERM\"", "/link leads out of " + lives);
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(run("deploy", words("one", WEB, "home=" + lives), bundle(WEB)))
                .contains("\"word\":\"OK\"");
        assertThat(precious).hasContent("as it was");
        assertThat(lives.resolve("docker-compose.yml")).hasContent(WEB.strip());
    }

    @Test
    void aComposeFileInAHomeThatWeDidNotPutThereStays() throws IOException {
        var own = Files.writeString(
                Files.createDirectories(home.resolve("srv/shop")).resolve("docker-compose.yml"), "own");
        var crash = WEB.replace("image: x", "image: crash");
        assertThat(run("deploy", words("one", crash, "home=" + own.getParent()), bundle(crash)))
                .contains("\"word\":\"UNHEALTHY\"");
        assertThat(run("down", List.of("project=one", "force=yes"), "")).contains("is gone");
        assertThat(own).hasContent("own");
        run("deploy", words("one", WEB, "home=" + own.getParent()), bundle(WEB));
        assertThat(own).hasContent(WEB.strip());
        assertThat(run("down", List.of("project=one", "force=yes"), "")).contains("is gone");
        assertThat(own).doesNotExist();
    }

    @Test
    void volumesOfAProjectThatIsNotOursDoNotGoWithAReview() throws IOException {
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'volume ls --filter '*managed*) echo 'one_db '; exit ;;
                esac
                """);
        assertThat(deploy("one", WEB)).contains("\"word\":\"DATA\"", "that was not deployed by this tool", "one_db");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(run("deploy", words("one", WEB, "lifetime=forever"), bundle(WEB)))
                .contains("\"word\":\"OK\"");
    }

    @Test
    void aUrlOfThePreviousVersionStaysReserved() {
        deploy("one", WEB);
        write("one/.previous.about", "hash\nold.test\nx\n\n");
        assertThat(run("deploy", words("two", WEB, "hosts=old.test"), bundle(WEB)))
                .contains("http://old.test belongs to the project one on this server until its deploy has ended");
        assertThat(run("deploy", words("two", WEB, "hosts=other.test"), bundle(WEB)))
                .contains("\"word\":\"OK\"");
    }

    @Test
    void whatWasStartedInItsHomeIsItsOwn() throws IOException {
        var lives = home.resolve("srv/shop");
        run("deploy", words("one", WEB, "home=" + lives), bundle(WEB));
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'ps '*working_dir*) echo "$HOME/srv/shop"; echo "$HOME/.yourlabs.compose/one"; exit ;;
                esac
                """);
        var changed = WEB.replace("image: x", "image: y");
        assertThat(run("deploy", words("one", changed, "home=" + lives), bundle(changed)))
                .contains("\"word\":\"OK\"");
        assertThat(run("down", List.of("project=one"), "")).contains("is gone").doesNotContain("warning");
        assertThat(Files.readString(stub.resolve("containers"))).isEmpty();
    }

    @Test
    void downLeavesNothing() throws IOException {
        deploy("one", WEB);
        assertThat(run("down", List.of("project=one"), "")).contains("\"word\":\"OK\"", "\"existed\":true");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/.trash")).isEmptyDirectory();
        assertThat(Files.readString(stub.resolve("containers"))).isEmpty();
    }

    @Test
    void aRecordIsKeptWhileAnythingIsLeft() throws IOException {
        deploy("one", WEB);
        Files.createFile(stub.resolve("stuck"));
        assertThat(run("down", List.of("project=one"), "")).contains("\"word\":\"BUSY\"", "still in use");
        assertThat(home.resolve(".yourlabs.compose/one/removing")).exists();
        Files.delete(stub.resolve("stuck"));
        assertThat(run("sweep", List.of(), "")).contains("swept one");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    void aSweepRemovesWhatHasExpiredAndNothingElse() {
        deploy("old", WEB);
        run("deploy", words("young", WEB, "hosts=young.test"), bundle(WEB));
        write("old/removeat", "1000000000\n");
        assertThat(run("sweep", List.of(), "")).contains("swept old", "1 removed, 0 failed");
        assertThat(home.resolve(".yourlabs.compose/old")).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/young")).exists();
    }

    @Test
    void aLeaseThatCannotBeReadIsNeverExpiredNeverRunAndNeverForEver() {
        deploy("one", WEB);
        for (var poison :
                List.of("", " ", "-1", "1e9", "0x10", "12345678901234567890", "home[$(touch pwned)]", "1\n2\n")) {
            write("one/removeat", poison);
            assertThat(run("sweep", List.of(), "")).as(poison).contains("warning one was not removed");
            assertThat(Long.parseLong(read("one/removeat").strip())).isGreaterThan(System.currentTimeMillis() / 1000);
        }
        assertThat(home.resolve("pwned")).doesNotExist();
    }

    @Test
    void aLeaseWithLeadingZerosIsDecimal() {
        deploy("one", WEB);
        write("one/removeat", "000001000000000\n".substring(3));
        assertThat(run("sweep", List.of(), "")).contains("swept one");
    }

    @Test
    void extendingWhatIsGoneMakesNoEmptyRecord() {
        assertThat(run("extend", List.of("project=one", "lifetime=60"), "")).contains("\"word\":\"DATA\"", "is gone");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    void showingARecordSaysItsStateAndItsFileByteForByte() {
        var text = WEB + "# \t\\n ${X} $(id) 'ü' \r\n" + "x".repeat(100_000) + "\n\n";
        deploy("one", text);
        var answer = run("show", List.of("project=one"), "");
        assertThat(answer)
                .contains("@n record {\"project\":\"one\"", "\"state\": \"live\"", "@n container one running web")
                .contains("\"word\":\"OK\"", "\"existed\":true", "\"now\":")
                .doesNotContain("refused");
        assertThat(file(answer)).isEqualTo(text);
    }

    @Test
    void showingWhatIsNotThereMakesNoRecord() {
        assertThat(run("show", List.of("project=one"), ""))
                .contains("\"word\":\"OK\"", "\"existed\":false")
                .doesNotContain("@n record", "@n file");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/.locks/one")).doesNotExist();
        assertThat(run("show", List.of(), "")).contains("\"word\":\"USAGE\"", "project is missing");
    }

    @Test
    void showingWaitsForNoLockAndTouchesNothing() throws Exception {
        deploy("one", WEB);
        var before = read("one/manifest.json") + read("one/removeat") + read(".locks/one");
        var lock = home.resolve(".yourlabs.compose/.locks/one").toString();
        var holder = new ProcessBuilder("flock", lock, "sh", "-c", "echo held; exec sleep 60").start();
        assertThat(holder.getInputStream().read()).isEqualTo('h');
        try {
            assertThat(run("show", words("one", WEB), "")).contains("\"existed\":true");
        } finally {
            holder.descendants().forEach(ProcessHandle::destroy);
            holder.destroy();
        }
        assertThat(read("one/manifest.json") + read("one/removeat") + read(".locks/one"))
                .isEqualTo(before);
    }

    @Test
    void showingSaysWhyADeployWouldBeRefused() throws IOException {
        run("deploy", words("one", WEB, "sequence=7"), bundle(WEB));
        assertThat(run("show", words("one", WEB, "identity=ffff"), ""))
                .contains("@n refused {\"word\":\"DATA\"", "belongs to another repository or environment")
                .contains("@n record", "\"existed\":true");
        assertThat(run("show", words("one", WEB, "sequence=6"), ""))
                .contains("@n refused {\"word\":\"BUSY\"", "superseded: pipeline 7");
        assertThat(run("show", words("two", WEB, "hosts=one.test"), ""))
                .contains("@n refused", "http://one.test belongs to the project one", "\"existed\":false");
        Files.writeString(stub.resolve("containers"), "two web running\n");
        assertThat(run("show", words("two", WEB), "")).contains("@n refused", "was not deployed by this tool");
    }

    @Test
    void showingARecordOfAnotherToolWithoutDockerSaysWhatItCan() throws IOException {
        write("one/removeat", "2000000000\n");
        write("one/docker-compose.yml", "a\rb");
        Files.delete(home.resolve("bin/docker"));
        var answer = run("show", words("one", WEB), "");
        assertThat(answer)
                .contains("\"manifest\":null", "\"lease\":\"2000000000\"", "@n warning", "\"existed\":true")
                .doesNotContain("refused");
        assertThat(file(answer)).isEqualTo("a\rb");
    }

    @Test
    @Tag("N23")
    void missingToolsOfTheServerAreReported() throws IOException {
        Files.createFile(stub.resolve("daemon-down"));
        assertThat(deploy("one", WEB)).contains("\"word\":\"UNAVAIL\"", "daemon does not answer");
        Files.delete(stub.resolve("daemon-down"));
        Files.writeString(stub.resolve("hook"), "STUB_COMPOSE=2.9.0\n");
        assertThat(deploy("one", WEB)).contains("\"word\":\"UNAVAIL\"", "Compose on the server is 2.9.0", "2.23.1");
        Files.writeString(stub.resolve("hook"), "case $1 in compose) exit 1 ;; esac\n");
        assertThat(deploy("one", WEB)).contains("\"word\":\"UNAVAIL\"", "Docker Compose v2 is missing");
        Files.writeString(
                stub.resolve("hook"), "echo Emulate Docker CLI using podman. Create /etc/containers/nodocker. >&2\n");
        assertThat(deploy("one", WEB)).contains("\"word\":\"UNAVAIL\"", "docker on the server is Podman");
        Files.delete(home.resolve("bin/docker"));
        assertThat(deploy("one", WEB))
                .contains("\"word\":\"UNAVAIL\"", "docker is not installed", "PATH", home.resolve("bin") + ":");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    @Tag("K16")
    void aBundleOfWhichSomebodyChangedAByteIsRefused() {
        deploy("one", WEB);
        var changed = WEB.replace("image: x", "image: y");
        assertThat(run("deploy", words("one", WEB), bundle(changed)))
                .contains("\"word\":\"PROTO\"", "arrived incomplete");
        assertThat(run("deploy", words("two", WEB), bundle(changed))).contains("\"word\":\"PROTO\"");
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
        assertThat(home.resolve(".yourlabs.compose/two")).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/.staging")).isEmptyDirectory();
    }

    @Test
    void wordsThatAreNotHarmlessAreRefused() {
        for (var word : List.of(
                "project=../x", "project=A", "project=a b", "project=-a", "sequence=x", "hosts=a;b", "nonce=$(id)")) {
            assertThat(run("deploy", List.of(word), "")).as(word).contains("\"word\":\"USAGE\"");
        }
    }

    /** For Traefik a name with a dot at its end is the one without. */
    @Test
    void aHostNameIsOfLabelsWithSingleDotsBetweenThem() {
        for (var hosts : List.of(
                "one.test.", ".one.test", "one..test", "one.test,", "-one.test", "a.test,one-.test", "ONE.test")) {
            assertThat(run("show", List.of("project=one", "hosts=" + hosts), ""))
                    .contains("\"word\":\"USAGE\"", "hosts is not acceptable: " + hosts);
        }
        assertThat(run("show", List.of("project=one", "hosts=a,b-c.d--e,1.test"), ""))
                .contains("\"word\":\"OK\"");
    }

    @Test
    void timesThatAreTooLongAreRefused() {
        deploy("one", WEB);
        for (var time : List.of("lifetime=315532801", "budget=86401", "lock_wait=86401", "ready_wait=86401")) {
            assertThat(run("extend", List.of("project=one", "lifetime=60", time), ""))
                    .contains("\"word\":\"USAGE\"", time.replaceFirst("=.*", " is more than "));
        }
        assertThat(run("extend", List.of("project=one", "lifetime=315532800"), ""))
                .contains("\"word\":\"OK\"");
    }

    @Test
    void aStateDirectoryThatIsALinkIsRefused() throws IOException {
        Files.createDirectory(home.resolve("elsewhere"));
        Files.createSymbolicLink(home.resolve(".yourlabs.compose"), home.resolve("elsewhere"));
        assertThat(deploy("one", WEB)).contains("\"word\":\"NOPERM\"", "symbolic link");
    }

    private static String file(String answer) {
        var lines = answer.lines().filter(line -> line.startsWith("@n file ")).map(line -> line.substring(8));
        return new String(Base64.getDecoder().decode(lines.collect(Collectors.joining())), StandardCharsets.UTF_8);
    }
}
