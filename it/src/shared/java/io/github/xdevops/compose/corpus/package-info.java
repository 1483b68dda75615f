/** The corpus: small compose projects with the recorded answers of the real Docker Compose. */
@NullMarked
package io.github.xdevops.compose.corpus;

import org.jspecify.annotations.NullMarked;
