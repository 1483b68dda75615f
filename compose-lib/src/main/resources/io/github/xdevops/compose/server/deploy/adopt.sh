# --- deploy: taking over a stack that was brought up by hand or by another tool -----------------------------------------
# What runs becomes the record's live version, as its own compose files say. So the deploy that takes it over is a redeploy: it replaces
# the containers as any other does, keeps volumes and networks, and brings back what was there if it fails.
# Needs core/docker, core/record, deploy/home, deploy/adopt.awk. check_adoption ends the program where nothing can be taken over.

check_adoption() { # writes the compose file of what runs to staging, as Compose reads it
  local origins files='' file
  [ -z "$gated" ] || finish NOPERM "adopt-gated $project"
  [ "$lifetime" = forever ] && [ -n "$home" ] || finish USAGE "adopt-home $project"
  origins=$(containers "$project" "$of_directory" | sort -u) || fail_daemon
  [ -n "$origins" ] || finish DATA "adopt-nothing $project"
  [ "$origins" = "$home" ] || finish DATA "adopt-elsewhere $project $home $(printf '%s' "$origins" | tr '\n' ' ')"
  [ -O "$home" ] && [ -w "$home" ] || finish NOPERM "$home belongs to another user than $(id -un)"
  set --
  files=$(containers "$project" '{{.Label "com.docker.compose.project.config_files"}}' | tr ',' '\n' | sort -u) || fail_daemon
  while IFS= read -r file; do
    [ -z "$file" ] || set -- "$@" -f "$file"
  done <<END
$files
END
  (cd "$home" && compose "$@" --project-directory "$home" config) >"$staging/read" ||
    finish DATA "adopt-unreadable $project $(printf '%s' "$files" | tr '\n' ' ')"
  awk -v project="$project" "$(adopt_awk)" "$staging/read" >"$staging/adopted" || fail_io write "$staging/adopted"
  files=$(containers "$project" "$of_service {{.Label \"com.docker.compose.config-hash\"}}" | sort -u)
  (cd "$home" && compose "$@" --project-directory "$home" config --hash '*') 2>/dev/null | while read -r file origins; do
    ! printf '%s\n' "$files" | grep -q "^$file " || printf '%s\n' "$files" | grep -qxF "$file $origins" ||
      printf '%s\n' "$file differs from its definition in $home; if this deploy fails, it is started as defined there"
  done
}

save_adopted_manifest() {
  local m_state=live m_sha256="$of_what_runs" m_hosts='' m_proxy=''
  save_manifest "$staging/record"
}

record_adopted() { # one rename, as for a first deploy; sets first and old_*
  local of_what_runs
  of_what_runs=$(sha256sum <"$staging/adopted" | cut -d ' ' -f 1)
  keep_owners_file "$home"
  mkdir "$staging/record" && mv "$staging/adopted" "$staging/record/docker-compose.yml" &&
    save_adopted_manifest &&
    mv "$staging/record" "$dir" && flush "$state" || fail_io write "$dir"
  first='' old_state=live old_sha256=$of_what_runs old_hosts='' old_proxy='' old_about=$about
}
