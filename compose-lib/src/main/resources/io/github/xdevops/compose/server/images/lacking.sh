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

make_room_for_images() {
  read_limits
  first='' docker_root=''
  [ ! -f "$state/.docker-root" ] || IFS= read -r docker_root <"$state/.docker-root"
  measure
  [ -z "$short" ] || { phase make-room && sweep_others; }
}
