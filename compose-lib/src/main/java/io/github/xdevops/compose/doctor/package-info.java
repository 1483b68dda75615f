/** Examines a server and the way to it: what keeps deploys from working, what should be better, and the cure of each. */
@NullMarked
package io.github.xdevops.compose.doctor;

import org.jspecify.annotations.NullMarked;
