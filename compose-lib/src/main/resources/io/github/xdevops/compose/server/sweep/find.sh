# --- the sweep: whose turn it is --------------------------------------------------------------------------------------
# Needs core/clock. Never ends the program.

# Sets due to projects to remove, and over to those with an expired lease, on which the guard decides; leases and ended to the
# number of leases and of expired ones.
find_due() {
  local file odd text more name
  for file in "$state"/*/; do
    [ -x "$file" ] || [ ! -d "$file" ] ||
      report_failure "$(basename "$file")" 'its record cannot be entered; give it back to its user or remove it by hand'
  done
  # Anything but a small regular file is left to read_lease.
  odd=$(find "$state" -mindepth 2 -maxdepth 2 -name removeat ! \( -type f -size -33c \) -print 2>/dev/null)
  for file in "$state"/*/removeat; do
    [ ! -e "${file%/*}/removing" ] && [ ! -L "${file%/*}" ] || continue
    text='' more=''
    case $odd in
    *"$file"*) ;;
    *) { IFS= read -r text && IFS= read -r more; } 2>/dev/null <"$file" ;;
    esac
    case $more$text in
    '' | *[!0-9]* | ?????????????*)
      [ ! -e "$file" ] && [ ! -L "$file" ] || ! is_candidate "${file%/*}" || due="$due $name"
      ;;
    *)
      leases=$((leases + 1))
      if [ "$text" -le "$clock" ]; then ended=$((ended + 1)) && ! is_candidate "${file%/*}" || over="$over $name"; fi
      ;;
    esac
  done
  for file in "$state"/*/removing; do
    [ ! -e "$file" ] || [ -L "${file%/*}" ] || ! is_candidate "${file%/*}" || due="$due $name"
  done
}

is_candidate() { # RECORD: sets name; false if its removal failed recently, or no project can have this name
  local next_try=''
  name=${1##*/}
  is_project "$name" ||
    { report_failure "$name" 'its name is not that of a Compose project of this tool; take it down and remove it by hand' && return 1; }
  if [ -z "$force" ] && [ -f "$1/sweep-failures" ]; then
    read -r _ next_try _ <"$1/sweep-failures"
    case $next_try in '' | *[!0-9]*) ;; *) [ "$clock" -ge "$next_try" ] || return 1 ;; esac
  fi
}

put_failures_last() { # so that hanging removals delay only each other; changes the order of due
  local new='' old='' name
  for name in $due; do
    if [ -f "$state/$name/sweep-failures" ]; then old="$old $name"; else new="$new $name"; fi
  done
  due=$new$old
}
