# --- the gate: what a key may do --------------------------------------------------------------------------------------
# In authorized_keys: restrict,command="/bin/sh .yourlabs.compose/.host/gate.sh gate KEY=VALUE…" ssh-ed25519 …
# The script that runs is always this one, whatever the client asks for; nothing that the client sends is executed.
# A worker inherits the gate of the deploy that started it; all other calls begin without one.
# Needs core/answer, core/record, deploy/admission. deny ends the program.

[ "$verb" = work ] || unset gate gate_repository gate_projects gate_hosts gate_persistent gate_home gate_exec gate_proxies gate_seeds
gate=${gate-} gate_repository=${gate_repository-} gate_projects=${gate_projects-} gate_hosts=${gate_hosts-}
gate_persistent=${gate_persistent-} gate_home=${gate_home-} gate_exec=${gate_exec-} gate_proxies=${gate_proxies-}
gate_seeds=${gate_seeds-} passed=''

open_gate() { # GATE'S WORDS: sets gate_*, verb, and passed to the client's words
  local word asked
  for word; do
    case $word in
    state=*) state=${word#*=} ;;
    repository=* | projects=* | hosts=* | persistent=yes | home=* | exec=yes | proxies=* | seeds=*)
      eval "gate_${word%%=*}=\${word#*=}"
      ;;
    *) finish USAGE "the gate has a word that it does not know: $word; correct it in authorized_keys" ;;
    esac
  done
  [ -n "$gate_repository$gate_projects" ] || finish USAGE 'the gate names neither a repository nor projects; correct it in authorized_keys'
  gate=yes
  asked=${SSH_ORIGINAL_COMMAND:-}
  [ ${#asked} -le 65536 ] || deny 'passes at most 64 KiB of words'
  case $asked in
  "exec /bin/sh -c '"*"' compose "*) ;;
  *) deny "only runs this tool's commands" ;;
  esac
  passed=${asked##*"' compose "}
  case $passed in *[!a-zA-Z0-9._:/=@%+,\ -]*) deny 'passes plain words only' ;; esac
  passed=${passed#* }
  verb=${passed%% *}
  case $verb in
  deploy | attend | down | pin | extend | list | show | sweep | inspect | logs | exec | lacking | layer | load | rollback) ;;
  *) deny "does not know the verb $verb" ;;
  esac
  # The last word counts: the gate's own state directory.
  passed="${passed#"$verb"} state=$state gated=yes"
}

deny() { # WHY
  echo "this SSH key is behind a gate that $1" >&2
  finish NOPERM "this SSH key is behind a gate that $1"
}

check_gate() { # denies what the gate does not allow
  local host lease
  [ -n "$gate" ] || return 0
  case $verb in
  list | lacking | layer | load) return ;;
  sweep)
    [ -z "$force" ] || deny 'does not allow force in a sweep'
    return
    ;;
  esac
  is_within "$project" || deny "does not allow $project"
  if [ "$verb" = deploy ] || [ "$verb" = work ]; then
    [ -z "$gate_repository" ] || [ "$repository" = "$gate_repository" ] || deny 'is for another repository'
    [ -z "$may_evict" ] || [ -n "$gate_repository" ] || deny 'does not allow eviction'
    for host in $(printf '%s' "$hosts" | tr ',' ' '); do
      [ -z "$gate_hosts" ] || is_one_of "$host" "$gate_hosts" || deny "does not allow http://$host"
    done
    [ -z "$proxy" ] || { [ -n "$gate_proxies" ] && is_one_of "$proxy" "$gate_proxies"; } ||
      deny "does not allow the network $proxy; its owner adds proxies=$proxy in authorized_keys"
    [ -z "$seed" ] || { [ -n "$gate_seeds" ] && is_one_of "${seed%@*}" "$gate_seeds"; } ||
      deny "gives no copy of the data of ${seed%@*}; its owner adds seeds=${seed%@*} in authorized_keys"
    [ -z "$home" ] || { [ -n "$gate_home" ] && case $home/ in "$gate_home"/*) ;; *) false ;; esac; } || deny "does not allow $home"
  fi
  if [ "$verb" = exec ]; then
    [ -n "$gate_exec" ] || deny 'runs no commands in containers'
    read_lease "$state/$project"
    [ "$lease" != forever ] || [ -n "$gate_persistent" ] || deny 'is for review environments only'
  fi
  case $lifetime in
  '' | forever) ;;
  *)
    read_limits >/dev/null
    [ -n "$gate_persistent" ] || [ "$limit_lifetime_days" -eq 0 ] || [ "$lifetime" -le $((limit_lifetime_days * day)) ] ||
      deny "gives an environment at most $limit_lifetime_days days"
    ;;
  esac
  case $verb:$lifetime:$force in
  pin:* | *:forever:* | down:*:yes) [ -n "$gate_persistent" ] || deny 'is for review environments only' ;;
  esac
}

is_within() { # PROJECT: may the key see it, or make it?
  [ -n "$gate" ] || return 0
  [ -z "$gate_projects" ] || is_one_of "$1" "$gate_projects" || return 1
  [ -z "$gate_repository" ] || [ ! -d "$state/$1" ] || grep -q "^\"repository\": \"$gate_repository\"" "$state/$1/manifest.json" 2>/dev/null
}

all_within() { # prints the names of all projects that the key may see, with a blank before and after each
  local record
  printf ' '
  for record in "$state"/*/; do
    record=${record%/}
    ! is_within "${record##*/}" || printf '%s ' "${record##*/}"
  done
}

# Sweeps all projects, and reports those of the key. Their owners are read before the sweep removes them.
sweep_behind_gate() {
  local within
  within=$(all_within)
  /bin/sh "$self" sweep "state=$state" "nonce=$nonce" "lock_wait=$lock_wait" | only_heard "$nonce" "$within"
}

only_heard() { # NONCE NAMES <OUTPUT: prints a sweep's output about these projects; awk reads the names as within
  if [ -z "$gate" ]; then cat; else within=$2 awk -v mark="@$1 " "$(status_awk)"; fi
}

is_one_of() { # WORD PATTERN,…: in a pattern, * stands for anything
  local rest="$2,"
  while [ -n "$rest" ]; do
    # shellcheck disable=SC2254 # it is a pattern
    case $1 in ${rest%%,*}) return 0 ;; esac
    rest=${rest#*,}
  done
  return 1
}
