# --- images that only removed stacks used ----------------------------------------------------------------------------

images_of() { # PROJECT: the images of its containers, one a line
  ids=$(docker ps -aq --filter "label=$label=$1") || return 1
  # shellcheck disable=SC2086 # each is a word; one that vanished meanwhile is no fault
  [ -z "$ids" ] || docker inspect --format '{{.Image}}' $ids 2>/dev/null || :
}

check_images() { # labels of an image become labels of its containers, where Traefik would follow them; sets unwanted
  ids=$(docker ps -aq --filter "label=$label=$project") || return 1
  [ -n "$ids" ] || return 0
  # shellcheck disable=SC2086 # each is a word
  used=$(docker inspect --format '{{.Image}}' $ids) || return 1
  # shellcheck disable=SC2046 # likewise
  labels=$(docker image inspect --format '{{if .RepoTags}}{{index .RepoTags 0}}{{else}}{{.Id}}{{end}}{{with .Config}}{{range $label, $value := .Labels}} {{json $label}}{{end}}{{end}}' $(printf '%s\n' "$used" | sort -u)) || return 1
  unwanted=$(printf '%s\n' "$labels" | sed -n 's/^\([^ ]*\) .*"\([Tt][Rr][Aa][Ee][Ff][Ii][Kk]\.[^"]*\)".*$/the image \1 brings the label \2, which would reach Traefik: take that LABEL out of its Dockerfile, compose.routes makes the routers/p' | head -n 1)
  [ -z "$unwanted" ]
}

release_images() { # IMAGES: they may go, once nobody has used them for a day; on a full disk that is forgotten
  [ -n "$1" ] || return 0
  mkdir -p "$state/.images"
  for image in $1; do touch "$state/.images/$image" 2>/dev/null; done
}

prune_images() {
  for released in "$state"/.images/*; do
    [ -n "$(find "$released" -mmin +1440 2>/dev/null)" ] || continue
    image=${released##*/}
    is_named "$image" && continue
    # Without force, so Docker keeps what any container still uses.
    docker image rm "$image" >/dev/null 2>&1
    rm -f "$released"
  done
}

is_named() { # IMAGE: does the compose file of any stack name it? Its containers may be missing for a moment only
  for name in "$1" $(docker image inspect --format '{{range .RepoTags}}{{println .}}{{end}}{{range .RepoDigests}}{{println .}}{{end}}' "$1" 2>/dev/null); do
    ! grep -qF -e "${name%:latest}" "$state"/*/docker-compose*.yml 2>/dev/null || return 0
  done
  return 1
}
