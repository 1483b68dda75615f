[#--
  A review environment: short-lived, alone, bounded. Rendered over the resolved stack and merged into it by Compose's rules.
--]
[#-- What names no limit shares what a whole stack may have. --]
[#assign memory = (stack.services?size > 8)?then((8192 / stack.services?size)?floor + "m", "1g")]
[#-- Containers are named after their project, so what a file names by a container is its service. --]
[#assign containers = {}]
[#list stack.services as name, service]
[#if service.container_name??]
[#assign containers = containers + {service.container_name: name}]
[/#if]
[/#list]
[#-- Docker's default bridge is everybody's; the stack's own network leads to the same services, and to no neighbour. --]
[#assign bridged = stack.services?keys?filter(name -> ["", "bridge", "default"]?seq_contains(stack.services[name].network_mode!"none"))]
[#assign networks = (bridged?size > 0)?then({"default": {}}, {}) + (stack.networks!{})]
[#-- Docker chooses the addresses, so whoever knows a service by its address gets its name for it. --]
[#assign fixed = ["ipv4_address", "ipv6_address", "link_local_ips", "mac_address"]]
[#assign addresses = {}]
[#list stack.services as name, service]
[#list service.networks! as network, attachment]
[#list ["ipv4_address", "ipv6_address"] as key]
[#if (attachment[key])??]
[#assign addresses = addresses + {attachment[key]: name}]
[/#if]
[/#list]
[/#list]
[/#list]
services:
[#list stack.services as name, service]
  [=name]:
[#assign attachments = bridged?seq_contains(name)?then({"default": {}}, service.networks!{})]
[#if bridged?seq_contains(name)]
    network_mode: !reset null
[/#if]
[#list ["network_mode", "pid", "ipc"] as key]
[#assign other = (service[key]!"")?keep_after("container:")]
[#if other != "" && containers[other]??]
    [=key]: [=("service:" + containers[other])]
[/#if]
[/#list]
[#if service.volumes_from??]
    volumes_from: !override
[#list service.volumes_from as volumes]
[#assign other = volumes?keep_after("container:")]
[#assign container = other?keep_before(":")]
      - [=(other != "" && containers[container]??)?then((containers[container]!"") + other?remove_beginning(container), volumes)]
[/#list]
[/#if]
    # A failed environment is for inspection: it is not restarted, and none restarts with the machine.
    restart: "no"
[#if !service.init??]
    init: true
[/#if]
[#if !service.stop_grace_period??]
    stop_grace_period: "2s"
[/#if]
    # Neighbours would conflict on ports and names; the router and the network's own names replace them.
    ports: !reset []
    container_name: !reset null
[#-- The names that others may use go on to lead here, on the stack's own networks. --]
[#assign names = []]
[#if service.container_name??]
[#assign names = names + [service.container_name]]
[/#if]
[#if proxyNetwork != "" && service.hostname??]
[#assign names = names + [service.hostname]]
[/#if]
[#list stack.services as other, guest]
[#list guest.extra_hosts![] as host]
[#if (addresses[host?keep_after("=")]!"") == name]
[#assign names = names + [host?keep_before("=")]]
[/#if]
[/#list]
[#list guest.external_links![] as link]
[#if (containers[link?keep_before(":")]!"") == name]
[#assign names = names + [link?contains(":")?then(link?keep_after(":"), link)]]
[/#if]
[/#list]
[/#list]
[#if attachments?has_content]
    networks:
[#list attachments as network, attachment]
      [=network]:
[#list fixed?filter(key -> (attachment[key])??) as key]
        [=key]: !reset null
[/#list]
[#if names?has_content]
        aliases: [[#list names as alias][=alias][#sep], [/#list]]
[/#if]
[/#list]
[/#if]
[#if service.mac_address??]
    mac_address: !reset null
[/#if]
[#if (service.external_links![])?filter(link -> containers[link?keep_before(":")]??)?has_content]
    external_links: !override [[#list service.external_links?filter(link -> !containers[link?keep_before(":")]??) as link][=link][#sep], [/#list]]
[/#if]
[#if (service.extra_hosts![])?filter(host -> addresses[host?keep_after("=")]??)?has_content]
    extra_hosts: !override [[#list service.extra_hosts?filter(host -> !addresses[host?keep_after("=")]??) as host][=host][#sep], [/#list]]
[/#if]
[#if proxyNetwork != ""]
    # Docker makes them names on every network of the container, including the one shared through Traefik.
    hostname: !reset null
    domainname: !reset null
[/#if]
[#-- A list that has an item twice is refused. --]
[#if !(service.security_opt![])?seq_contains("no-new-privileges:true")]
    security_opt: ["no-new-privileges:true"]
[/#if]
[#-- So that nobody answers for a neighbour on a network that both are in. --]
[#if !(service.cap_drop![])?seq_contains("NET_RAW") && !(service.cap_drop![])?seq_contains("ALL")]
    cap_drop: ["NET_RAW"]
[/#if]
[#-- Docker takes a limit of processors in one of two ways, not in both. --]
[#assign cpus = "1"]
[#if (service.cpu_quota!0) > 0]
[#assign cpus = (service.cpu_quota / (service.cpu_period!100000))?string["0.####"]]
[/#if]
    cpu_quota: !reset null
    cpu_period: !reset null
[#-- Compose wants a service's limits in one of two places, not in both. --]
[#if (service.deploy.resources.limits)??]
[#assign limits = service.deploy.resources.limits]
    deploy:
      mode: !reset null
      restart_policy: !reset null
      placement: !reset null
      endpoint_mode: !reset null
      labels: !reset null
      resources:
        limits:
          cpus: [=limits.cpus!cpus]
          pids: [=limits.pids!512]
          memory: [=limits.memory!memory]
[#else]
[#-- Compose heeds these in no mode, and an empty mapping is refused. --]
[#assign idle = ["mode", "restart_policy", "placement", "endpoint_mode", "labels"]]
[#if service.deploy?? && service.deploy?keys?filter(key -> !idle?seq_contains(key))?size == 0]
    deploy: !reset null
[#elseif service.deploy??]
    deploy: {[#list idle as key][=key]: !reset null[#sep], [/#list]}
[/#if]
    cpus: [=service.cpus!cpus]
    pids_limit: [=service.pids_limit!512]
    mem_limit: [=service.mem_limit!memory]
[/#if]
[#-- Logs that are bounded already stay as the project has them. --]
[#assign options = (service.logging.options)!{}]
[#if !(["json-file", "local"]?seq_contains((service.logging.driver)!"json-file")
  && (options["max-size"]!"")?matches("[1-9][0-9]{0,2}k|[1-9]m|10m") && (options["max-file"]!"1")?matches("[1-5]")
  && options?keys?filter(key -> !["max-size", "max-file", "compress"]?seq_contains(key))?size == 0)]
    logging: !override
      driver: json-file
      options: {max-size: "10m", max-file: "2"}
[#elseif !(service.logging.driver)??]
    logging: {driver: json-file}
[/#if]
    labels:
      io.github.xdevops.compose.managed: "true"
[#list service.labels! as label, value]
[#if label?lower_case?starts_with("traefik.")]
      [=label]: !reset null
[/#if]
[/#list]
[/#list]
[#-- A fixed or foreign name would reach into other environments: each stack gets its own network and volume instead. --]
[#list {"networks": networks, "volumes": stack.volumes!{}} as kind, resources]
[#if resources?has_content]
[=kind]:
[#list resources as name, value]
[#if (value.external)?? || kind == "volumes" && (value.name)??]
  [=name]: !override
    labels: {io.github.xdevops.compose.managed: "true"}
[#else]
  [=name]:
    labels: {io.github.xdevops.compose.managed: "true"}
[#list (kind == "networks")?then(["name", "driver_opts", "ipam"], []) as key]
    [=key]: !reset null
[/#list]
[#if kind == "networks" && (value.driver!"bridge") != "bridge"]
    driver: !reset null
[/#if]
[#if (value.ipam)??]
    enable_ipv6: !reset null
[/#if]
[/#if]
[/#list]
[/#if]
[/#list]
