package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import java.time.Duration;
import java.util.List;

/** A process of its own that runs one command on a server: address, private key, known hosts. */
final class ColdStart {
    private ColdStart() {}

    public static void main(String[] arguments) {
        long start = System.nanoTime();
        SshAccess access = SshAccess.builder()
                .privateKey(arguments[1])
                .knownHosts(arguments[2])
                .build();
        try (Host host = SshHost.connect(SshAddress.parse(arguments[0]), access)) {
            host.run(Command.script("echo in", List.of()), System.out::println);
        }
        System.out.println(Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
    }
}
