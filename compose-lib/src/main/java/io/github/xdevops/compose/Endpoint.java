package io.github.xdevops.compose;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A route with its public address.
 *
 * @param route which service it leads to
 * @param address its scheme, host and port
 * @param otherHost a second host name, which redirects to the address, or {@code null}
 * @param mark the value of the response header {@code X-Compose-Deployment}; it changes with the image, command or environment of
 *     the service, secrets aside
 */
public record Endpoint(
        Route route, Address address, @Nullable String otherHost, String mark) {
    /** The public URL, for example {@code http://feature-login-k2x7q4m3zq5ya6bn.ci.example.com}; without a trailing slash. */
    public String url() {
        return address + (route.path().equals("/") ? "" : route.path());
    }

    /**
     * The rule by which Traefik v3 matches requests. Neither host names nor paths can contain a character that is special there.
     */
    public String rule() {
        var host = hosts().stream().map(name -> "Host(`" + name + "`)").collect(Collectors.joining(" || "));
        return (otherHost == null ? host : "(" + host + ")")
                + (route.path().equals("/") ? "" : " && PathPrefix(`" + route.path() + "`)");
    }

    /** The entry point of Traefik. */
    public String entryPoint() {
        return address.secure() ? "websecure" : "web";
    }

    /** All host names of this endpoint. On a server, each host name belongs to one project. */
    public List<String> hosts() {
        return otherHost == null ? List.of(address.host()) : List.of(address.host(), otherHost);
    }
}
