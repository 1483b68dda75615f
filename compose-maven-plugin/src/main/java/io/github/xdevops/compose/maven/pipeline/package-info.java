/** Integration with pipelines and forges: results, comments, webhooks, and the files that {@code compose:ci} writes. */
@NullMarked
package io.github.xdevops.compose.maven.pipeline;

import org.jspecify.annotations.NullMarked;
