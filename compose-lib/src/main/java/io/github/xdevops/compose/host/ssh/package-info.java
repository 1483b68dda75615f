/** The SSH client: {@link io.github.xdevops.compose.host.ssh.SshHost}, its address, keys and known hosts. */
@NullMarked
package io.github.xdevops.compose.host.ssh;

import org.jspecify.annotations.NullMarked;
