[#--
  Search engines are told to stay away from every route.
--]
services:[#if !routed?has_content] {}[/#if]
[#list routed as service, routes]
  [=service]:
    labels:
[#list routes as route]
      [="traefik.http.middlewares.[=route.router]__noindex.headers.customresponseheaders.X-Robots-Tag"]: "noindex, nofollow"
[/#list]
[/#list]
