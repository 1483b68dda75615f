package io.github.xdevops.compose.it.soak;

import java.util.Set;

/**
 * What the host holds of one project; the fields after {@code removing} have a meaning only where there is a record.
 *
 * @param state as the manifest says
 * @param removing whether a teardown has begun
 * @param other whether the record is of another repository
 * @param url the project whose URL is claimed, or -1
 * @param created epoch seconds
 * @param file the compose file; {@code null} if it is none that was ever deployed
 * @param previous the file that would be put back, or {@code null}
 * @param lease epoch seconds; 0 for ever, -1 unreadable
 * @param backoff whether the sweep waits before it tries again
 * @param containers {@code service:version state id} of each
 * @param resources ids of containers, networks and volumes
 * @param gone what is remembered of an earlier life, or {@code null}
 */
public record Seen(
        boolean record,
        String state,
        boolean removing,
        boolean other,
        int url,
        long sequence,
        long generation,
        long created,
        Content file,
        Content previous,
        long lease,
        boolean backoff,
        Set<String> containers,
        Set<String> resources,
        Gone gone) {}
