# --- deploy: the worker ----------------------------------------------------------------------------------------------

work() { # the worker: holds the lock; everything that changes the server happens here
  staging=$state/.staging/$project.$nonce
  phase lock
  lock_or_busy
  keep_clock
  # A server on which everything stays for ever has no timer.
  forget_secrets
  forget_leftovers
  if [ -e "$dir/removing" ]; then
    phase "finish-teardown"
    teardown || finish BUSY "an earlier teardown of $project could not be finished: $remains"
  fi
  phase check
  started=$(now)
  unpack
  [ -z "$renumber" ] || rm -f "$state/.gone/$project"
  first=yes
  if [ -d "$dir" ]; then
    first=''
    check_record
  else
    load_manifest "$dir"
    m_created=$started m_served=false
    check_buried
    require_docker
    check_containers
  fi
  [ -z "$judged" ] || check_policy "$staging/docker-compose.yml"
  check_proxy
  check_routers
  if [ "$m_pinned" = true ] && [ "$lifetime" != forever ]; then
    lifetime=forever
    printf '%s\n' "$project is pinned, so it is kept until compose:extend gives it a lease"
  fi
  [ -n "$first" ] || refuse_end
  old_state=$m_state old_sha256=$m_sha256 old_hosts=$m_hosts old_proxy=$m_proxy old_about=$m_about
  if [ "$old_sha256" != "$sha256" ] || [ "$m_state" != live ]; then
    [ -n "$first" ] || { require_docker && refuse_others; }
    # Refused files leave no trace.
    refused=$(compose -f "$staging/docker-compose.yml" --project-directory "$dir" config -q 2>&1) ||
      finish DATA "Docker Compose refuses the file: ${refused#*"validating $staging/docker-compose.yml: "}"
    [ -z "${lines:-}" ] || refuse_taken
  fi
  log_in
  m_state=deploying m_identity=$identity m_sequence=$sequence m_generation=$((m_generation + 1)) m_sha256=$sha256 m_hosts=$hosts m_deploy=$nonce m_home=$home m_proxy=$proxy m_repository=${repository:-$m_repository}
  m_about=$about
  [ "$lifetime" = forever ] || ensure_sweeper
  claim_and_record
  [ -n "$first" ] || { [ "$old_sha256" = "$sha256" ] && [ "$old_state" = live ]; } || { release_images "$(images_of "$project")"; note_volumes; }
  phase up
  [ -n "$first" ] || [ "$old_state" = live ] || remove_half_made
  if { still_stands || compose_up; } && { phase ready && wait_ready; }; then
    m_state=live m_served=true
    [ "$changed" = true ] || m_deploy=same$nonce
    holds_lock || finish BUSY "the lock file of $project was removed while it was deployed, so another may have deployed it, too; deploy again"
    expires=$(lease_from "$(now)")
    # What is not needed any more makes room, should the disk be full by now.
    rm -f "$staging/bundle"
    write_lease "$dir" "$expires"
    save_manifest "$dir"
    show_at_home
    rm -f "$dir/docker-compose.previous.yml" "$dir/.previous.about" "$dir/sweep-failures"
    [ "$expires" = forever ] || drop_volumes
    [ -n "$stands" ] || { standing; } 2>/dev/null >"$dir/.standing" || rm -f "$dir/.standing"
    keep_log
    finish OK "$project is up" "\"expires\":\"$expires\",\"generation\":$m_generation,\"changed\":$changed"
  fi
  fail_deploy
}

unpack() { # the bundle: what people want to know, how many forms, the forms, the compose file
  about='' mark='' forms='' skip=1
  { IFS= read -r about && IFS=' ' read -r mark forms; } <"$staging/bundle"
  case $mark:$forms in
  '#redact:' | '#redact:'*[!0-9]*) ;;
  '#redact:0') skip=2 ;;
  '#redact:'*)
    skip=$((forms + 2))
    sed -n "3,${skip}p" "$staging/bundle" >"$staging/secrets" || io write "$staging/secrets"
    secrets=$staging/secrets
    ;;
  esac
  tail -n +$((skip + 1)) "$staging/bundle" >"$staging/docker-compose.yml" || io write "$staging/docker-compose.yml"
}

keep_log() {
  { if [ -n "$secrets" ] && grep -qF -f "$secrets" "$staging/out"; then said | redact; else said; fi | tail -c 65536; } 2>/dev/null >"$dir/.log.new" &&
    mv -f "$dir/.log.new" "$dir/deploy.log" || rm -f "$dir/.log.new"
}

said() { grep -v -e "^@$nonce " -e '^ [0-9a-f]\{12\} ' "$staging/out"; } # without how far the layers of images are
