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
