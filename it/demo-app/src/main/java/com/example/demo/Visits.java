package com.example.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The number of visits, kept in a file so that it survives a redeploy. */
final class Visits {
    private final Path file;

    Visits(Path file) {
        this.file = file;
    }

    synchronized long count() throws IOException {
        long visits = (Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0) + 1;
        Files.writeString(file, visits + "\n");
        return visits;
    }
}
