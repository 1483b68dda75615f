/** Text from a template: FreeMarker with square brackets, whose values are escaped for YAML by themselves. */
@NullMarked
package io.github.xdevops.compose.template;

import org.jspecify.annotations.NullMarked;
