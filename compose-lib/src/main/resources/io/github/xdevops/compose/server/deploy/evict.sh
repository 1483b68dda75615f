# --- making room ---

sweep_others() { # a sweep that is at work already does as well
  flock -w 60 "$state/.locks/.sweep" true
  within=''
  [ -z "$gate" ] || within=$(all_within)
  answer=$(timeout -k 5 120 /bin/sh "$self" sweep "state=$state" nonce=room 2>/dev/null)
  printf '%s\n' "$answer" | only_heard room "$within" | sed -n 's/^@room \(swept .*\)/\1/p; s/^@room warning //p' | while IFS= read -r line; do reply "note $line"; done
}

choose_victim() { # sets victim to the environment of the same repository that ends first, and ends
  victim='' ends='' candidates=0
  find_same_repository
  for file in "$state"/*/removeat; do
    record=${file%/*}
    [ "$record" != "$dir" ] && [ ! -L "$record" ] && is_same_repository && is_within "${record##*/}" && may_go "$record" || continue
    case " $tried " in *" ${record##*/} "*) continue ;; esac
    candidates=$((candidates + 1))
    if [ -z "$victim" ] || [ "$lease" -lt "$ends" ]; then victim=${record##*/} ends=$lease; fi
  done
  # None goes when it would not be enough.
  [ -n "$victim" ] && [ "$excess" -le "$candidates" ] && [ "$excess" -le $((most_evictions - tries)) ]
}

may_go() { # DIRECTORY: neither kept for ever nor on its way already; sets lease
  [ ! -e "$1/removing" ] || return 1
  read_lease "$1"
  case $lease in forever | invalid) return 1 ;; esac
}

evict_victim() {
  tried="$tried $victim" tries=$((tries + 1))
  answer=$(timeout -k 10 100 /bin/sh "$self" evict "state=$state" "project=$victim" "repository=$repository" "ends=$ends" budget=60 nonce=room 2>/dev/null)
  when=$(date -u -d "@$ends" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || echo "$ends")
  case $answer in
  *'"word":"OK"'*)
    evicted="${evicted:-evicted}${evicted:+,} $victim"
    reply "note evicted $victim, which would have ended at $when"
    ;;
  *) reply "note $victim was not evicted: $(printf '%s\n' "$answer" | sed -n 's/^@room result {"word":"[A-Z]*","message":"\(.*\)"[^"]*}$/\1/p')" ;;
  esac
}

evict() { # in a process of its own, under the lock: still the one that was chosen?
  take_lock "$project" 2 || finish BUSY "$project is busy"
  load_manifest "$dir" && [ "$m_repository" = "$repository" ] && may_go "$dir" && [ "$lease" = "$ends" ] ||
    finish BUSY "$project is not what it was when it was chosen"
  teardown || finish BUSY "something of $project is still in use: $remains"
  finish OK "$project is gone"
}
