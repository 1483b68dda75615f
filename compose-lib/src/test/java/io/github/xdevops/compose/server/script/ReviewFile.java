package io.github.xdevops.compose.server.script;

/** A compose file as the client writes it for a review environment: what the policy asks for, and nothing that it refuses. */
final class ReviewFile {
    static final String SERVICE = """
            services:
              web:
                image: "x"
                cpus: 1
                pids_limit: 512
                mem_limit: "1073741824"
                logging:
                  driver: "json-file"
                  options:
                    max-size: "10m"
                security_opt:
                  - "no-new-privileges:true"
                cap_drop:
                  - "NET_RAW"
            """;

    private ReviewFile() {}
}
