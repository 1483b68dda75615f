[#--
  A deployment that stays: staging, production. It comes back with the machine.
--]
[#-- With its name in the file, "cd HOME && docker compose ps" finds it. --]
name: [=project]
services:
[#list stack.services as name, service]
  [=name]:
    restart: unless-stopped
[#if !service.logging??]
    logging: {driver: journald}
[/#if]
    labels:
      io.github.xdevops.compose.managed: "true"
[/#list]
