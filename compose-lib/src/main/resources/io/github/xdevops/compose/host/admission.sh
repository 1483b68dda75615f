# --- admission: is there room for one more? ---------------------------------------------------------------------------

# What has to be free, and how many reviews there may be, unless the server's owner says otherwise in the file .limits.
# 0 = not looked at. Docker's own address pools end at about 30 networks; whoever configures more may want more here.
limit_disk_mib=1024 limit_inodes=10000 limit_memory_mib=256 limit_networks=1 limit_environments=100 limit_environments_per_repository=50
readonly most_evictions=3 # one deploy takes no more than so many others away

admit() { # before anything is staged: measure, sweep and measure again, evict and measure again, else refuse
  read_limits
  first='' pools='' docker_root=''
  [ ! -f "$state/.docker-root" ] || IFS= read -r docker_root <"$state/.docker-root"
  [ -d "$dir" ] || { first=yes && ask_docker; }
  measure
  [ -n "$short" ] || return 0
  phase make-room
  reply "note $short"
  sweep_others
  measure
  evicted='' tried='' tries=0
  while [ -n "$short" ] && [ -n "$may_evict" ] && choose_victim; do
    evict_victim
    measure
  done
  [ -n "$short" ] || return 0
  advice='take one down (compose:list, compose:down), or let the one of this repository that ends first go with compose.evict=true'
  [ -z "$may_evict" ] || advice="${evicted:-nothing of this repository could be evicted}; take others down (compose:list, compose:down)"
  finish "$short_word" "$short. A sweep has run first, and $project is as it was: $advice. The server's owner sets limits in $state/.limits"
}

check_counts() { # again, under the lock of all projects, because others may have been admitted at the same moment
  read_limits >/dev/null
  short='' short_word='' excess=1
  measure_counts
  [ -z "$short" ] || finish "$short_word" "$short: another deploy was faster, and nothing was changed; try again"
}

# --- limits ---

read_limits() { # lines KEY=NUMBER; one that is none is said, and never run
  limits=$state/.limits seen=' '
  [ -e "$limits" ] || [ -L "$limits" ] || return 0
  if [ ! -f "$limits" ] || [ ! -r "$limits" ]; then
    reply "warning $limits is not a file that can be read, so the built-in limits hold"
    return
  fi
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in '' | '#'*) continue ;; esac
    set_limit "${line%%=*}" "${line#*=}" ||
      reply "warning $limits: \`$(json "$line")\` does nothing; write KEY=NUMBER, each key once: disk_mib, inodes, memory_mib, networks, environments, environments_per_repository"
  done <"$limits"
}

set_limit() { # KEY VALUE; false if that is none
  case $2 in '' | *[!0-9]* | ?????????????*) return 1 ;; esac
  case $seen in *" $1 "*) return 1 ;; esac
  amount=${2#"${2%%[!0]*}"} # without leading zeros, which arithmetic takes as octal
  amount=${amount:-0}
  case $1 in
  disk_mib) limit_disk_mib=$amount ;;
  inodes) limit_inodes=$amount ;;
  memory_mib) limit_memory_mib=$amount ;;
  networks) limit_networks=$amount ;;
  environments) limit_environments=$amount ;;
  environments_per_repository) limit_environments_per_repository=$amount ;;
  *) return 1 ;;
  esac
  seen="$seen$1 "
}

# --- what there is ---

measure() { # sets short to what there is too little of, in words, or to nothing; and short_word
  short='' short_word='' excess=1
  measure_disk "$limit_disk_mib" -Pk 1024 'MiB free'
  measure_disk "$limit_inodes" -Pi 1 'inodes free'
  read_memory
  [ "${memory:-$limit_memory_mib}" -ge "$limit_memory_mib" ] ||
    lacks UNAVAIL "the server has $memory MiB of memory left, and a deploy wants $limit_memory_mib MiB"
  [ -n "$first" ] || return 0
  if [ -n "$pools" ] && [ "$networks" -gt 0 ] && [ "$limit_networks" -gt 0 ]; then
    wanted=$networks
    [ "$wanted" -ge "$limit_networks" ] || wanted=$limit_networks
    count_free_networks
    [ "$free" -ge "$wanted" ] ||
      lacks UNAVAIL "Docker's address pools have room for $free more networks, and $wanted are wanted (more with default-address-pools in Docker's daemon.json)"
  fi
  measure_counts
}

lacks() { # WORD TEXT
  short_word=${short_word:-$1} short="${short:+$short, and }$2"
}

measure_disk() { # LIMIT OPTION DIVISOR UNIT: of the state directory and of Docker's data
  [ "$1" -gt 0 ] || return 0
  # A file system that does not count its inodes says 0 of 0, or no number.
  while read -r total left place; do
    [ -n "$total" ] && [ "$total" -gt 0 ] || continue
    left=$((left / $3))
    [ "$left" -ge "$1" ] || lacks IOERR "the disk at $place has $left $4, and a deploy wants $1"
  done <<END
$(df "$2" "$state" ${docker_root:+"$docker_root"} 2>/dev/null |
    sed -n 's/^.* \([0-9]\{1,\}\)  *[0-9]\{1,\}  *\(-\{0,1\}[0-9]\{1,\}\)  *[0-9]\{1,\}% \(.*\)$/\1 \2 \3/p' | sort -u)
END
}

