# --- step daemon: daemon.json with room for 1,024 networks, capped logs, and containers that outlive the daemon; the order at boot
# Needs core, steps/packages. Ends the program when the owner's file is no JSON, or Docker does not take it.

readonly daemon_json=/etc/docker/daemon.json boot_unit=/etc/systemd/system/xdevops-boot.service

step_daemon() {
  local merged='{}'
  if command -v jq >/dev/null; then
    merged=$(merge_daemon) || finish DATA "$daemon_json is not a JSON object: $(jq . "$daemon_json" 2>&1 >/dev/null | tail -n 1 | cut -c 1-200). Correct it; Docker would not start with it either"
  fi
  ensure_file "$daemon_json" "$(daemon_mode)" print_merged
  has_read docker "$daemon_json" || use_daemon
  ensure_file /usr/local/sbin/xdevops-boot 755 boot_program
  ensure_file "$boot_unit" 644 boot_service
  ensure 'keep the order of services at boot' boots_in_order boot_in_order
}

boots_in_order() { systemctl -q is-enabled xdevops-boot && [ "$(systemctl show -p NeedDaemonReload --value xdevops-boot)" = no ]; }
boot_in_order() { systemctl daemon-reload && systemctl enable xdevops-boot; }

print_merged() { printf '%s\n' "$merged"; }
daemon_mode() { stat -c %a "$daemon_json" 2>/dev/null || echo 644; }
read_daemon() { if [ -s "$daemon_json" ]; then cat "$daemon_json"; else echo '{}'; fi; }

merge_daemon() { # prints the owner's own bytes if nothing is missing
  local own whole
  own=$(read_daemon)
  whole=$(printf '%s' "$own" | jq -e --arg pool "$(free_pool)" --arg swarm "$(swarm_state)" "$(daemon_jq)") || return 1
  if [ -s "$daemon_json" ] && [ "$(printf '%s' "$own" | jq -S .)" = "$(printf '%s' "$whole" | jq -S .)" ]; then printf '%s' "$own"; else printf '%s' "$whole"; fi
}

swarm_state() { timeout 20 docker info --format '{{.Swarm.LocalNodeState}}' 2>/dev/null; }

free_pool() { # prints the first pool of which no address is in use here
  local second
  for second in 213 214 215 216 217; do
    ip -o route show table all 2>/dev/null | grep -q "\\b10\\.$second\\." || break
  done
  echo "10.$second.0.0/16"
}

# Address pools and log limits are read when Docker starts, live-restore also when it reloads. Containers end with a Docker that did not
# start with live-restore, so it is not restarted under them unless the owner says so.
use_daemon() {
  if [ -n "$(docker ps -q 2>/dev/null)" ] && [ -z "$force" ] && [ -z "$dry" ]; then
    systemctl reload docker >>"$log" 2>&1
    [ ! -e /run/xdevops.read/docker.reloaded ] || [ "$(cat /run/xdevops.read/docker.reloaded)" != "$(sum "$daemon_json")" ] || { remind && return; }
    reply "change reload Docker"
    mkdir -p /run/xdevops.read && sum "$daemon_json" >/run/xdevops.read/docker.reloaded
    remind
  else
    ensure 'restart Docker' docker_has_read restart_docker
  fi
}

remind() { note "containers run, so Docker was not restarted: address pools and log limits of $daemon_json apply from its next start, or with compose.force=true"; }

docker_has_read() { has_read docker "$daemon_json" && docker_answers; }

restart_docker() { # with the owner's file as it was if Docker does not start with ours
  systemctl reset-failed docker
  if systemctl restart docker && docker_answers; then
    mark_read docker "$daemon_json"
    return
  fi
  if [ -f "$daemon_json.before" ]; then cp -p "$daemon_json.before" "$daemon_json"; else rm -f "$daemon_json"; fi
  systemctl reset-failed docker
  systemctl restart docker
  finish UNAVAIL "Docker did not start with the merged $daemon_json, so that is as it was before, and Docker runs as before. Its log (journalctl -u docker) says why"
}
