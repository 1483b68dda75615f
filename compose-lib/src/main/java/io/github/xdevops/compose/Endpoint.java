package io.github.xdevops.compose;

/**
 * A route with the address that people open.
 *
 * @param route which service it leads to
 * @param address its scheme, host and port
 */
public record Endpoint(Route route, Address address) {
    /** What to open, for example {@code http://feature-login-k2x7q4m3zq5ya6bn.ci.example.com}; no slash at its end. */
    public String url() {
        return address + (route.path().equals("/") ? "" : route.path());
    }
}
