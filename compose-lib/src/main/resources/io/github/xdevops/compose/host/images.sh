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
  [ -z "$unwanted" ] && check_labels
}

check_labels() { # what the server's owner refuses as a label of a service is refused as one of its image, too; sets unwanted
  [ -n "${lines:-}" ] || return 0
  # Of what an image says only the names are looked at.
  refusals=$(owner_lines | sed -n -e 's/^\( *refuse [^ ]*\) <\{0,1\}= .*/\1/' -e '/^ *\(allow\|refuse\) .*\.labels\./p') && [ -n "$refusals" ] || return 0
  # shellcheck disable=SC2046 # each is a word
  labels=$(docker image inspect --format '{{with .Config}}{{range $label, $value := .Labels}}{{json $label}}: ""{{println}}{{end}}{{end}}' $(printf '%s\n' "$used" | sort -u)) || return 1
  labels=$(printf '%s\n' "$labels" | sed -n 's/^"/      &/p' | sort -u)
  [ -n "$labels" ] || return 0
  printf 'services:\n  image:\n    labels:\n%s\n' "$labels" >"$staging/labels" || io write "$staging/labels"
  unwanted=$(printf '%s\n' 'allow services.*.labels.*' "$refusals" | judge "$staging/labels") ||
    unwanted="an image brings a label that the server's owner refuses in $state/.policy: ${unwanted#services.image.}"
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
