# shellcheck shell=bash disable=SC2154
# Traefik as a plain process in the host's network namespace: it reaches every bridge without being attached to any, `docker ps -a` of
# the engine shows only what tests started, and nothing has to be built or pulled into the engine before it runs.

TRAEFIK=v3.6.12 # the 3.7 series cannot be built from its module zip: its go.mod replaces a module by a directory the zip lacks

traefik_api() { curl -fsS --noproxy '*' --max-time 2 "http://127.0.0.1:$(recall port/api)$1"; }
traefik_up() { alive traefik && traefik_api /ping >/dev/null 2>&1; }

start_traefik() {
  ! traefik_up || return 0
  provide_traefik || return 1
  stop traefik
  choose_port web 8088
  choose_port api $(($(recall port/web) + 1))
  cat >"$RUN/etc/traefik.yml" <<YAML
global: {checkNewVersion: false, sendAnonymousUsage: false}
log: {level: INFO, noColor: true}
accessLog: {filePath: $RUN/log/access.log}
entryPoints:
  web: {address: "127.0.0.1:$(recall port/web)"}
  traefik: {address: "127.0.0.1:$(recall port/api)"}
api: {insecure: true}
ping: {}
serversTransport: {forwardingTimeouts: {idleConnTimeout: 3s}}
providers:
  providersThrottleDuration: 100ms
  docker:
    endpoint: unix://$SOCKET
    exposedByDefault: false
    constraints: Label(\`io.github.xdevops.compose.managed\`,\`true\`)
YAML
  step "starting Traefik on 127.0.0.1:$(recall port/web), its API on $(recall port/api)"
  start traefik "$RUN/bin/traefik" --configFile="$RUN/etc/traefik.yml"
  wait_for traefik 15 traefik_api /ping
}

provide_traefik() {
  local cached
  cached=$CACHE/traefik-$TRAEFIK-rfc2136-$(uname -m)
  if [ ! -x "$cached" ]; then
    mkdir -p "$CACHE"
    pull_traefik "$cached.new" || build_traefik "$cached.new" || return 1
    mv "$cached.new" "$cached"
  fi
  cmp -s "$cached" "$RUN/bin/traefik" || install -m 755 "$cached" "$RUN/bin/traefik"
}

pull_traefik() {
  local image=traefik:$TRAEFIK container
  step "pulling $image"
  timeout 30 "$RUN/client/docker" pull -q "$image" >"$RUN/log/pull.log" 2>&1 || return 1
  container=$(private_docker create "$image")
  private_docker cp "$container:/usr/local/bin/traefik" "$1"
  private_docker rm "$container" >/dev/null
  private_docker rmi "$image" >/dev/null
}

# In the directory of the module itself, because its `replace` lines count only there; a copy, because the module cache is read-only.
# Of the DNS challenges of some 180 providers, whose clients are more than half of what would be compiled, with that of BIND only.
build_traefik() {
  local work=$CACHE/traefik-build module=github.com/traefik/traefik/v3 log=$RUN/log/traefik-build.log go
  go=$(find_go) || { step "no registry has Traefik, and there is no Go to build it with"; return 1; }
  step "no registry has it: building Traefik $TRAEFIK from its Go module, once (minutes and gigabytes; log: $log)"
  mkdir -p "$work"
  # Caches of its own, so that 4 GB can be deleted afterwards; kept after a failure, so that the next try goes on from there.
  (
    cd "$work"
    export GOMODCACHE=$work/mod GOCACHE=$work/cache GOFLAGS=-modcacherw GOTOOLCHAIN=auto CGO_ENABLED=0
    downloaded() { "$go" mod download -json "$1" | sed -n 's/.*"Dir": "\(.*\)",*$/\1/p'; }
    dir=$(downloaded "$module@$TRAEFIK")
    rm -rf src
    cp -r "$dir" src
    chmod -R u+w src
    cd src
    cat >"$(downloaded github.com/go-acme/lego/v4)/providers/dns/zz_gen_dns_providers.go" <<'GO'
package dns

import (
	"errors"

	"github.com/go-acme/lego/v4/challenge"
	"github.com/go-acme/lego/v4/providers/dns/rfc2136"
)

func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	if name == "rfc2136" {
		return rfc2136.NewDNSProvider()
	}
	return nil, errors.New("this build knows no DNS provider: " + name)
}
GO
    nice "$go" build -trimpath -ldflags "-s -w -X $module/pkg/version.Version=${TRAEFIK#v}" -o "$1" ./cmd/traefik
  ) >"$log" 2>&1 || { tail -n 5 "$log" >&2; return 1; }
  chmod -R u+w "$work"
  rm -rf "$work"
}

traefik_missing() {
  cat >&2 <<'NOTICE'

  ****************************************************************************
  NO TRAEFIK: no registry gave its image and it could not be built from Go.
  All else is up. UNCHECKED without it: that a deployed URL answers, routing
  by host name, that stacks stay apart behind the proxy, basic authentication.
  Give it one of these and run `it/server up` again:
  a registry that has the image, or Go 1.21 or newer and a Go module proxy.
  ****************************************************************************

NOTICE
}

traefik_status() {
  traefik_up || { report traefik DOWN ''; return 1; }
  report traefik up "pid $(pid_of traefik)  $TRAEFIK  web 127.0.0.1:$(recall port/web)  api http://127.0.0.1:$(recall port/api)"
}
