[#--
  One of the two names of a host, with www. in front and without, redirects to the other (compose.www). For persistent environments only.
--]
[#assign redirected = routed?keys?filter(service -> routed[service]?filter(route -> route.otherHost != "")?has_content)]
services:[#if !redirected?has_content] {}[/#if]
[#list redirected as service]
  [=service]:
    labels:
[#list routed[service]?filter(route -> route.otherHost != "") as route]
      [="traefik.http.middlewares.[=route.router]__www.redirectregex.regex"]: [="(?i)^https?://" + route.otherHost?replace(".", "[.]") + "(:[0-9]+)?(/.*)?$"]
      [="traefik.http.middlewares.[=route.router]__www.redirectregex.replacement"]: [=route.origin + "${2}"]
      [="traefik.http.middlewares.[=route.router]__www.redirectregex.permanent"]: "true"
[/#list]
[/#list]
