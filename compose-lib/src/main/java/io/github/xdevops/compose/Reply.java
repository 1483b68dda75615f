package io.github.xdevops.compose;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last line of what a server's script says.
 *
 * @param word how it ended
 * @param message one line for people; may be empty
 * @param members the whole answer
 */
record Reply(ExitWord word, String message, Map<String, @Nullable Object> members) {
    static Reply parse(String json) {
        var members = StackRecord.parse(json);
        return new Reply(
                ExitWord.valueOf(String.valueOf(members.get("word"))), String.valueOf(members.get("message")), members);
    }

    Reply orThrow(String address) {
        if (word != ExitWord.OK) {
            throw new ComposeException(word, message + " (on " + address + ")");
        }
        return this;
    }
}
