package io.github.xdevops.compose.doctor;

import io.github.xdevops.compose.Address;
import org.jspecify.annotations.Nullable;

/**
 * The options of an examination.
 *
 * @param state the state directory on the server, absolute or relative to the home directory
 * @param server the server's name or IP address for people's browsers; {@code null} if that is not known
 * @param domain the domain below which environments live, or {@code null} to leave out URLs, DNS and certificate
 * @param proxyNetwork the Docker network that Traefik shares with environments, or {@code null} if it has none
 */
public record DoctorOptions(
        String state,
        @Nullable String server,
        @Nullable Address domain,
        @Nullable String proxyNetwork) {}
