/** Backups of persistent environments: made, listed and restored by a program of root on the server. */
@NullMarked
package io.github.xdevops.compose.backup;

import org.jspecify.annotations.NullMarked;
