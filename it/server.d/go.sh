# shellcheck shell=bash disable=SC2154
# A Go toolchain for what no registry has.

# The machine's Go if it can fetch the toolchain that a go.mod asks for (1.21), else Debian's newest, unpacked.
find_go() {
  local go version package root=$CACHE/go
  if go=$(command -v go) && version=$("$go" env GOVERSION) && [ "$(printf '%s\n' go1.21 "$version" | sort -V | head -n 1)" = go1.21 ]; then
    echo "$go"
    return
  fi
  if ! compgen -G "$root/usr/lib/go-*/bin/go" >/dev/null; then
    look_at_suite sid >&2
    package=$(apt-cache "${suite[@]}" depends golang-go | sed -n 's/.*Depends: \(golang-[0-9.]*\)-go$/\1/p')
    [ -n "$package" ] || return 1
    step "fetching $package from sid"
    fetch "$package-go" "$package-src" || return 1
    unpack "$package-go" "$root.new"
    unpack "$package-src" "$root.new"
    mv "$root.new" "$root"
    rm -f "$CACHE/debs/$package"-*.deb
  fi
  compgen -G "$root/usr/lib/go-*/bin/go"
}
