[#--
  Search engines are told to stay away from every route.
--]
services:
[#list routed as service, routes]
  [=service]:
    labels:
[#list routes as route]
      [="traefik.http.middlewares.[=route.router]-noindex.headers.customresponseheaders.X-Robots-Tag"]: "noindex, nofollow"
[/#list]
[/#list]
