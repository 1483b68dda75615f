# --- images that the client transfers: a layer ------------------------------------------------------------------------
# Needs core/answer, deploy/room. Ends the program with the answer.

layer() { # reads a layer compressed with gzip; the word sha256 is the hash of its content
  local spool room arriving size
  is_hash "$sha256" || finish USAGE "not the hash of a layer: $sha256"
  open_spool
  find_room
  arriving=$spool/.$sha256
  { timeout -k 5 "$budget" gzip -dc 2>/dev/null | head -c "$room" >"$arriving"; } 8>&- || { forget_spool && fail_io write "$spool"; }
  if [ "$(sha256sum <"$arriving" | cut -d ' ' -f 1)" != "$sha256" ]; then
    size=$(stat -c %s "$arriving")
    forget_spool
    [ "$size" -lt "$room" ] ||
      finish IOERR "the server's disk has no room for a layer of more than $((room / 1048576)) MiB. Its owner sets limits in $state/.limits"
    finish PROTO layer-incomplete
  fi
  mv "$arriving" "$spool/$sha256.tar" || fail_io write "$spool"
  finish OK
}

open_spool() { # the directory for one client's images; housekeeping removes it if the client dies; sets spool
  [ "$nonce" != none ] || finish USAGE 'nonce is missing'
  spool=$state/.staging/.carry.$nonce
  { [ -d "$spool" ] || mkdir "$spool"; } 2>/dev/null && can_write "$spool/alive" || fail_io create "$spool"
  exec 8>>"$spool/alive" && flock -n 8 || finish BUSY 'the same client sends another layer'
}

forget_spool() { rm -rf "$spool"; }

find_room() { # sets room to the bytes that a layer may have: it is stored here, stored again by docker load, and unpacked there
  local short='' short_word='' lacking_disk=0 lacking_inodes=0 docker_root least
  read_limits >/dev/null
  read_docker_root
  room=1099511627776
  measure_disk "$limit_disk_mib" -Pk 1024 'MiB free'
  measure_disk "$limit_inodes" -Pi 1 'inodes free'
  [ -z "$short" ] || { forget_spool && finish IOERR "no-room-for-layer $short"; }
  least=$(df -Pk "$state" ${docker_root:+"$docker_root"} 2>/dev/null |
    sed -n 's/^.* \([0-9]\{1,\}\)  *[0-9]\{1,\}% .*$/\1/p' | sort -n | head -n 1)
  [ "$limit_disk_mib" -eq 0 ] || [ -z "$least" ] || room=$(((least - limit_disk_mib * 1024) * 1024 / 3 + 1))
}
