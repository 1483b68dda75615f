[#--
  A deployment that stays: staging, production. It comes back with the machine.
--]
services:
[#list stack.services as name, service]
  [=name]:
    restart: unless-stopped
    labels:
      io.github.xdevops.compose.managed: "true"
[/#list]
