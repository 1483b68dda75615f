# shellcheck shell=bash
# Images without a registry: Debian's static busybox, once as a shell and once as a web server that serves /www.
# Health checks in them: `timeout 2 wget -q -O /dev/null URL`. With -T this version's wget dies of a segmentation fault.

BUSYBOX_IMAGE=compose-it/busybox:1
HTTPD_IMAGE=compose-it/httpd:1

# Busybox does not hear SIGTERM as the first process of a container, and no test should wait until Docker kills it.
images_built() {
  [ "$(private_docker image inspect --format '{{.Config.StopSignal}}' "$BUSYBOX_IMAGE" "$HTTPD_IMAGE" 2>/dev/null)" = SIGKILL$'\n'SIGKILL ]
}

build_images() {
  ! images_built || return 0
  step "building $BUSYBOX_IMAGE and $HTTPD_IMAGE"
  local root=$RUN/busybox applet
  rm -rf "$root"
  mkdir -p "$root"/{bin,dev,etc,proc,root,sys,tmp,usr,www}
  chmod 1777 "$root/tmp"
  cp "$DIST/bin/busybox" "$root/bin/busybox"
  for applet in $("$root/bin/busybox" --list); do
    [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
  done
  ln -s ../bin "$root/usr/bin"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnobody:x:65534:\n' >"$root/etc/group"
  echo "compose-it/httpd" >"$root/www/index.html"
  tar -C "$root" --owner=0 --group=0 -cf "$RUN/busybox.tar" .
  build_image "$BUSYBOX_IMAGE" 'CMD ["sh"]'
  build_image "$HTTPD_IMAGE" 'CMD ["httpd", "-f", "-p", "80", "-h", "/www"]' 'EXPOSE 80'
  rm -rf "$root" "$RUN/busybox.tar"
}

build_image() { # NAME LINE...
  local name=$1
  shift
  printf '%s\n' 'FROM scratch' 'ADD busybox.tar /' 'ENV PATH=/bin' 'STOPSIGNAL SIGKILL' "$@" >"$RUN/Dockerfile"
  tar -C "$RUN" -c Dockerfile busybox.tar | private_docker build -q -t "$name" - >/dev/null
  rm "$RUN/Dockerfile"
}

images_status() {
  images_built || { report images DOWN ''; return 1; }
  report images up "$BUSYBOX_IMAGE $HTTPD_IMAGE"
}
