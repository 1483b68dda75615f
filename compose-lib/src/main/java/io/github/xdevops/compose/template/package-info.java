/** Text from templates: FreeMarker with square brackets, whose values are escaped for YAML. */
@NullMarked
package io.github.xdevops.compose.template;

import org.jspecify.annotations.NullMarked;
