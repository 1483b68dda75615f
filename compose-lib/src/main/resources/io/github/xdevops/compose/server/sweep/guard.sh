# --- the sweep: the guard against mass expiry -------------------------------------------------------------------------
# Needs core/clock. Never ends the program.

guard_mass_expiry() { # too many expire at once: the clock may be wrong; adds over to due, or sets held and notice
  local began='' waited=0
  if [ -n "$force" ] || [ "$ended" -le 5 ] || [ $((ended * 2)) -le "$leases" ]; then
    rm -f "$state/.brake"
    waited=$hold
  else
    [ ! -f "$state/.brake" ] || read -r began <"$state/.brake"
    case $began in '' | *[!0-9]*) began=-1 ;; esac
    waited=$(($(seconds) - began))
    if [ "$began" -lt 0 ] || [ $waited -lt 0 ]; then # not yet during this boot
      waited=0
      # On a full disk the file stays empty, and its age counts.
      if [ -n "$(find "$state/.brake" -size 0 -mmin "+$((hold / 60))" 2>/dev/null)" ]; then
        waited=$hold
      else
        [ ! -s "$state/.brake" ] || rm -f "$state/.brake"
        seconds 2>/dev/null >>"$state/.brake"
      fi
    fi
  fi
  if [ "$waited" -ge "$hold" ]; then
    due=$due$over
  else
    notice="${notice:+$notice; }leases-held $ended $leases $(((hold - waited + 59) / 60))"
    held=$over
  fi
}
