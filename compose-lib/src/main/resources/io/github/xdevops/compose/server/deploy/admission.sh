# --- admission: is there room for one more? ---------------------------------------------------------------------------
# Needs deploy/room, deploy/evict. Ends the program when there is none.

admit() { # before the upload: measure; if short, sweep and measure; if allowed, evict and measure; else refuse
  local first='' pools='' docker_root short short_word excess evicted='' tried='' tries=0
  local lacking_disk lacking_inodes lacking_memory lacking_networks
  # What runs as it should needs no more than it has.
  ! load_manifest "$dir" || [ "$m_state:$m_sha256" != "live:$sha256" ] || return 0
  read_limits
  read_docker_root
  [ "$limit_environments" != -1 ] || [ "$lifetime" = forever ] || [ -d "$dir" ] || finish POLICY "no-reviews $project"
  [ -d "$dir" ] || { first=yes && ask_docker; }
  measure
  [ -n "$short" ] || return 0
  phase make-room
  reply "note $short"
  sweep_others
  measure
  while [ -n "$short" ] && [ -n "$may_evict" ] && evict_one; do measure; done
  [ -n "$short" ] || return 0
  case $may_evict:$evicted in
  yes:) finish "$short_word" "no-room-to-evict $project $short" ;;
  yes:*) finish "$short_word" "no-room-evicted $project $evicted $short" ;;
  esac
  finish "$short_word" "no-room $project $short"
}

check_counts() { # again, under the lock of all projects: other deploys may have been admitted at the same time
  local short='' short_word='' excess=1
  read_limits >/dev/null
  measure_counts
  [ -z "$short" ] || finish "$short_word" "$short: another deploy was faster, and nothing was changed; try again"
}

# --- limits: what has to be free, and how many reviews there may be, unless the owner's file .limits sets it
# 0 = not checked. Docker's default address pools have room for about 30 networks.

limit_disk_mib=1024 limit_inodes=10000 limit_memory_mib=256 limit_networks=1
limit_environments=100 limit_environments_per_repository=50
limit_sleep_minutes=0 # for deploys that do not set it; 0 = never
limit_lifetime_days=90 # behind a gate without persistent=yes
# What one stack may ask for; what is not set here, review.policy sets.
limit_stack_memory_mib='' limit_stack_cpus='' limit_stack_pids='' limit_stack_containers=''
limit_stack_networks='' limit_stack_volumes='' limit_stack_health_checks=''

read_limits() { # lines KEY=NUMBER; other lines are ignored with a warning; sets limit_*
  local limits="$state/.limits" answer
  [ -e "$limits" ] || [ -L "$limits" ] || return 0
  if [ ! -f "$limits" ] || [ ! -r "$limits" ]; then
    reply "warning $limits cannot be read, so the built-in limits apply"
    return
  fi
  answer=$(awk "$(limits_awk)" "$limits")
  eval "$(printf '%s\n' "$answer" | grep '^limit_[a-z_]*=-\{0,1\}[0-9]*$')"
  printf '%s\n' "$answer" | sed -n "s/^odd [0-9]* /@$nonce warning no-such-limit /p"
}
