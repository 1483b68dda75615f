package io.github.xdevops.compose;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A route with the address that people open.
 *
 * @param route which service it leads to
 * @param address its scheme, host and port
 * @param www whether {@code www.} in front of the host leads there too
 * @param mark what its answers have in the header {@code X-Compose-Deployment}: another one for another image, command or
 *     environment of the service, secrets aside
 */
public record Endpoint(Route route, Address address, boolean www, String mark) {
    /** What to open, for example {@code http://feature-login-k2x7q4m3zq5ya6bn.ci.example.com}; no slash at its end. */
    public String url() {
        return address + (route.path().equals("/") ? "" : route.path());
    }

    /** What Traefik v3 matches requests by; neither a host name nor a path can have a character that means something there. */
    public String rule() {
        var host = hosts().stream().map(name -> "Host(`" + name + "`)").collect(Collectors.joining(" || "));
        return (www ? "(" + host + ")" : host)
                + (route.path().equals("/") ? "" : " && PathPrefix(`" + route.path() + "`)");
    }

    /** Traefik's entry point for it. */
    public String entryPoint() {
        return address.secure() ? "websecure" : "web";
    }

    /** Every host name that leads there; on a server each belongs to one project. */
    public List<String> hosts() {
        return www ? List.of(address.host(), "www." + address.host()) : List.of(address.host());
    }
}
