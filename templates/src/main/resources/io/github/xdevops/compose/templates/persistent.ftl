[#--
  A deployment that stays: staging, production. It comes back with the machine.
--]
[#-- With its name in the file, "cd HOME && docker compose ps" finds it. --]
name: [=project]
services:
[#list stack.services as name, service]
  [=name]:
[#if !service.restart?? && !(service.deploy.restart_policy)??]
    restart: unless-stopped
[/#if]
[#-- So that nobody answers for a neighbour on a network that both are in. --]
[#if !(service.cap_drop![])?seq_contains("NET_RAW") && !(service.cap_drop![])?seq_contains("ALL")]
    cap_drop: ["NET_RAW"]
[/#if]
[#if !service.logging??]
    # The server does it.
    x-logging: journald, or files
    logging: {driver: journald}
[/#if]
    # The server does it.
    x-replacement: [=replacements[name]]
    labels:
      io.github.xdevops.compose.managed: "true"
[#if replacements[name]?starts_with("start-first")]
      io.github.xdevops.compose.generation: "0"
[/#if]
[#-- Names of Traefik are global on a server. --]
[#list (ownLabels.removed[name])![] as label]
      [=label]: !reset null
[/#list]
[#list (ownLabels.added[name])!{} as label, value]
      [=label]: [=value]
[/#list]
[/#list]
