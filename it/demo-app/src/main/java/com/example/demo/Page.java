package com.example.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page, and the facts about this environment that it shows. */
record Page(String branch, String url, Path migrated) {

    String html(long visits) throws IOException {
        String migration = Files.exists(migrated) ? Files.readString(migrated).strip() : "never";
        return """
                <!doctype html>
                <title>%1$s</title>
                <h1>Branch %1$s</h1>
                <p>Visits: %2$d</p>
                <p>Migrated: %3$s</p>
                %4$s"""
                .formatted(escaped(branch), visits, escaped(migration), link());
    }

    private String link() {
        return url.isEmpty() ? "" : "<p>This environment: <a href=\"%1$s\">%1$s</a></p>%n".formatted(escaped(url));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }
}