read_memory() { # sets memory to the MiB that programs can still get, or to nothing
  memory=''
  [ -r /proc/meminfo ] || return 0
  while read -r name amount _; do
    [ "$name" != MemAvailable: ] || { memory=$((amount / 1024)) && return; }
  done </proc/meminfo
}

measure_counts() { # only of reviews, for a review
  [ "$lifetime" != forever ] || return 0
  find_same_repository
  all=0 of_repository=0
  for file in "$state"/*/removeat; do
    record=${file%/*}
    [ -e "$file" ] && [ "$record" != "$dir" ] && [ ! -L "$record" ] || continue
    all=$((all + 1))
    ! is_same_repository || of_repository=$((of_repository + 1))
  done
  [ "$limit_environments" -eq 0 ] || [ $all -lt "$limit_environments" ] ||
    too_many $((all - limit_environments)) "the server has $all review environments, and may have $limit_environments"
  [ "$limit_environments_per_repository" -eq 0 ] || [ $of_repository -lt "$limit_environments_per_repository" ] ||
    too_many $((of_repository - limit_environments_per_repository)) "this repository has $of_repository review environments on the server, and may have $limit_environments_per_repository"
}

too_many() { # NUMBER TEXT
  [ "$1" -lt "$excess" ] || excess=$(($1 + 1))
  lacks POLICY "$2"
}

find_same_repository() {
  same=''
  [ -z "$repository" ] || same=$(grep -ls "^\"repository\": \"$repository\"" "$state"/*/manifest.json)
}

is_same_repository() { # record
  case $same in *"$record/manifest.json"*) ;; *) return 1 ;; esac
}

# --- Docker's networks ---

ask_docker() { # sets pools to BASE/BITS/SIZE…, if they can be known; keeps where Docker's data lie, for redeploys
  kept=$docker_root
  answer=$(patience=20 && docker info --format '{{println .DockerRootDir}}{{println .SecurityOptions}}{{range .DefaultAddressPools}}{{.Base}}/{{.Size}} {{end}}' 2>/dev/null) || return 0
  { IFS= read -r docker_root && read -r security && read -r pools; } <<END || :
$answer
END
  [ -d "$docker_root" ] || { docker_root='' pools='' && return; } # on another machine
  pools=${pools:-172.17.0.0/16/16 172.18.0.0/15/16 172.20.0.0/14/16 172.24.0.0/13/16 192.168.0.0/16/20}
  case $security in *rootless*) pools='' ;; esac # its networks are not among the routes here
  # It can be missed for once.
  [ "$kept" = "$docker_root" ] || save "$state/.docker-root" "$docker_root" 2>/dev/null || :
}

# How many more networks the pools hold, in free. Each network has a route here, and Docker keeps clear of those of others
# as well. What goes through a gateway does not count: older engines keep clear of that too, newer ones do not.
count_free_networks() {
  free=0 taken=''
  for pool in $pools; do
    case $pool in *:*) continue ;; esac # version 6
    size=${pool##*/} pool=${pool%/*}
    address "${pool%/*}"
    start=$address width=$((1 << (32 - size))) slots=$((1 << (size - ${pool#*/})))
    while read -r _ destination gateway _ _ _ _ mask _; do
      case $gateway:$mask in 00000000:00000000 | 00000000:*[!0-9A-F]*) continue ;; 00000000:*) ;; *) continue ;; esac
      swap "$destination"
      low=$((swapped - start))
      swap "$mask"
      high=$(((low + 4294967295 - swapped) / width))
      [ $low -ge 0 ] || { [ $((low + 4294967295 - swapped)) -ge 0 ] || continue; low=0; }
      low=$((low / width))
      [ $low -lt $slots ] || continue
      [ $high -lt $slots ] || high=$((slots - 1))
      taken="$taken$((free + low)) $((free + high))
"
    done </proc/net/route
    free=$((free + slots))
  done
  next=0
  while read -r low high; do
    [ -n "$low" ] || continue
    [ "$low" -ge $next ] || low=$next
    [ "$high" -lt "$low" ] || { free=$((free - high + low - 1)) && next=$((high + 1)); }
  done <<END
$(printf '%s' "$taken" | sort -n)
END
}

address() { # A.B.C.D: sets address to its number
  rest=$1. address=0
  while [ -n "$rest" ]; do
    address=$((address * 256 + ${rest%%.*})) rest=${rest#*.}
  done
}

swap() { # HEX as the kernel writes it on a little-endian machine: sets swapped to the number
  swapped=$((0x$1))
  swapped=$(((swapped & 255) << 24 | (swapped >> 8 & 255) << 16 | (swapped >> 16 & 255) << 8 | swapped >> 24 & 255))
}

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
