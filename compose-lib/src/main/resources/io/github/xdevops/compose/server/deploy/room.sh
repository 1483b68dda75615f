# --- room: what the server has, against the limits --------------------------------------------------------------------
# Needs core/docker, deploy/admission, deploy/evict. Never ends the program.

# Sets short to what there is too little of, in words, or to nothing; short_word to the word for it; excess to how many
# environments too many there are; lacking_* to how much is missing, in MiB or numbers.
measure() {
  local memory free wanted
  short='' short_word='' excess=1 lacking_disk=0 lacking_inodes=0 lacking_memory=0 lacking_networks=0
  measure_disk "$limit_disk_mib" -Pk 1024 'MiB free'
  measure_disk "$limit_inodes" -Pi 1 'inodes free'
  read_memory
  [ "${memory:-$limit_memory_mib}" -ge "$limit_memory_mib" ] || lacking_memory=$((limit_memory_mib - memory))
  [ "$lacking_memory" -eq 0 ] ||
    report_shortage UNAVAIL "the server has $memory MiB of memory left, and a deploy wants $limit_memory_mib MiB"
  [ -n "$first" ] || return 0
  if [ -n "$pools" ] && [ "$networks" -gt 0 ] && [ "$limit_networks" -gt 0 ]; then
    wanted=$networks
    [ "$wanted" -ge "$limit_networks" ] || wanted=$limit_networks
    free=$(awk -v pools="$pools" "$(networks_awk)" /proc/net/route)
    [ "$free" -ge "$wanted" ] || lacking_networks=$((wanted - free))
    [ "$lacking_networks" -eq 0 ] ||
      report_shortage UNAVAIL "Docker's address pools have room for $free more networks, and $wanted are wanted (default-address-pools)"
  fi
  measure_counts
}

report_shortage() { # WORD TEXT: adds to short, sets short_word
  short_word=${short_word:-$1} short="${short:+$short, and }$2"
}

measure_disk() { # LIMIT OPTION DIVISOR UNIT: of the state directory and of Docker's data; sets lacking_disk or lacking_inodes
  local total left place
  [ "$1" -gt 0 ] || return 0
  # A file system that does not count inodes reports 0 of 0, or no number.
  while read -r total left place; do
    [ -n "$total" ] && [ "$total" -gt 0 ] || continue
    left=$((left / $3))
    [ "$left" -lt "$1" ] || continue
    case $2 in
    -Pi) lacking_inodes=1 ;;
    *) [ "$lacking_disk" -ge $(($1 - left)) ] || lacking_disk=$(($1 - left)) ;;
    esac
    report_shortage IOERR "the disk at $place has $left $4, and a deploy wants $1"
  done <<END
$(df "$2" "$state" ${docker_root:+"$docker_root"} 2>/dev/null |
    sed -n 's/^.* \([0-9]\{1,\}\)  *[0-9]\{1,\}  *\(-\{0,1\}[0-9]\{1,\}\)  *[0-9]\{1,\}% \(.*\)$/\1 \2 \3/p' | sort -u)
END
}

read_memory() { # sets memory to the available MiB, or to nothing
  memory=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo 2>/dev/null)
}

measure_counts() { # review environments only
  local all=0 of_repository=0 same file record
  [ "$lifetime" != forever ] || return 0
  find_same_repository
  for file in "$state"/*/removeat; do
    record=${file%/*}
    [ -e "$file" ] && [ "$record" != "$dir" ] && [ ! -L "$record" ] && [ ! -e "$record/asleep" ] || continue
    all=$((all + 1))
    ! is_same_repository || of_repository=$((of_repository + 1))
  done
  check_count "$all" "$limit_environments" "the server has $all review environments,"
  check_count "$of_repository" "$limit_environments_per_repository" "this repository has $of_repository review environments on the server,"
}

check_count() { # NUMBER LIMIT TEXT: sets excess
  [ "$2" -gt 0 ] && [ "$1" -ge "$2" ] || return 0
  [ $(($1 - $2)) -lt "$excess" ] || excess=$(($1 - $2 + 1))
  report_shortage POLICY "$3 and may have $2"
}

read_docker_root() { # sets docker_root to Docker's data directory, as a first deploy has recorded it
  docker_root=''
  [ ! -f "$state/.docker-root" ] || IFS= read -r docker_root <"$state/.docker-root"
}

ask_docker() { # sets pools to BASE/BITS/SIZE… or default, if known, and docker_root, which is recorded for redeploys
  local kept="$docker_root" patience=20 answer security
  local of_pools='{{range .DefaultAddressPools}}{{.Base}}/{{.Size}} {{end}}'
  answer=$(docker info --format "{{println .DockerRootDir}}{{println .SecurityOptions}}$of_pools" 2>/dev/null) || return 0
  { IFS= read -r docker_root && read -r security && read -r pools; } <<END || :
$answer
END
  [ -d "$docker_root" ] || { docker_root='' pools='' && return; } # on another machine
  pools=${pools:-default}
  case $security in *rootless*) pools='' ;; esac # its networks are not among this machine's routes
  # Best effort.
  [ "$kept" = "$docker_root" ] || save "$state/.docker-root" "$docker_root" 2>/dev/null || :
}
