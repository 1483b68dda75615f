package io.github.xdevops.compose.doctor;

import io.github.xdevops.compose.text.Printable;

/**
 * The result of one check of a server.
 *
 * @param check a short name, for example {@code compose} or {@code traefik.network}
 * @param state how serious it is
 * @param found what was found, one printable line
 * @param cure a command that cures it, to be run on the server as root unless it begins with {@code mvn} or is said otherwise;
 *     empty when nothing is wrong
 */
public record Finding(String check, State state, String found, String cure) {
    /** How serious a finding is. */
    public enum State {
        /** Nothing is wrong. */
        OK,
        /** Deploys work, but something should be better. */
        ADVICE,
        /** Deploys do not work. */
        PROBLEM
    }

    /** A finding whose texts hold no control characters. */
    public Finding {
        found = Printable.line(found);
        cure = Printable.line(cure);
    }

    static Finding ok(String check, String found) {
        return new Finding(check, State.OK, found, "");
    }

    static Finding advice(String check, String found, String cure) {
        return new Finding(check, State.ADVICE, found, cure);
    }

    static Finding problem(String check, String found, String cure) {
        return new Finding(check, State.PROBLEM, found, cure);
    }
}
