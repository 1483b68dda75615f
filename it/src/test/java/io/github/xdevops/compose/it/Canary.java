package io.github.xdevops.compose.it;

import io.github.xdevops.compose.text.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A secret that exists once, to be searched for wherever it must not be.
 *
 * @param place where it was planted
 * @param value the secret as it is
 */
record Canary(String place, String value) {
    /** With characters that JSON, URLs, shells and XML write in another way. */
    static Canary rich(String place, Random random) {
        return new Canary(place, core(random) + "/+\"&<x");
    }

    /** For places that take letters and digits only. */
    static Canary plain(String place, Random random) {
        return new Canary(place, core(random));
    }

    /** The form in which it stands in a text, if it does. */
    Optional<String> in(String text) {
        return forms().entrySet().stream()
                .filter(form -> text.contains(form.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    Map<String, String> forms() {
        var forms = new LinkedHashMap<String, String>();
        forms.put("raw", value);
        // Whatever escapes the rest leaves letters and digits.
        forms.put("core", value.substring(0, 16));
        var json = Json.write(value);
        forms.put("JSON", json.substring(1, json.length() - 1));
        forms.put("URL", URLEncoder.encode(value, StandardCharsets.UTF_8));
        for (int shift = 0; shift < 3; shift++) { // it may stand anywhere in what was encoded
            var bytes = ("x".repeat(shift) + value.substring(0, 15)).getBytes(StandardCharsets.UTF_8);
            // The first letters and the last hold bits of what is around.
            int from = shift == 0 ? 0 : 4;
            forms.put("base64+" + shift, inner(Base64.getEncoder(), bytes, from));
            forms.put("base64url+" + shift, inner(Base64.getUrlEncoder(), bytes, from));
        }
        return forms;
    }

    private static String inner(Base64.Encoder encoder, byte[] bytes, int from) {
        var text = encoder.withoutPadding().encodeToString(bytes);
        return text.substring(from, text.length() - (bytes.length % 3 == 0 ? 0 : 2));
    }

    private static String core(Random random) {
        var text = new StringBuilder("Q");
        while (text.length() < 16) {
            text.append("abcdefghkmnpqrstuvwxyz23456789".charAt(random.nextInt(30)));
        }
        return text.toString();
    }
}
