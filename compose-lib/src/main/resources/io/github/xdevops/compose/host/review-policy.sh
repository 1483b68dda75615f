# --- the policy: what a branch's environment may ask for ---------------------------------------------------------------

# Read by policy.sh. docs/policy.md tells how it is written.
review_policy() {
  cat <<'END'
allow name = PROJECT
allow x-*.**
allow services.*
allow services.*.x-*.**

# The program
allow services.*.image
allow services.*.platform
allow services.*.pull_policy
allow services.*.command.**
allow services.*.entrypoint.**
allow services.*.environment.**
allow services.*.working_dir
allow services.*.user
allow services.*.hostname
allow services.*.domainname
allow services.*.init
allow services.*.tty
allow services.*.stdin_open
allow services.*.attach
allow services.*.read_only
allow services.*.healthcheck.**
allow services.*.depends_on.**
allow services.*.profiles.**
allow services.*.restart = no
allow services.*.stop_grace_period
allow services.*.stop_signal
refuse services.*.build.**  # the server builds no images
refuse services.*.provider.**  # runs a program of the server
refuse services.*.post_start.**  # may run as the server's root user
refuse services.*.pre_stop.**  # may run as the server's root user
refuse services.*.env_file.**  # a file of the server
refuse services.*.label_file.**  # a file of the server

# Rights
allow services.*.cap_drop.**
allow services.*.privileged = false
allow services.*.security_opt[] = no-new-privileges:true
refuse services.*.privileged = true  # is root on the server
refuse services.*.cap_add.**  # rights over the server
refuse services.*.devices.**  # devices of the server
refuse services.*.device_cgroup_rules.**  # devices of the server
refuse services.*.gpus.**  # devices of the server
refuse services.*.sysctls.**  # settings of the server's kernel
refuse services.*.group_add.**  # groups of the server
refuse services.*.userns_mode  # users of the server
refuse services.*.uts  # the server's own names
refuse services.*.pid  # processes of the server or of neighbours
refuse services.*.ipc  # memory of the server or of neighbours
refuse services.*.cgroup  # limits of the server
refuse services.*.cgroup_parent  # limits of the server
refuse services.*.runtime  # another runtime may confine nothing
allow services.*.pid = service:*
allow services.*.ipc = private|shareable|service:*
allow services.*.cgroup = private

# Limits
allow services.*.cpus <= 4
allow services.*.cpu_shares
allow services.*.pids_limit <= 4096
allow services.*.mem_limit <= 4g
allow services.*.mem_reservation <= 4g
allow services.*.shm_size <= 1g
allow services.*.scale <= 5
allow services.*.deploy.mode = replicated
allow services.*.deploy.replicas <= 5
allow services.*.deploy.resources.limits.cpus <= 4
allow services.*.deploy.resources.limits.pids <= 4096
allow services.*.deploy.resources.limits.memory <= 4g
allow services.*.deploy.resources.reservations.cpus <= 4
allow services.*.deploy.resources.reservations.memory <= 4g
allow services.*.deploy.update_config.**
allow services.*.deploy.rollback_config.**
allow services.*.ulimits.nofile.**
allow services.*.ulimits.nproc.**
allow services.*.ulimits.memlock.**
allow services.*.logging.driver = json-file|local
allow services.*.logging.options.max-size <= 10m
allow services.*.logging.options.max-file <= 5
allow services.*.logging.options.compress
require services.*.security_opt[] = no-new-privileges:true
require services.*.cpus or services.*.deploy.resources.limits.cpus
require services.*.pids_limit or services.*.deploy.resources.limits.pids
require services.*.mem_limit or services.*.deploy.resources.limits.memory
require services.*.logging.driver
require services.*.logging.options.max-size

# Files and volumes
allow services.*.tmpfs.**
allow services.*.volumes[].type = volume|tmpfs
allow services.*.volumes[].source
allow services.*.volumes[].target
allow services.*.volumes[].read_only
allow services.*.volumes[].volume
allow services.*.volumes[].volume.nocopy
allow services.*.volumes[].volume.subpath
allow services.*.volumes[].tmpfs
allow services.*.volumes[].tmpfs.size
allow services.*.volumes[].tmpfs.mode
allow services.*.configs[].**
refuse services.*.volumes[].type = bind  # a path of the server
refuse services.*.volumes[].source = */*  # a path of the server
refuse services.*.volumes[].source = .*  # a path of the server
refuse services.*.volumes[].source = ~*  # a path of the server
refuse services.*.volumes_from.**  # volumes of neighbours
allow volumes.*
allow volumes.*.driver = local
refuse volumes.*.driver_opts.**  # a path or a share of the server's
refuse volumes.*.name  # a volume of neighbours
refuse volumes.*.external  # a volume of neighbours
allow configs.*.content
allow configs.*.x-*
refuse configs.*.file  # a file of the server
refuse configs.*.environment  # a variable of the server
refuse configs.*.external  # a config of neighbours
refuse secrets.*.**  # a file or a variable of the server

# Networks
allow services.*.expose.**
allow services.*.links.**
allow services.*.dns.**
allow services.*.dns_opt.**
allow services.*.dns_search.**
allow services.*.extra_hosts.**
allow services.*.network_mode = none|service:*
allow services.*.networks.*
allow services.*.networks.*.aliases.**
allow services.*.networks.*.priority
refuse services.*.ports.**  # neighbours want the same ports; a route is asked for with x-route or compose.routes
refuse services.*.container_name  # is one for the whole server
refuse services.*.external_links.**  # containers of neighbours
refuse services.*.network_mode = host  # is the server's own network
refuse services.*.network_mode = container:*  # the network of a neighbour
allow networks.*
allow networks.*.driver = bridge
allow networks.*.internal
allow networks.*.attachable
allow networks.*.enable_ipv4
allow networks.*.enable_ipv6
refuse networks.*.name  # a network of neighbours
refuse networks.*.external  # a network of neighbours
refuse networks.*.driver_opts.**  # interfaces of the server
refuse networks.*.ipam.**  # addresses that others may have

# Labels
allow *.*.labels.*
refuse *.*.labels."com.docker.*"  # tells whose a container is
refuse *.*.labels."io.github.xdevops.*"  # tells whose a container is
allow *.*.labels."io.github.xdevops.compose.managed" = true
refuse services.*.labels."traefik.*"  # routes are asked for with x-route or compose.routes
allow services.*.labels."traefik.enable" = true
allow services.*.labels."traefik.docker.network"
allow services.*.labels."traefik.http.routers.PROJECT.rule" = RULE
allow services.*.labels."traefik.http.routers.PROJECT.service" = PROJECT
allow services.*.labels."traefik.http.routers.PROJECT.entrypoints" = web|websecure
allow services.*.labels."traefik.http.routers.PROJECT.tls" = true
allow services.*.labels."traefik.http.routers.PROJECT.middlewares" = MIDDLEWARES
allow services.*.labels."traefik.http.routers.PROJECT__*.rule" = RULE
allow services.*.labels."traefik.http.routers.PROJECT__*.service" = PROJECT__*
allow services.*.labels."traefik.http.routers.PROJECT__*.entrypoints" = web|websecure
allow services.*.labels."traefik.http.routers.PROJECT__*.tls" = true
allow services.*.labels."traefik.http.routers.PROJECT__*.middlewares" = MIDDLEWARES
allow services.*.labels."traefik.http.services.PROJECT.loadbalancer.server.port"
allow services.*.labels."traefik.http.services.PROJECT__*.loadbalancer.server.port"
allow services.*.labels."traefik.http.middlewares.PROJECT__*.basicauth.users"
allow services.*.labels."traefik.http.middlewares.PROJECT__*.headers.customresponseheaders.*"
refuse services.*.labels."traefik.http.middlewares.*.plugin.*"  # a plugin of the server's Traefik
refuse services.*.labels."traefik.*@*"  # another provider's
refuse services.*.labels."traefik.http.routers.*.middlewares" = *@*  # another provider's
END
}

# What comes besides for what lives for ever.
persistent_policy() {
  cat <<'END'
allow services.*.labels."traefik.http.routers.PROJECT.tls.certresolver"
allow services.*.labels."traefik.http.routers.PROJECT__*.tls.certresolver"
allow services.*.labels."traefik.http.middlewares.PROJECT__*.redirectregex.regex"
allow services.*.labels."traefik.http.middlewares.PROJECT__*.redirectregex.replacement"
allow services.*.labels."traefik.http.middlewares.PROJECT__*.redirectregex.permanent"
END
}
