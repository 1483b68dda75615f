[#--
  A name and a password in front of every route: compose.basicAuth, or the variable COMPOSE_BASIC_AUTH.
--]
services:[#if !routed?has_content] {}[/#if]
[#list routed as service, routes]
  [=service]:
    labels:
[#list routes as route]
[#if route.basicAuth == ""]
[#stop "the overlay basicauth needs compose.basicAuth=name:password"]
[/#if]
      [="traefik.http.middlewares.[=route.router]__basicauth.basicauth.users"]: [=route.basicAuth]
[/#list]
[/#list]
