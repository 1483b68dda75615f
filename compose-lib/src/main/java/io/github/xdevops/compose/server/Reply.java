package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last line of what a server's script says.
 *
 * @param word how it ended
 * @param message one line for people; may be empty
 * @param members the whole answer
 */
public record Reply(Outcome word, String message, Map<String, @Nullable Object> members) {
    public static Reply parse(String json) {
        var members = StackRecord.parse(json);
        return new Reply(
                Outcome.valueOf(String.valueOf(members.get("word"))), String.valueOf(members.get("message")), members);
    }

    Reply orThrow(String address) {
        if (word != Outcome.OK) {
            throw new ComposeException(word, message + " (on " + address + ")");
        }
        return this;
    }
}
