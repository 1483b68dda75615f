# --- images that the client transfers: what is here -------------------------------------------------------------------
# Teams without a registry transfer images over this connection. The client asks how many of an image's first layers the server
# has (lacking), sends the others one by one (layer), and then the configuration (load). It sends no archive and no names: each
# file is checked against its hash and named by it, and the archive for Docker is built here. So no client can replace an image
# that others use. The hash of the configuration is the image's ID, unless Docker stores images in containerd: there the ID is the
# hash of a manifest, so the ID that Docker reports is recorded in .images.
# Needs core/docker, deploy/room. Ends the program with the answer.

readonly largest_config=4194304

# Reads a line for each image, its hash and the hashes of its layers; answers with its ID, or how many first layers are here.
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
    # It may be due for removal.
    [ "$here" != all ] || [ ! -f "$state/.images/$id" ] || release_images "$id"
    reply "have $hash $here${id:+ $id}"
  done
  finish OK
}

# Compares only layers that the client names: a list would reveal the hashes of other projects to a gated key.
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
