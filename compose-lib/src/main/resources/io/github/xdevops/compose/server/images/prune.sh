# --- images that only removed stacks have used ------------------------------------------------------------------------
# Needs core/docker. Never ends the program.

images_of() { # PROJECT: prints the images of its containers, one a line
  local ids
  ids=$(docker ps -aq --filter "label=$label=$1") || return 1
  # shellcheck disable=SC2086 # each is a word; one that vanished meanwhile is no fault
  [ -z "$ids" ] || docker inspect --format '{{.Image}}' $ids 2>/dev/null || :
}

release_images() { # IMAGES: lets them be removed after a day without use; ignored on a full disk
  local image
  [ -n "$1" ] || return 0
  mkdir -p "$state/.images"
  for image in $1; do touch "$state/.images/$image" 2>/dev/null; done
}

prune_images() {
  local released image
  for released in "$state"/.images/*; do
    [ -n "$(find "$released" -mmin +1440 2>/dev/null)" ] || continue
    image=${released##*/}
    is_named "$image" && continue
    # Without force, so Docker keeps images in use.
    docker image rm "$image" >/dev/null 2>&1
    rm -f "$released"
  done
}

is_named() { # IMAGE: does the compose file of any stack name it? Its containers may be missing only for a moment
  local name all='{{range .RepoTags}}{{println .}}{{end}}{{range .RepoDigests}}{{println .}}{{end}}'
  for name in "$1" $(docker image inspect --format "$all" "$1" 2>/dev/null); do
    ! grep -qF -e "${name%:latest}" "$state"/*/docker-compose*.yml 2>/dev/null || return 0
  done
  return 1
}
