# --- deploy: tags that move -------------------------------------------------------------------------------------------
# Most pipelines push each commit's image under the branch's tag, and Compose pulls only what is missing. So the registries
# are asked for the images that came from one, unless a digest or the service's pull_policy says which one is meant.
# Needs core/docker, deploy/registry. Ends the program when a new image cannot be pulled.

ask_registries() { # sets moved to the names that mean another image now
  local pids='' asked=0 same=0 failure='' found image platform pid reason
  while read -r image platform; do
    [ -n "$image" ] || continue
    asked=$((asked + 1))
    ask_registry "$image" "$platform" >"$staging/tag.$asked" 2>/dev/null 8>&- 9>&- &
    pids="$pids $!"
  done <<END
$(awk "$(unpinned_awk)" "$staging/docker-compose.yml" | sort -u)
END
  for pid in $pids; do wait "$pid"; done
  while [ "$asked" -gt 0 ]; do
    read -r found image reason <"$staging/tag.$asked" || found=''
    rm -f "$staging/tag.$asked"
    asked=$((asked - 1))
    case $found in
    same) same=$((same + 1)) ;;
    moved) moved="$moved $image" && printf '%s\n' "the registry has a new image under $image, which is deployed: $reason" ;;
    kept) printf '%s\n' "the registry could not be queried for $image, so the server's image is used: $reason" ;;
    failed) failure="the new image under $image could not be pulled: $reason; nothing was changed" ;;
    esac
  done
  [ $same -eq 0 ] || printf '%s\n' "the registries were asked for $same images of the server, and have no newer ones"
  case $failure in
  '') ;;
  *'no space left'*) finish IOERR "$failure" ;;
  *) finish UNAVAIL "$failure" ;;
  esac
}

ask_registry() { # IMAGE [PLATFORM]: prints same, moved, kept or failed, the image, and what there is to say
  local before after answer word
  before=$(image_id "$1") && [ -n "$before" ] || return 0
  # shellcheck disable=SC2030,SC2031 # in a process of its own
  [ -z "$registry_config" ] || export DOCKER_CONFIG="$registry_config"
  # A registry that answers gets the time that the deploy has.
  if answer=$(patience=15 && docker pull ${2:+--platform "$2"} "$1" 2>&1); then
    :
  else
    case $answer in
    *'fs layer'* | *Download* | *Extract*) word=failed ;;
    *) word=kept ;;
    esac
    if [ "$word" = kept ] || ! answer=$(patience=$budget && docker pull ${2:+--platform "$2"} "$1" 2>&1); then
      answer=$(printf '%s\n' "$answer" | tail -n 1)
      printf '%s\n' "$word $1 ${answer:-no answer}"
      return 0
    fi
  fi
  # A program less for each image.
  case $answer in *'Status: Image is up to date'*) printf '%s\n' "same $1" && return ;; esac
  after=$(image_id "$1")
  if [ "$after" = "$before" ]; then printf '%s\n' "same $1"; else printf '%s\n' "moved $1 $after"; fi
}

image_id() { # IMAGE: prints its ID, or nothing if it came from no registry under this name
  local repository="$1" answer
  case ${repository##*/} in *:*) repository=${repository%:*} ;; esac
  repository=${repository#docker.io/} repository=${repository#library/}
  answer=$(docker image inspect --format '{{.Id}}{{range .RepoDigests}} {{.}}{{end}}' "$1" 2>/dev/null) || return 0
  case $answer in *" $repository@"*) printf '%s\n' "${answer%% *}" ;; esac
}
