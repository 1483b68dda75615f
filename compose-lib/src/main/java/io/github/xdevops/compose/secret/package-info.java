/**
 * What is secret and how it is hidden. Internal: may change.
 *
 * <table>
 * <caption>Where something is shown, and what hides secrets there</caption>
 * <tr><th>where shown</th><th>by</th></tr>
 * <tr><td>which values are secret: of keys that sound so, of the pipeline, of files</td><td>{@code Secrets}, with {@code CommonWords}
 * for those that are ordinary words</td></tr>
 * <tr><td>which variables a build server or this tool keeps secrets in</td><td>{@code PipelineSecrets}</td></tr>
 * <tr><td>the compose file for people: {@code compose:render}, a dry run</td><td>{@code MaskedText}</td></tr>
 * <tr><td>the differences of a plan</td><td>{@code Masking}, over {@code Leaves}</td></tr>
 * <tr><td>what programs on the server print, progress, messages of exceptions, {@code exec}</td><td>{@code Redaction}</td></tr>
 * <tr><td>what the server writes into its record</td><td>{@code Redaction.lines()}, by the server's script</td></tr>
 * <tr><td>the mark of a deployment, which every visitor sees</td><td>no class: secrets are left out before it is hashed
 * ({@code StackRendering})</td></tr>
 * <tr><td>a stack or login that a program prints</td><td>their {@code toString()}</td></tr>
 * </table>
 *
 * <p>What a terminal or a pipeline would obey is another matter: {@link io.github.xdevops.compose.text.Printable}.
 */
@NullMarked
package io.github.xdevops.compose.secret;

import org.jspecify.annotations.NullMarked;
