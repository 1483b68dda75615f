[#--
  www. in front of each host name redirects to the name without it. For persistent environments only.
--]
services:[#if !routed?has_content] {}[/#if]
[#list routed as service, routes]
  [=service]:
    labels:
[#list routes as route]
      [="traefik.http.middlewares.[=route.router]__www.redirectregex.regex"]: "^(https?://)www\\.(.+)"
      [="traefik.http.middlewares.[=route.router]__www.redirectregex.replacement"]: "${1}${2}"
      [="traefik.http.middlewares.[=route.router]__www.redirectregex.permanent"]: "true"
[/#list]
[/#list]
