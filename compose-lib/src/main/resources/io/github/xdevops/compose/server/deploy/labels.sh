# --- deploy: labels of images -----------------------------------------------------------------------------------------
# Labels of an image become labels of its containers, where Traefik would use them. Needs core/docker, gate/policy. Ends the
# program only on a full disk.

check_images() { # sets unwanted to what is wrong; false then, and when Docker does not answer
  local ids used labels name='{{if .RepoTags}}{{index .RepoTags 0}}{{else}}{{.Id}}{{end}}'
  ids=$(docker ps -aq --filter "label=$label=$project") || return 1
  [ -n "$ids" ] || return 0
  # shellcheck disable=SC2086 # each is a word
  used=$(docker inspect --format '{{.Image}}' $ids) || return 1
  used=$(printf '%s\n' "$used" | sort -u)
  # shellcheck disable=SC2086 # likewise
  labels=$(docker image inspect --format "$name"'{{with .Config}}{{range $key, $value := .Labels}} {{json $key}}{{end}}{{end}}' $used) ||
    return 1
  unwanted=$(printf '%s\n' "$labels" |
    sed -n 's/^\([^ ]*\) .*"\([Tt][Rr][Aa][Ee][Ff][Ii][Kk]\.[^"]*\)".*$/the image \1 brings the label \2/p' | head -n 1)
  if [ -n "$unwanted" ]; then
    unwanted="$unwanted, which would reach Traefik: take that LABEL out of its Dockerfile, compose.routes makes the routers"
    return 1
  fi
  check_labels
}

check_labels() { # refuses in images the labels that the owner's policy refuses in services; sets unwanted
  local refusals labels
  [ -n "$lines" ] || return 0
  # Only the names of an image's labels are checked.
  refusals=$(owner_lines | sed -n -e 's/^\( *refuse [^ ]*\) <\{0,1\}= .*/\1/' -e '/^ *\(allow\|refuse\) .*\.labels\./p') &&
    [ -n "$refusals" ] || return 0
  # shellcheck disable=SC2086 # each is a word
  labels=$(docker image inspect \
    --format '{{with .Config}}{{range $key, $value := .Labels}}{{json $key}}: ""{{println}}{{end}}{{end}}' $used) || return 1
  labels=$(printf '%s\n' "$labels" | sed -n 's/^"/      &/p' | sort -u)
  [ -n "$labels" ] || return 0
  printf 'services:\n  image:\n    labels:\n%s\n' "$labels" >"$staging/labels" || fail_io write "$staging/labels"
  unwanted=$(printf '%s\n' 'allow services.*.labels.*' "$refusals" | judge "$staging/labels") ||
    unwanted="an image brings a label that the server's owner refuses in $state/.policy: ${unwanted#services.image.}"
  [ -z "$unwanted" ]
}
