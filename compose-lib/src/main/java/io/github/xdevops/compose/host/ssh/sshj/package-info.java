/** Workarounds for sshj, to be offered upstream. Internal: may change. */
@NullMarked
package io.github.xdevops.compose.host.ssh.sshj;

import org.jspecify.annotations.NullMarked;
