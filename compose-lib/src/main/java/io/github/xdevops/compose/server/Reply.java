package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result line of the server's script.
 *
 * @param word the outcome
 * @param message one line for people; may be empty
 * @param members all members of the result
 */
public record Reply(Outcome word, String message, Map<String, @Nullable Object> members) {
    public static Reply parse(String json) {
        var members = StackRecord.parse(json);
        return new Reply(
                Outcome.valueOf(String.valueOf(members.get("word"))),
                Wording.of(String.valueOf(members.get("message"))),
                members);
    }

    Reply orThrow(String address) {
        if (word != Outcome.OK) {
            throw new ComposeException(word, message + " (on " + address + ")");
        }
        return this;
    }

    /** @throws ComposeException {@code PROTO} if the answer is neither true nor false */
    boolean flag(String key) {
        return known(key, Boolean.class);
    }

    /** @throws ComposeException {@code PROTO} if the answer has no such whole number, 0 or more */
    long number(String key) {
        return Math.max(0, known(key, Long.class));
    }

    /** @throws ComposeException {@code PROTO} if the answer has no such text */
    String text(String key) {
        return known(key, String.class);
    }

    /** @throws ComposeException {@code PROTO} if the answer has no such time, in seconds */
    Instant time(String key) {
        return Instant.ofEpochSecond(number(key));
    }

    /**
     * The expiry, or {@code null} if the stack is persistent.
     *
     * @throws ComposeException {@code PROTO} if the member is missing
     */
    @Nullable
    Instant end(String key) {
        var text = text(key);
        if (text.equals("forever")) {
            return null;
        }
        if (!text.matches("[0-9]{1,12}")) {
            throw strange(key);
        }
        return Instant.ofEpochSecond(Long.parseLong(text));
    }

    private <T> T known(String key, Class<T> type) {
        var value = members.get(key);
        if (!type.isInstance(value)) {
            throw strange(key);
        }
        return type.cast(value);
    }

    private static ComposeException strange(String key) {
        return new ComposeException(
                Outcome.PROTO, "The server's answer has no `" + key + "`; is its script of another version?");
    }
}
