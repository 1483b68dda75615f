# --- deploy: what Docker really made ----------------------------------------------------------------------------------
# The compose file was judged, but images bring labels, volumes and health checks, and while they were pulled others may have made
# a volume or network with a name that Compose gives. So the new containers are looked at before the first one starts.
# Needs core/docker, deploy/claims, gate/policy. Ends the program only on a full disk.

# Sets unwanted to what is wrong, and removes the container that holds on to what is not this project's; false then, and when Docker
# does not answer.
check_made() {
  local ids made own='' taken='' bad=''
  unwanted=''
  ids=$(docker ps -aq --no-trunc --filter "label=$label=$project") || return 1
  [ -n "$ids" ] || return 0
  # shellcheck disable=SC2086 # each is a word
  made=$(docker inspect --format "$(made_format)" $ids) || return 1
  [ -z "$lines" ] || find_taken "$dir/docker-compose.yml" || return 1
  if [ -n "$taken" ]; then
    unwanted="another made it meanwhile; $taken"
    bad=$(printf '%s\n' "$made" | sed -n 's/^container \([^ ]*\) created .*/\1/p')
  elif ! made=$(printf '%s\n' "$made" | own="$own" judged="$lines" files="$dir/files" proxy="$m_proxy" \
    awk "$(made_awk)" "$dir/docker-compose.yml" -); then
    bad=${made%% *} unwanted=${made#* }
  else
    [ -z "$lines" ] || [ "$m_state" != deploying ] || judge_made
  fi
  # shellcheck disable=SC2086 # each is a word
  [ -z "$bad" ] || docker rm -f $bad >/dev/null
  case $taken in "name-of-somebody volume "*) drop_pruned "${taken##* }" ;; esac
  [ -z "$unwanted" ] && [ -z "$taken" ]
}

# Compose creates a volume with labels before the container. If it was pruned in between, Docker creates it again, without labels.
# Removes such volumes; then nothing is unwanted, and what is printed here says why the deploy failed.
drop_pruned() { # VOLUME, without labels: changes nothing if Compose did not create it in this deploy
  created_volumes | grep -qFx "$1 " || return 0
  unwanted=''
  drop_unlabelled
  printf 'error: the volume %s was pruned during the deploy; deploy again\n' "$1"
}

drop_unlabelled() { # also where Compose failed before anything was looked at
  local created
  created=$(created_volumes)
  [ -z "$created" ] || docker volume ls --format "{{.Name}} $of_project" | grep -Fx "$created" |
    xargs -r timeout -k 5 60 docker volume rm >/dev/null 2>&1
}

created_volumes() { sed -n 's/^ *Volume "\{0,1\}\([^ "]*\)"\{0,1\}  *Created *$/\1 /p' "$staging/out"; } # a name and a space each

judge_made() { # by the lines of the policy, as far as Docker and an image change what they judge; sets unwanted
  local rules refused
  printf '%s\n' "$made" >"$staging/made" || fail_io write "$staging/made"
  rules=$(printf '%s\nallow services.*.scale' "$lines" | sed 's/ or services\.\*\.deploy\.resources\.limits\..*//
    /^ *require /{/ services\.\*\.\(cpus\|pids_limit\|mem_limit\)$/!d;}
    s/\.deploy\.resources\.limits\.cpus/.cpus/
    s/\.deploy\.resources\.limits\.pids/.pids_limit/
    s/\.deploy\.resources\.limits\.memory/.mem_limit/')
  refused=$(printf '%s\n' "$rules" | judge "$staging/made") && return
  case $refused$(docker info --format '{{.MemoryLimit}}{{.CPUCfsQuota}}{{.PidsLimit}}') in
  *' lacks '*false*)
    reply "warning the server's kernel cannot limit memory, processors or processes (docker info), so containers are not limited"
    refused=$(printf '%s\n' "$rules" | grep -v '^ *require ' | judge "$staging/made") && return
    ;;
  esac
  unwanted="as Docker made it, with what the images bring, $refused. The server's owner may allow more in $state/.policy"
}
