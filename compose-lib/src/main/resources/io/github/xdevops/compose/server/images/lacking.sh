# --- images that the client transfers: what is here -------------------------------------------------------------------
# Where a team has no registry, images come over this connection: the client asks how many of an image's first layers are here
# (lacking), sends the others one by one (layer), and then the configuration (load). It sends no archive and no names: each file
# is checked against its hash and named by it, and what Docker loads is put together here. So nothing that anybody sends can take
# the name of an image that others use. The hash of the configuration is the image's ID, except where Docker keeps images with
# containerd: there it is that of a manifest, so what Docker said when it loaded an image is kept with its note in .images.
# Needs core/docker, deploy/room. Ends the program with the answer.

readonly largest_config=4194304

# A line for each image on stdin: its hash and its layers' ones, bare; tells its ID here, or how many of its first layers are here.
lacking() {
  local hash here id
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
  } | awk "$(lacking_awk)" | while read -r hash here id; do
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
  local first='' docker_root short short_word excess
  read_limits
  read_docker_root
  measure
  [ -z "$short" ] || { phase make-room && sweep_others; }
}
