[#--
  Mail that a review environment sends is caught, and read at mail-SLUG.DOMAIN.
--]
services:
  maildev:
    image: maildev/maildev:2.1.0
    expose: ["1025"]
    x-route: {port: 1080, prefix: mail}
[#if stack.networks?has_content]
    networks:
[#list stack.networks as network, definition]
      [=network]: {}
[/#list]
[/#if]
[#list stack.services as name, service]
[#if name != "maildev"]
  [=name]:
    environment:
[#list {"SMTP_HOST": "maildev", "SMTP_PORT": "1025"} as variable, value]
[#if !(service.environment[variable])??]
      [=variable]: [=value]
[/#if]
[/#list]
[/#if]
[/#list]
