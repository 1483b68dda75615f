# --- ask: the login's side ----------------------------------------------------------------------------------------------
# Needs core. Ends the program.
# A request is a file in a directory that systemd watches: the login needs no right to become root.

ask() { # PROJECT NONCE, with the request on stdin
  local name="$1.$2" seen=0 total waited=0
  project=$1 nonce=$2
  is_request "$name" || { nonce=none && finish USAGE 'this is no request'; }
  [ -w "$run/requests" ] || finish UNAVAIL "$(id -un) cannot ask for backups here"
  head -c 65536 >"$run/drafts/$name" && mv "$run/drafts/$name" "$run/requests/$name" ||
    { rm -f "$run/drafts/$name" && finish IOERR "the request cannot be written to $run: is it full?"; }
  while :; do
    if [ -r "$run/answers/$name" ]; then
      total=$(wc -l <"$run/answers/$name")
      if [ "$total" -gt "$seen" ]; then
        sed -n "$((seen + 1)),${total}p" "$run/answers/$name"
        seen=$total
        # Not the file's last line: that may have come since.
        ! sed -n "${total}p" "$run/answers/$name" | grep -q "^@$nonce result " || exit 0
      fi
    elif [ "$waited" -gt 150 ]; then
      rm -f "$run/requests/$name"
      finish UNAVAIL 'the service xdevops-backup does not start; look at: systemctl status xdevops-backup.path xdevops-backup'
    fi
    waited=$((waited + 1))
    [ $((waited % 50)) != 0 ] || reply alive
    sleep 0.2
  done
}
