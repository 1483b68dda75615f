/** Setting a server up: what is missing on it for environments, installed step by step over SSH. */
@NullMarked
package io.github.xdevops.compose.provision;

import org.jspecify.annotations.NullMarked;
