# --- pages: what is written when something has changed --------------------------------------------------------------------
# Needs core, environments.awk. Ends the program where the state directory cannot be written.

# Under a lock, so that the last to write has read the latest. A page is old or new, never half.
list() {
  [ -d "$state/.host" ] && exec 5>>"$state/.host/.list.lock" && flock -w 5 5 || return 0
  say_records | directory=$state awk -v now="$(date +%s)" "$(environments_awk)" | page Environments >"$state/.host/list.html.new" &&
    mv -f "$state/.host/list.html.new" "$state/.host/list.html"
  forget_gone
}

say_records() { # prints a line for each record, as environments.awk reads them
  local record
  for record in "$state"/*/; do
    say_record "${record%/}"
  done
}

say_record() { # DIRECTORY
  local lease='' mark=-
  case ${1##*/} in *[!a-z0-9_-]*) return 0 ;; esac
  [ -f "$1/manifest.json" ] && [ ! -L "$1/manifest.json" ] && [ ! -L "$1" ] || return 0
  [ ! -f "$1/removeat" ] || read -r lease <"$1/removeat"
  case $lease in '' | *[!0-9]*) lease=- ;; esac
  [ ! -e "$1/asleep" ] || mark=asleep
  [ ! -e "$1/removing" ] || mark=removing
  printf '%s %s %s\n' "${1##*/}" "$lease" "$mark"
}

hosts_of() { # PROJECT: prints a line for each of its host names
  sed -n 's/^"hosts": "\([a-z0-9.,-]*\)",$/\1/p' "$state/$1/manifest.json" | tr ',' '\n' | grep .
}

forget_gone() { # the pages of hosts that have an environment again
  local name mark
  cd "$state/.gone" 2>/dev/null || return 0
  set -- *.html
  [ -e "$1" ] || return 0
  say_records | while read -r name _ mark; do
    [ "$mark" = removing ] || hosts_of "$name"
  done | sed 's/$/.html/' | xargs rm -f
}

gone() { # PROJECT VERB, before its record is forgotten
  local why='was taken down' lease='' host new="$state/.gone/.new.$$" page="$state/.gone/.page.$$"
  [ ! -f "$state/$1/removeat" ] || read -r lease <"$state/$1/removeat"
  case $2:$lease in
  evict:*) why='was removed to make room for another one' ;;
  remove: | remove:*[!0-9]*) ;;
  remove:*) [ "$lease" -gt "$(date +%s)" ] || why='expired' ;;
  esac
  mkdir -p "$state/.gone"
  say_record "$state/$1" |
    directory=$state gone=$why when=$(date -u '+%Y-%m-%d at %H:%M UTC') awk "$(environments_awk)" >"$new"
  [ ! -s "$new" ] || hosts_of "$1" | while read -r host; do
    page 'This environment is gone' <"$new" >"$page" && mv -f "$page" "$state/.gone/$host.html"
  done
  rm -f "$new" "$page"
}
