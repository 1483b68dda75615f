# --- step traefik: Traefik in the server's network namespace, with the least rights it can do with ----------------------
# Needs core, steps/packages. Ends the program when its image is not available.

readonly traefik_image=traefik:v3.6.12 dns_file=$etc/traefik/dns.json certificate=$etc/traefik/dynamic/xdevops-certificate.yml

step_traefik() {
  [ -z "$kept" ] || return 0
  local definition
  definition=$({ print_traefik && traefik_compose && { [ -z "$dns" ] || print_dns; }; } | sha256sum | cut -c 1-64)
  ensure "make $etc/traefik/dynamic" traefik_directories make_traefik_directories
  if [ -n "$dns" ]; then
    ensure_file "$dns_file" 600 print_dns
    ensure_file "$certificate" 644 print_certificate
  else
    ensure 'end the wildcard certificate' no_wildcard end_wildcard
  fi
  ensure_file "$etc/traefik/traefik.yml" 644 print_traefik
  ensure_file "$etc/traefik/compose.yaml" 644 print_compose
  ensure "pull $traefik_image" image_is_there pull_image
  ensure 'start Traefik' traefik_runs start_traefik
}

print_traefik() {
  case $email:$dns in
  :*) traefik_http ;;
  *:) traefik_https | sed "/^  wildcard:/,/dnsChallenge/d; s/EMAIL/$email/" ;;
  *) traefik_https | sed "s/EMAIL/$email/; s/PROVIDER/$dns/" ;;
  esac
}
print_compose() { traefik_compose | sed "s/DEFINITION/$definition/"; }

# What was given now, or else before. Compose reads JSON, too, and $$ as $.
print_dns() {
  if [ -n "$(dns_variables)" ]; then
    dns_variables | jq -Rn '[inputs | capture("^(?<key>[A-Z0-9_]*)=(?<value>.*)$") | .value |= gsub("[$]"; "$$")]
      | from_entries | {services: {traefik: {environment: .}}}'
  else
    cat "$dns_file"
  fi
}
print_certificate() { certificate_dynamic | sed "s/DOMAIN/$domain/g"; }
no_wildcard() { [ ! -e "$dns_file" ] && [ ! -e "$certificate" ]; }
end_wildcard() { rm -f "$dns_file" "$certificate"; }

traefik_directories() { [ -d "$etc/traefik/dynamic" ] && [ "$(stat -c %a /var/lib/xdevops/acme)" = 700 ]; }
make_traefik_directories() { mkdir -p "$etc/traefik/dynamic" && install -d -m 700 /var/lib/xdevops/acme; }

image_is_there() { docker image inspect "$traefik_image"; }
pull_image() {
  timeout 300 docker pull -q "$traefik_image" ||
    finish UNAVAIL "the image $traefik_image cannot be pulled: $(last_line). Load it with docker load, or let the server reach a registry, then run this again"
}

traefik_runs() { # one that has just begun gets a moment
  local tries=0
  while [ "$(traefik_state)" = "$definition starting" ] && [ "$tries" -lt 150 ]; do
    sleep 0.2
    tries=$((tries + 1))
  done
  [ "$(traefik_state)" = "$definition healthy" ] && traefik_has_read "$etc/traefik/traefik.yml" && traefik_has_read "$etc/traefik/compose.yaml"
}
traefik_has_read() { # FILE, which somebody may have changed meanwhile
  [ "$(date -d "$(docker inspect xdevops-traefik --format '{{.State.StartedAt}}')" +%s)" -ge "$(stat -c %Y "$1")" ]
}
traefik_state() {
  docker inspect xdevops-traefik --format '{{index .Config.Labels "io.github.xdevops.compose.provision"}} {{if .State.Running}}{{.State.Health.Status}}{{end}}'
}
start_traefik() { # anew: a power cut may have left half of a container, or one with another name
  docker ps -aq --filter label=com.docker.compose.project=xdevops-traefik | xargs -r docker rm -f
  timeout 180 docker compose -f "$etc/traefik/compose.yaml" ${dns:+-f "$dns_file"} up -d
}
