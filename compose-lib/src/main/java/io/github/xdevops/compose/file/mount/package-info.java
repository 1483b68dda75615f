/** Files that services mount. Internal: may change. */
@NullMarked
package io.github.xdevops.compose.file.mount;

import org.jspecify.annotations.NullMarked;
