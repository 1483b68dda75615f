# --- images that the client transfers: the whole ----------------------------------------------------------------------
# Needs core/docker, images/layer, images/prune. Ends the program with the answer.

load() { # reads the configuration; the word layers has the hashes of all layers in order, also of those on the server
  local spool names='' files='' name said loaded id
  is_hash "$sha256" || finish USAGE "not the hash of an image: $sha256"
  for name in $(printf '%s' "$layers" | tr ',' ' '); do
    is_hash "$name" || finish USAGE "not the hash of a layer: $name"
    names="$names${names:+,}\"$name.tar\""
    case " $files " in *" $name.tar "*) continue ;; esac
    [ ! -f "$state/.staging/.carry.$nonce/$name.tar" ] || files="$files $name.tar"
  done
  require_docker # before the lock, which busybox's timeout would keep
  open_spool
  head -c "$largest_config" >"$spool/$sha256.json" &&
    printf '[{"Config":"%s.json","RepoTags":null,"Layers":[%s]}]\n' "$sha256" "$names" >"$spool/manifest.json" ||
    { forget_spool && fail_io write "$spool"; }
  [ "$(sha256sum <"$spool/$sha256.json" | cut -d ' ' -f 1)" = "$sha256" ] ||
    { forget_spool && finish PROTO "the image's configuration arrived incomplete; nothing was changed, try again"; }
  # Before the image exists, so that it is removed even if the client dies.
  release_images "sha256:$sha256"
  # shellcheck disable=SC2086 # a word for each file
  said=$(tar -cf - -C "$spool" manifest.json "$sha256.json" $files 8>&- | patience=$budget docker load 2>&1 8>&-)
  loaded=$(printf '%s\n' "$said" | sed -n 's/^Loaded image\( ID\)\{0,1\}: //p' | tail -n 1)
  id=$(docker image inspect --format '{{.Id}}' "${loaded:-sha256:$sha256}" 2>/dev/null 8>&-)
  if is_hash "${id#sha256:}"; then
    release_images "$id"
    (echo "$sha256 $id" >"$state/.images/$id")
    forget_spool
    finish OK '' "\"image\":\"$id\""
  fi
  said=$(printf '%s\n' "${said:-no answer}" | tail -n 1)
  for name in $(printf '%s' "$layers" | tr ',' ' '); do
    # The engine may require layers that it has, or has lost one in the meantime.
    [ -f "$spool/$name.tar" ] || finish DATA "docker load needs all layers: $said" '"all":true'
  done
  forget_spool
  case $said in *'no space left'*) finish IOERR "docker load failed: $said" ;; esac
  finish DATA "docker load on the server refuses the image: $said"
}
