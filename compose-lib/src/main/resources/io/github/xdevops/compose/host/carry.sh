# --- images that the client brings -----------------------------------------------------------------------------------

# Where a team has no registry, images come over this connection: the client asks how many of an image's first layers are here
# (lacking), sends the others one by one (layer), and then the configuration (load). It sends no archive and no names: each file
# is checked against its hash and named by it, and what Docker loads is put together here. So nothing that anybody sends can take
# the name of an image that others use. The hash of the configuration is the image's ID, except where Docker keeps images with
# containerd: there it is that of a manifest, so what Docker said when it loaded an image is kept with its note in .images.

readonly largest_config=4194304

is_hash() { case ${#1}:$1 in 64:*[!0-9a-f]*) false ;; 64:*) ;; *) false ;; esac }

lacking() { # a line for each image on stdin: its hash and its layers' ones, bare; tells its ID here, or how many of its first layers are here
  exec 4<&0
  require_docker
  make_room_for_images
  reply "platform $(docker version --format '{{.Server.Os}}/{{.Server.Arch}}' 2>/dev/null)"
  list_images | {
    cat
    echo carried
    cat "$state"/.images/* 2>/dev/null
    echo asked
    head -c "$largest_config" <&4
  } | awk '
    asked && /[^0-9a-f ]/ { exit }
    asked {
      chain = ""
      for (here = 0; here + 2 <= NF; here++) {
        chain = chain " sha256:" $(here + 2)
        if (!(chain in chains)) break
      }
      id = $1 in ids ? ids[$1] : "sha256:" $1
      print $1, (id in images ? "all " id : here)
      next
    }
    $1 == "asked" { asked = 1; next }
    $1 == "carried" { carried = 1; next }
    carried { if ($2 in images) ids[$1] = $2; next }
    {
      images[$1]
      chain = ""
      for (i = 2; i <= NF; i++) { chain = chain " " $i; chains[chain] }
    }' | while read -r hash here id; do
    # It may have waited for its removal for a day already.
    [ "$here" != all ] || [ ! -f "$state/.images/$id" ] || release_images "$id"
    reply "have $hash $here${id:+ $id}"
  done
  finish OK
}

# Only layers that the client names are compared: a list would tell the holder of a gated key the hashes of other people's.
list_images() {
  docker image ls -aq --no-trunc | sort -u |
    xargs -r timeout -k 5 60 docker image inspect --format '{{.Id}}{{range .RootFS.Layers}} {{.}}{{end}}' 2>/dev/null
}

layer() { # a layer on stdin, compressed by gzip; the word sha256 has the hash of what is in it
  is_hash "$sha256" || finish USAGE "not the hash of a layer: $sha256"
  open_spool
  find_room
  arriving=$spool/.$sha256
  { timeout -k 5 "$budget" gzip -dc 2>/dev/null | head -c "$room" >"$arriving"; } 8>&- || { forget_spool && io write "$spool"; }
  if [ "$(sha256sum <"$arriving" | cut -d ' ' -f 1)" != "$sha256" ]; then
    size=$(stat -c %s "$arriving")
    forget_spool
    [ "$size" -lt "$room" ] || finish IOERR "the server's disk has no room for a layer of more than $((room / 1048576)) MiB. Its owner sets limits in $state/.limits"
    finish PROTO "a layer arrived incomplete or too late; nothing was changed, try again with more compose.timeout"
  fi
  mv "$arriving" "$spool/$sha256.tar" || io write "$spool"
  finish OK
}

load() { # the configuration on stdin; the word layers has the hashes of all layers in their order, also of those that are here
  is_hash "$sha256" || finish USAGE "not the hash of an image: $sha256"
  names='' files=''
  for name in $(printf '%s' "$layers" | tr ',' ' '); do
    is_hash "$name" || finish USAGE "not the hash of a layer: $name"
    names="$names${names:+,}\"$name.tar\""
    case " $files " in *" $name.tar "*) continue ;; esac
    [ ! -f "$state/.staging/.carry.$nonce/$name.tar" ] || files="$files $name.tar"
  done
  require_docker # before the lock, which the timeout of busybox would keep
  open_spool
  head -c "$largest_config" >"$spool/$sha256.json" && printf '[{"Config":"%s.json","RepoTags":null,"Layers":[%s]}]\n' "$sha256" "$names" >"$spool/manifest.json" ||
    { forget_spool && io write "$spool"; }
  [ "$(sha256sum <"$spool/$sha256.json" | cut -d ' ' -f 1)" = "$sha256" ] || {
    forget_spool
    finish PROTO "the image's configuration arrived incomplete; nothing was changed, try again"
  }
  # Before it is there, so that it goes away again also when nobody lives to use it.
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
    # An engine may want to see also what it has, or has lost a layer meanwhile.
    [ -f "$spool/$name.tar" ] || finish DATA "docker load wants all layers: $said" '"all":true'
  done
  forget_spool
  case $said in *'no space left'*) finish IOERR "docker load failed: $said" ;; esac
  finish DATA "docker load on the server does not take the image: $said"
}

open_spool() { # what has arrived of one client's images; a client that dies leaves it to the housekeeping
  [ "$nonce" != none ] || finish USAGE 'nonce is missing'
  spool=$state/.staging/.carry.$nonce
  { [ -d "$spool" ] || mkdir "$spool"; } 2>/dev/null && opens "$spool/alive" || io create "$spool"
  exec 8>>"$spool/alive" && flock -n 8 || finish BUSY 'the same client sends another layer'
}

forget_spool() { rm -rf "$spool"; }

make_room_for_images() {
  read_limits
  first='' docker_root=''
  [ ! -f "$state/.docker-root" ] || IFS= read -r docker_root <"$state/.docker-root"
  measure
  [ -z "$short" ] || { phase make-room && sweep_others; }
}

find_room() { # sets room to the bytes that a layer may have: it lies here, then with Docker to be loaded, and is unpacked there
  read_limits >/dev/null
  short='' short_word='' docker_root='' room=1099511627776
  [ ! -f "$state/.docker-root" ] || IFS= read -r docker_root <"$state/.docker-root"
  measure_disk "$limit_disk_mib" -Pk 1024 'MiB free'
  measure_disk "$limit_inodes" -Pi 1 'inodes free'
  [ -z "$short" ] || { forget_spool && finish IOERR "$short. Nothing was changed: take an environment down (compose:list, compose:down). The server's owner sets limits in $state/.limits"; }
  least=$(df -Pk "$state" ${docker_root:+"$docker_root"} 2>/dev/null | sed -n 's/^.* \([0-9]\{1,\}\)  *[0-9]\{1,\}% .*$/\1/p' | sort -n | head -n 1)
  [ "$limit_disk_mib" -eq 0 ] || [ -z "$least" ] || room=$(((least - limit_disk_mib * 1024) * 1024 / 3 + 1))
}
