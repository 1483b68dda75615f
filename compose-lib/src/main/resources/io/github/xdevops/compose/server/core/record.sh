# --- the record of a stack --------------------------------------------------------------------------------------------
# Needs core/answer, core/files. Ends the program where a record cannot be written, and at one of a newer version.

load_manifest() { # DIRECTORY: sets m_*; false when there is none
  local line key text
  m_version=1 m_state='' m_identity='' m_sequence=0 m_generation=0 m_sha256='' m_hosts='' m_created=0 m_deploy=''
  m_home='' m_proxy='' m_repository='' m_seed='' m_sleep=0 m_pinned=false m_pinned_by='' m_about='{}'
  m_served=true # unless the record says that it never did: a record of another tool may have served
  [ -f "$1/manifest.json" ] && [ ! -L "$1/manifest.json" ] || return 1
  while IFS= read -r line; do
    key=${line%%'": '*} text=${line#*: }
    key=${key#\"} text=${text%,}
    case $line in
    '"about": '*) m_about=$text ;;
    '"pinned": true,') m_pinned=true ;;
    '"served": false,') m_served=false ;;
    '"pinnedBy": '*) m_pinned_by=${text#\"} m_pinned_by=${m_pinned_by%\"} ;;
    '"version": '* | '"state": '* | '"identity": '* | '"sequence": '* | '"generation": '* | '"sha256": '* | '"hosts": '* | \
      '"created": '* | '"sleep": '* | '"deploy": '* | '"home": '* | '"proxy": '* | '"repository": '* | '"seed": '*)
      text=${text#\"}
      text=${text%\"}
      eval "m_$key=\$text" # a key is one of those above
      ;;
    esac
  done <"$1/manifest.json"
  case $m_sequence$m_generation$m_created$m_sleep in
  *[!0-9]*) m_sequence=0 m_generation=0 m_created=0 m_sleep=0 ;;
  esac
}

refuse_newer() {
  load_manifest "$dir" || return 0
  case $m_version in
  1 | '' | *[!0-9]*) ;;
  *) finish DATA "the record of $project was written by a newer version of this tool, so it is left alone; use that version" ;;
  esac
}

save_manifest() { # DIRECTORY: one member per line, so that a shell can read it
  local manifest
  manifest=$(
    printf '{\n"version": 1,\n'
    printf '"%s": "%s",\n' project "$project" state "$m_state" identity "$m_identity"
    printf '"%s": %s,\n' sequence "$m_sequence" generation "$m_generation"
    printf '"%s": "%s",\n' sha256 "$m_sha256" hosts "$m_hosts"
    printf '"%s": %s,\n' created "$m_created" sleep "$m_sleep"
    printf '"%s": "%s",\n' deploy "$m_deploy" home "$m_home" proxy "$m_proxy" repository "$m_repository" seed "$m_seed"
    printf '"%s": %s,\n' served "$m_served" pinned "$m_pinned"
    printf '"pinnedBy": "%s",\n"about": %s\n}\n' "$m_pinned_by" "$m_about"
  )
  save "$1/manifest.json" "$manifest" || fail_io write "$1/manifest.json"
}

read_lease() { # DIRECTORY: sets lease to seconds, "forever" or "invalid"
  local text
  lease=forever
  [ -x "$1" ] || lease=invalid
  [ -e "$1/removeat" ] || [ -L "$1/removeat" ] || return 0
  lease=invalid
  [ -f "$1/removeat" ] && [ ! -L "$1/removeat" ] || return 0
  text=$(head -c 32 "$1/removeat" 2>/dev/null | tr '\000' x)
  case $text in
  '' | *[!0-9]* | ?????????????*) ;;
  *) lease=${text#"${text%%[!0]*}"} lease=${lease:-0} ;; # without leading zeros, which arithmetic takes as octal
  esac
}

write_lease() { # DIRECTORY SECONDS|forever
  # Renaming a file to the name of a directory would move it into the directory.
  [ ! -d "$1/removeat" ] || mv "$1/removeat" "$state/.trash/removeat.$project.$$" || fail_io remove "$1/removeat"
  if [ "$2" = forever ]; then
    rm -f "$1/removeat" && flush "$1" || fail_io remove "$1/removeat"
  else
    save "$1/removeat" "$2" || fail_io write "$1/removeat"
  fi
}

lease_from() { # SECONDS-FROM: prints the lease that a lifetime gives
  if [ "$lifetime" = forever ]; then echo forever; else echo $(($1 + lifetime)); fi
}
