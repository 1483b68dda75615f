package io.github.xdevops.compose.it;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Executors;

/**
 * The program in the containers of {@link ReplaceIT} and {@link SleepIT}. It answers with its version, after two seconds if the
 * path contains {@code slow}. Below {@code /hash} it answers with the hash of the request's body. It keeps connections open. Its
 * arguments are version, port, and the reaction to SIGTERM ({@code abrupt}, {@code graceful}, {@code deaf}).
 */
final class Answers {
    private Answers() {}

    public static void main(String[] words) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(words[1])), 100);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestURI().getPath().contains("slow")) {
                pause(2000);
            }
            var answer = ("version " + words[0] + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.createContext("/hash", exchange -> {
            var answer = hash(exchange.getRequestBody().readAllBytes()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        switch (words[2]) {
            case "graceful" -> Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(3)));
            case "deaf" -> Runtime.getRuntime().addShutdownHook(new Thread(() -> pause(60_000)));
            default -> {}
        }
        server.start();
    }

    static String hash(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
