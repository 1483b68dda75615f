# shellcheck shell=bash
# An image made of Debian's packages, in the test server's Docker. Reads PROGRAM, CACHE, IMAGE and packages.

build_from_packages() { # DOCKERFILE-LINES: calls finish_root, with the root's directory in $root, unless the image is there
  local work package name applet deb missing=()
  mkdir -p "$CACHE"
  exec 9>"$CACHE/.${PROGRAM##*/}.lock"
  flock 9 # two tests may want it at the same time
  [ -z "$("$COMPOSE_IT_DOCKER" image ls -q "$IMAGE")" ] || return 0
  # shellcheck disable=SC2154 # of the caller
  for package in "${packages[@]}"; do cached "$package" || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] || { refresh_lists; step "fetching ${#missing[@]} packages"; fetch "${missing[@]}"; }
  step "building $IMAGE"
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # now
  trap "rm -rf '$work'" EXIT
  root=$work/root
  # Debian has /lib and /bin in /usr; packages of this release may have files in both.
  mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
  for name in bin sbin lib lib64; do ln -s "usr/$name" "$root/$name"; done
  for package in "${packages[@]}"; do
    # shellcheck disable=SC2154 # of server.d/packages.sh
    for deb in "$debs/${package}"_*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink; done
  done
  rm -rf "$root"/usr/share/{doc,man,locale,info,lintian}
  for applet in $("$root/bin/busybox" --list); do
    [ -e "$root/bin/$applet" ] || [ -e "$root/sbin/$applet" ] || ln -s busybox "$root/bin/$applet"
  done
  mkdir -p "$root"/{dev,proc,sys,tmp,root,etc,run,var/lib}
  rm -rf "$root/var/run" && ln -s ../run "$root/var/run"
  chmod 1777 "$root/tmp"
  finish_root
  tar -C "$root" -cf "$work/root.tar" .
  printf '%s\n' 'FROM scratch' 'ADD root.tar /' "$@" >"$work/Dockerfile"
  tar -C "$work" -c Dockerfile root.tar | "$COMPOSE_IT_DOCKER" build -q -t "$IMAGE" - >/dev/null
  step "built $IMAGE"
}

add_user() { # NAME HOME: with the number 999
  printf 'root:x:0:0:root:/root:/bin/sh\n%s:x:999:999::%s:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' "$1" "$2" >"$root/etc/passwd"
  printf 'root:x:0:\n%s:x:999:\nnobody:x:65534:\n' "$1" >"$root/etc/group"
}
