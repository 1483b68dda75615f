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
[#if !service.logging??]
    logging: {driver: journald}
[/#if]
    labels:
      io.github.xdevops.compose.managed: "true"
[/#list]
