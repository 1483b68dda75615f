# --- the record of a stack -------------------------------------------------------------------------------------------

load_manifest() { # DIRECTORY; false when there is none
  m_version=1 m_state='' m_identity='' m_sequence=0 m_generation=0 m_sha256='' m_hosts='' m_created=0 m_deploy='' m_home='' m_proxy='' m_repository='' m_pinned=false m_pinned_by='' m_about='{}'
  m_served=true # unless it is known that it never did: the record of another tool may have
  [ -f "$1/manifest.json" ] && [ ! -L "$1/manifest.json" ] || return 1
  while IFS= read -r m_line; do
    m_value=${m_line#*: }
    m_value=${m_value%,}
    m_text=${m_value#\"}
    m_text=${m_text%\"}
    case $m_line in
    '"version": '*) m_version=$m_value ;;
    '"state": '*) m_state=$m_text ;;
    '"identity": '*) m_identity=$m_text ;;
    '"sequence": '*) m_sequence=$m_value ;;
    '"generation": '*) m_generation=$m_value ;;
    '"sha256": '*) m_sha256=$m_text ;;
    '"hosts": '*) m_hosts=$m_text ;;
    '"created": '*) m_created=$m_value ;;
    '"deploy": '*) m_deploy=$m_text ;;
    '"home": '*) m_home=$m_text ;;
    '"proxy": '*) m_proxy=$m_text ;;
    '"repository": '*) m_repository=$m_text ;;
    '"pinned": true,') m_pinned=true ;;
    '"served": false,') m_served=false ;;
    '"pinnedBy": '*) m_pinned_by=$m_text ;;
    '"about": '*) m_about=$m_value ;;
    esac
  done <"$1/manifest.json"
  case $m_sequence$m_generation$m_created in
  *[!0-9]*) m_sequence=0 m_generation=0 m_created=0 ;;
  esac
}

refuse_newer() {
  load_manifest "$dir" || return 0
  case $m_version in
  1 | '' | *[!0-9]*) ;;
  *) finish DATA "the record of $project was written by a newer version of this tool, so it is left alone; use that version" ;;
  esac
}

save_manifest() { # DIRECTORY: one member a line, so that a shell can read it
  manifest=$(printf '{\n"version": 1,\n"project": "%s",\n"state": "%s",\n"identity": "%s",\n"sequence": %s,\n"generation": %s,\n"sha256": "%s",\n"hosts": "%s",\n"created": %s,\n"deploy": "%s",\n"home": "%s",\n"proxy": "%s",\n"repository": "%s",\n"served": %s,\n"pinned": %s,\n"pinnedBy": "%s",\n"about": %s\n}\n' \
    "$project" "$m_state" "$m_identity" "$m_sequence" "$m_generation" "$m_sha256" "$m_hosts" "$m_created" "$m_deploy" "$m_home" "$m_proxy" "$m_repository" "$m_served" "$m_pinned" "$m_pinned_by" "$m_about")
  save "$1/manifest.json" "$manifest" || io write "$1/manifest.json"
}

read_lease() { # DIRECTORY: sets lease to seconds, "forever" or "invalid"
  lease=forever
  [ -x "$1" ] || lease=invalid
  [ -e "$1/removeat" ] || [ -L "$1/removeat" ] || return 0
  lease=invalid
  [ -f "$1/removeat" ] && [ ! -L "$1/removeat" ] || return 0
  lease_text=$(head -c 32 "$1/removeat" 2>/dev/null | tr '\000' x)
  case $lease_text in
  '' | *[!0-9]* | ?????????????*) ;;
  *) lease=${lease_text#"${lease_text%%[!0]*}"} lease=${lease:-0} ;; # without leading zeros, which arithmetic takes as octal
  esac
}

write_lease() { # DIRECTORY SECONDS|forever
  # A directory would take in what is renamed to its name.
  [ ! -d "$1/removeat" ] || mv "$1/removeat" "$state/.trash/removeat.$project.$$" || io remove "$1/removeat"
  if [ "$2" = forever ]; then
    rm -f "$1/removeat" && flush "$1" || io remove "$1/removeat"
  else
    save "$1/removeat" "$2" || io write "$1/removeat"
  fi
}

lease_from() { # SECONDS-FROM: the lease that a lifetime gives
  if [ "$lifetime" = forever ]; then echo forever; else echo $(($1 + lifetime)); fi
}
