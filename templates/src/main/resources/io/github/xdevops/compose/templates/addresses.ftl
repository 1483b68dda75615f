[#--
  Services learn their URLs before they start: COMPOSE_URL, and COMPOSE_URL_SERVICE for each service that has one.
--]
services:
[#list stack.services as name, service]
  [=name]:
    environment:
[#list urls as variable, url]
[#if !(service.environment[variable])??]
      [=variable]: [=url]
[/#if]
[/#list]
[/#list]
