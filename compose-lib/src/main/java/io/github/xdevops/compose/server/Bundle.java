package io.github.xdevops.compose.server;

import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.secret.Redaction;
import java.nio.charset.StandardCharsets;

/** The upload of a deploy: one line for the record, the values to redact, then the compose file. */
public final class Bundle {
    private Bundle() {}

    public static byte[] of(Stack stack) {
        var forms = Redaction.of(stack.secrets()).lines();
        var bundle = new StringBuilder(StackRecord.about(stack))
                .append("\n#redact ")
                .append(forms.size())
                .append('\n');
        forms.forEach(form -> bundle.append(form).append('\n'));
        return bundle.append(stack.text()).toString().getBytes(StandardCharsets.UTF_8);
    }
}
