# --- deploy: the worker -----------------------------------------------------------------------------------------------
# Needs deploy/*, core/*, timer/timer, gate/policy. Ends the program: with the result of the deploy.

work() { # holds the lock; everything that changes the server happens here
  local about='' failed_as='' started='' first='' lines='' section='' remains='' expires unwanted='' problem='' culprit='' number
  local old_number list='' mounts='' give='' stands='' moved='' unstarted='' changed=true old_state old_sha256 old_hosts old_proxy old_about
  local orders='' earlier='' numbers='' replaced='' scales='' before='' after='' surplus='' unready='' unfit='' gap='' last_gap='' began
  staging=$state/.staging/$project.$nonce
  back_up_first no-backup-before
  phase lock
  lock_or_busy
  keep_clock
  # A server with persistent environments only has no timer.
  forget_secrets
  forget_leftovers
  if [ -e "$dir/removing" ]; then
    phase "finish-teardown"
    teardown || finish BUSY "an earlier teardown of $project could not be finished: $remains"
  fi
  phase check
  started=$(now)
  unpack
  check_request
  [ -z "$to" ] || use_kept_images
  old_number=$m_generation old_state=$m_state old_sha256=$m_sha256 old_hosts=$m_hosts old_proxy=$m_proxy old_about=$m_about
  [ "$old_state:$old_sha256" = "live:$sha256" ] || check_file
  log_in
  ask_registries
  m_state=deploying m_identity=$identity m_sequence=$sequence m_generation=$((m_generation + 1)) m_sha256=$sha256
  m_hosts=$hosts m_deploy=$nonce m_home=$home m_proxy=$proxy m_repository=${repository:-$m_repository} m_about=$about
  m_sleep=${sleep:-$((limit_sleep_minutes * 60))}
  number_services
  [ "$lifetime" = forever ] || ensure_sweeper
  claim_and_record
  rm -f "$dir/asleep" "$dir/waking"
  [ "$old_state" != deploying ] || enter_history "$old_number" "$old_about" UNKNOWN 'it was killed'
  tell_pages list
  [ -n "$first" ] || [ "$old_state:$old_sha256$moved" = "live:$sha256" ] || { release_images "$(images_of "$project")"; note_volumes; }
  phase up
  began=$(hundredths) number=$m_generation
  remove_surplus
  [ -n "$first" ] || [ "$old_state" = live ] || remove_half_made
  { unchanged || compose_up; } && phase ready && wait_ready && gap=$(since "$began") && replace_services || fail_deploy
  tell_replacements
  m_state=live m_served=true
  [ "$changed" = true ] || m_deploy=same$nonce
  holds_lock || finish BUSY "lock-lost $project"
  expires=$(lease_from "$(now)")
  # Make room, in case the disk is full by now.
  rm -f "$staging/bundle"
  [ "$lifetime" != forever ] || keep_version "$@"
  write_lease "$dir" "$expires"
  save_manifest "$dir"
  show_at_home
  rm -f "$dir/docker-compose.previous.yml" "$dir/.previous.about" "$dir/sweep-failures"
  [ "$expires" = forever ] || drop_volumes
  drop_mounts
  enter_history "$number" "$about" OK ''
  [ -n "$stands" ] || { snapshot; } 2>/dev/null >"$dir/.standing" || rm -f "$dir/.standing"
  keep_log
  finish OK "$project is up" "\"expires\":\"$expires\",\"generation\":$m_generation,\"changed\":$changed"
}

check_request() { # checks the request against the record and the policy; sets first, m_*, lifetime, lines and section
  [ "${sleep:-0}" = 0 ] || grep -qs '^tick()' "$state/.host/pages.sh" || finish UNAVAIL no-pages
  read_limits >/dev/null
  [ -z "$renumber" ] || rm -f "$state/.gone/$project"
  if [ -d "$dir" ]; then
    check_record
  else
    first=yes
    load_manifest "$dir"
    m_created=$started m_served=false
    check_tombstone
    require_docker
    if [ -n "$adopt" ]; then check_adoption && m_served=true; else check_containers; fi
  fi
  [ -z "$judged" ] || check_policy "$staging/docker-compose.yml"
  check_proxy
  check_routers
  if [ "$m_pinned" = true ] && [ "$lifetime" != forever ]; then
    lifetime=forever
    printf '%s\n' "$project is pinned, so it is kept until it is extended"
  fi
  [ -n "$first" ] || refuse_end
  check_seed
}

check_file() { # checks a changed compose file before anything is changed
  local refused
  [ -n "$first" ] || { require_docker && refuse_others; }
  refused=$(compose -f "$staging/docker-compose.yml" --project-directory "$dir" config -q 2>&1) ||
    finish DATA "Docker Compose refuses the file: ${refused#*"validating $staging/docker-compose.yml: "}"
  [ -z "$lines" ] || refuse_taken
}

claim_and_record() { # under one lock for all projects, because each URL belongs to one project
  local before lease previous
  can_write "$state/.locks/.hosts" || fail_io open "$state/.locks/.hosts"
  exec 6>>"$state/.locks/.hosts" && flock -w "$lock_wait" 6 || finish BUSY "another deploy holds the list of URLs; try again"
  check_urls
  check_home
  [ -z "$first" ] || check_counts
  [ -z "$home" ] || prepare_home
  [ -z "$first" ] || [ -z "$adopt" ] || record_adopted
  before=$(lease_from $((started + budget + ready_wait)))
  if [ -n "$first" ]; then
    # One rename creates the whole record, so no record is ever without a lease.
    mkdir "$staging/record" && flush "$staging/docker-compose.yml" && mv "$staging/docker-compose.yml" "$staging/record/" ||
      fail_io write "$staging/record"
    save_manifest "$staging/record"
    write_lease "$staging/record" "$before"
    mv "$staging/record" "$dir" && flush "$state" || fail_io write "$dir"
  else
    read_lease "$dir"
    if [ "$before" = forever ] || [ "$lease" = forever ]; then
      : # a persistent lease is shortened only after the deploy
    elif [ "$lease" = invalid ] || [ "$before" -gt "$lease" ]; then
      write_lease "$dir" "$before"
      rm -f "$dir/sweep-failures" # it is not due for removal any more
    fi
    # Keep the last file that served until the new one serves. A file kept while the record is live is outdated.
    [ "$old_state" != live ] || rm -f "$dir/docker-compose.previous.yml" "$dir/.previous.about"
    if [ "$m_served" = true ] && [ "$old_sha256" != "$sha256" ] && [ ! -f "$dir/docker-compose.previous.yml" ] &&
      [ -f "$dir/docker-compose.yml" ]; then
      previous=$(printf '%s\n%s\n%s\n%s' "$old_sha256" "$old_hosts" "$old_about" "$old_proxy")
      save "$dir/.previous.about" "$previous" && copy "$dir/docker-compose.yml" "$dir/docker-compose.previous.yml" ||
        fail_io write "$dir/docker-compose.previous.yml"
    fi
    save_manifest "$dir"
    replace "$staging/docker-compose.yml" "$dir/docker-compose.yml" || fail_io write "$dir/docker-compose.yml"
  fi
  exec 6>&-
}

keep_log() { # the worker's output without secrets
  { if [ -n "$secrets" ] && grep -qF -f "$secrets" "$staging/out"; then said | redact; else said; fi | tail -c 65536; } \
    2>/dev/null >"$dir/.log.new" && mv -f "$dir/.log.new" "$dir/deploy.log" || rm -f "$dir/.log.new"
}

said() { grep -v -e "^@$nonce " -e '^ [0-9a-f]\{12\} ' "$staging/out"; } # without the progress of image layers
