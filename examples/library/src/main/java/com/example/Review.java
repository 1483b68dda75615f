package com.example;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.ssh.SshAccess;
import io.github.xdevops.compose.host.ssh.SshAddress;
import io.github.xdevops.compose.host.ssh.SshHost;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Stacks;
import java.nio.file.Path;

/** Deploys compose.yaml as an environment of its own, lists what is on the server, and takes it down again. */
public final class Review {
    private Review() {}

    public static void main(String[] args) {
        var server = SshAddress.parse(args[0]); // deploy@ci.example.com
        var stack = Stack.in(Path.of("."))
                .environment(Environment.of("acme/shop", "feature/login"))
                .domain(args[1]) // ci.example.com
                .lifetime(Lifetime.parse("7d"))
                .render();
        try (var stacks = Stacks.on(SshHost.connect(server, SshAccess.defaults()))) {
            var deployed = stacks.deploy(stack, Progress.NONE);
            System.out.println(deployed.urls().get(0) + " until " + deployed.expires());
            stacks.list().forEach(status -> System.out.println(status.project() + " is " + status.state()));
            stacks.down(stack.project(), Progress.NONE);
        }
    }
}
