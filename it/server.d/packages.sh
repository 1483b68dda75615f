# shellcheck shell=bash
# Everything from Debian. Where a mirror is, is only ever read from the machine's own apt configuration.

quiet_apt=(-qq -o APT::Sandbox::User=root -o DPkg::Lock::Timeout=300)
NEWER_SUITE=trixie # the first one with Compose v2; its package needs no newer libc than ours

# Libraries and tools, none with a service: these are installed. $unpacked have services: those are only unpacked.
installed=(ca-certificates curl iproute2 iptables libaudit1 libcom-err2 libdevmapper1.02.1 libgssapi-krb5-2 libkrb5-3
  libseccomp2 libwrap0 openssh-client procps)
unpacked=(docker.io containerd runc tini openssh-server cron busybox-static docker-registry)
newer=(docker.io containerd) # of the newer suite, for a test that starts it: it can keep images with containerd, as Docker does by now

lists_are_fresh=no
refresh_lists() {
  [ "$lists_are_fresh" = no ] || return 0
  step "apt-get update"
  apt-get "${quiet_apt[@]}" update
  lists_are_fresh=yes
}

# Apt options for another SUITE of the machine's own Debian mirror, with lists of its own. Apt reads its configuration itself
# (one-line and deb822 files alike): we only ask where the release we run comes from.
suite=()
look_at_suite() {
  local dir=$CACHE/apt/$1 key=/usr/share/keyrings/debian-archive-keyring.gpg
  mkdir -p "$dir/lists/partial" "$dir/archives/partial"
  refresh_lists
  # shellcheck disable=SC2016  # apt's own placeholders
  apt-get indextargets --format '$(ORIGIN)|$(RELEASE)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' -v own="$VERSION_CODENAME" -v suite="$1" -v key="$key" \
      '$1 == "Debian" && $2 == own && $3 == "main" && !seen[$4]++ { print "deb [signed-by=" key "]", $4, suite, "main" }' \
      >"$dir/sources.list"
  [ -s "$dir/sources.list" ] || die "no Debian mirror for $VERSION_CODENAME in this machine's apt sources"
  suite=(-o "Dir::Etc::SourceList=$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$dir/lists"
    -o "Dir::Cache=$dir" -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
  step "apt-get update for $1"
  apt-get "${quiet_apt[@]}" "${suite[@]}" update
}

debs=$CACHE/debs
# fetch PACKAGE...: into $debs, from ${suite[@]} when that is set. Moved into place, so that half a download is never taken for one.
fetch() {
  local arriving=$debs.arriving
  rm -rf "$arriving"
  mkdir -p "$arriving" "$debs"
  (cd "$arriving" && apt-get "${quiet_apt[@]}" ${suite[@]+"${suite[@]}"} download "$@")
  mv "$arriving"/*.deb "$debs/"
  rmdir "$arriving"
}
cached() { compgen -G "$debs/${1}_*.deb" >/dev/null; }
unpack() { local deb; for deb in "$debs/${1}"_*.deb; do dpkg -x "$deb" "$2"; done; }

is_installed() { dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q ^ii; }

provide_packages() {
  local missing=() package
  for package in "${installed[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    refresh_lists
    step "installing ${missing[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get "${quiet_apt[@]}" install -y --no-install-recommends "${missing[@]}" >"$RUN/log/apt.log" 2>&1 ||
      { tail "$RUN/log/apt.log" >&2; die "apt-get install failed"; }
  fi
  # What an earlier version of these scripts unpacked may lack a package; running programs outlive their files.
  [ "$(cat "$DIST/unpacked" 2>/dev/null)" != "${unpacked[*]}" ] || return 0

  missing=()
  for package in "${unpacked[@]}"; do cached "$package" || missing+=("$package"); done
  if [ ${#missing[@]} -gt 0 ]; then
    refresh_lists
    step "fetching ${missing[*]}"
    fetch "${missing[@]}"
  fi
  if ! cached docker-compose; then
    look_at_suite "$NEWER_SUITE"
    step "fetching docker-compose from $NEWER_SUITE"
    fetch docker-compose
    suite=()
  fi

  step "unpacking ${unpacked[*]} docker-compose"
  rm -rf "$DIST.new"
  mkdir -p "$DIST.new"
  for package in "${unpacked[@]}" docker-compose; do unpack "$package" "$DIST.new"; done
  echo "${unpacked[*]}" >"$DIST.new/unpacked"
  rm -rf "$DIST"
  mv "$DIST.new" "$DIST"
}

# Without it a test is skipped, and says so; the server itself does not need it.
provide_newer_engine() {
  local debs=$CACHE/debs-$NEWER_SUITE package missing=()
  [ ! -e "$RUN/newer" ] || return 0
  for package in "${newer[@]}"; do cached "$package" || missing+=("$package"); done
  if [ ${#missing[@]} -gt 0 ]; then
    look_at_suite "$NEWER_SUITE"
    step "fetching ${missing[*]} from $NEWER_SUITE"
    fetch "${missing[@]}"
    suite=()
  fi
  rm -rf "$RUN/newer.new"
  mkdir -p "$RUN/newer.new"
  for package in "${newer[@]}"; do unpack "$package" "$RUN/newer.new"; done
  mv "$RUN/newer.new" "$RUN/newer"
}
