[#--
  Routers for Traefik v3. Their names are global on a server, so they are made from the project's name, by code, as are the
  rules.
--]
services:[#if !routed?has_content] {}[/#if]
[#list routed as service, routes]
  [=service]:
    labels:
      traefik.enable: "true"
      traefik.docker.network: [=routes[0].network]
[#list routes as route]
      [="traefik.http.routers.[=route.router].rule"]: [=route.rule]
[#if route.priority != ""]
      [="traefik.http.routers.[=route.router].priority"]: [=route.priority]
[/#if]
      [="traefik.http.routers.[=route.router].entrypoints"]: [=route.entryPoint]
      [="traefik.http.routers.[=route.router].service"]: [=route.router]
[#if route.secure]
      [="traefik.http.routers.[=route.router].tls"]: "true"
[#if route.certResolver != ""]
      [="traefik.http.routers.[=route.router].tls.certresolver"]: [=route.certResolver]
[/#if]
[#-- HTTP redirects to HTTPS, before anybody is asked for a password. --]
      [="traefik.http.routers.[=route.router]__http.rule"]: [=route.rule]
[#if route.priority != ""]
      [="traefik.http.routers.[=route.router]__http.priority"]: [=route.priority]
[/#if]
      [="traefik.http.routers.[=route.router]__http.entrypoints"]: web
      [="traefik.http.routers.[=route.router]__http.service"]: [=route.router]
      [="traefik.http.routers.[=route.router]__http.middlewares"]: [=route.httpMiddlewares]
      [="traefik.http.middlewares.[=route.router]__https.redirectscheme.scheme"]: https
[#if route.publicPort != ""]
      [="traefik.http.middlewares.[=route.router]__https.redirectscheme.port"]: [=route.publicPort]
[/#if]
[#if lifetime == "forever"]
      [="traefik.http.middlewares.[=route.router]__https.redirectscheme.permanent"]: "true"
[/#if]
[/#if]
      [="traefik.http.routers.[=route.router].middlewares"]: [=route.middlewares]
      [="traefik.http.middlewares.[=route.router]__deployment.headers.customresponseheaders.X-Compose-Deployment"]: [=route.mark]
[#if route.strip]
      [="traefik.http.middlewares.[=route.router]__strip.stripprefix.prefixes"]: [=route.path]
[/#if]
      [="traefik.http.services.[=route.router].loadbalancer.server.port"]: [=route.port]
[#if route.scheme != "http"]
      [="traefik.http.services.[=route.router].loadbalancer.server.scheme"]: [=route.scheme]
[/#if]
[#if route.sticky]
      [="traefik.http.services.[=route.router].loadbalancer.sticky.cookie"]: "true"
      [="traefik.http.services.[=route.router].loadbalancer.sticky.cookie.httponly"]: "true"
[#if route.secure]
      [="traefik.http.services.[=route.router].loadbalancer.sticky.cookie.secure"]: "true"
[/#if]
[/#if]
[/#list]
[/#list]
