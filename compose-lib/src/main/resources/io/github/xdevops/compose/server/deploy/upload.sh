# --- deploy: upload, and following the worker -------------------------------------------------------------------------
# Needs deploy/admission, deploy/registry, deploy/mounts, core/files. Ends the program: with the worker's result, or before there is one.

readonly largest_bundle=131072 # blocks of 512 bytes, or of 1 KiB in bash: more than a client sends

deploy() { # WORDS: reads the bundle, starts the worker, prints its output
  local credentials='' code=0 detach=setsid
  admit </dev/null
  staging=$state/.staging/$project.$nonce
  mkdir "$staging" 2>/dev/null || fail_io create "$staging"
  # The lock on descriptor 8 shows that the client, then the worker is alive; the kernel frees it.
  # Reserve room for the result, in case the disk becomes full.
  can_write "$staging/alive" && exec 8>"$staging/alive" && flock 8 && printf '%8192s' '' 2>/dev/null >"$staging/answer" &&
    can_write "$staging/out" || { rm -rf "$staging" && fail_io write "$staging"; }
  phase upload
  read_logins
  (ulimit -f "$largest_bundle" && exec timeout -k 5 "$longest_upload" cat) >"$staging/bundle" || code=$?
  case $code in
  0) ;;
  124 | 137 | 143) refuse_upload "did not end within $longest_upload s" ;;
  *)
    code=$(stat -c %s "$staging/bundle" 2>/dev/null)
    rm -rf "$staging"
    [ "${code:-0}" -lt $((largest_bundle * 512)) ] || finish DATA "the upload has more than $code bytes; nothing was changed"
    fail_io write "$staging/bundle"
    ;;
  esac
  { [ -z "$upload" ] || split_upload; } && [ "$(sha256sum <"$staging/bundle" | cut -d ' ' -f 1)" = "$sha256" ] ||
    refuse_upload 'arrived incomplete'
  keep_logins
  export gate gate_repository gate_projects gate_hosts gate_persistent gate_home gate_exec gate_proxies gate_seeds
  # The worker has its own session and writes to a file, so it outlives the client.
  command -v setsid >/dev/null || detach='nohup'
  "$detach" /bin/sh "$self" work "$@" >>"$staging/out" 2>&1 </dev/null &
  exec 8>&-
  follow
}

refuse_upload() { # WHY
  rm -rf "$staging"
  finish PROTO "the upload $1; nothing was changed, try again"
}

readonly largest_about=16384 largest_forms=1048576 # bytes

unpack() { # the bundle: facts for users, number of secrets' forms, the forms, the compose file; sets about, secrets
  local mark='' forms='' skip=1 decimal
  { IFS= read -r about && IFS=' ' read -r mark forms; } <<END
$(head -c "$largest_about" "$staging/bundle" | head -n 2 | tr -d '\000')
END
  case $about in
  '{'*'}') ;;
  *) finish USAGE "the first line of the upload is not a JSON object of at most $largest_about bytes" ;;
  esac
  case $mark:$forms in
  '#redact:'[0-9][0-9][0-9][0-9][0-9][0-9]*) finish USAGE "too many forms of secrets: $forms" ;;
  '#redact:' | '#redact:'*[!0-9]*) ;;
  '#redact:0') skip=2 ;;
  '#redact:'*)
    require_number redact "$forms"
    skip=$((decimal + 2))
    sed -n -e "3,${skip}{/./p;}" -e "${skip}q" "$staging/bundle" >"$staging/secrets" || fail_io write "$staging/secrets"
    [ "$(stat -c %s "$staging/secrets")" -le "$largest_forms" ] || finish USAGE "the forms of secrets have more than $largest_forms bytes"
    secrets=$staging/secrets
    ;;
  esac
  head -n "$skip" "$staging/bundle" >"$staging/head" && tail -n +$((skip + 1)) "$staging/bundle" >"$staging/docker-compose.yml" ||
    fail_io write "$staging/docker-compose.yml"
  [ "$(stat -c %s "$staging/docker-compose.yml")" -le "$largest_file" ] || finish DATA "the compose file has more than $largest_file bytes"
  [ -S /run/systemd/journal/socket ] || cap_logs || fail_io write "$staging"
}

cap_logs() { # without journald, logs that may go there go to files of a limited size
  sed '/^    x-logging: "journald, or files"$/{n;N;s/^\(    logging:\)\n      driver: "journald"$/\1\
      driver: "json-file"\
      options:\
        max-size: "10m"\
        max-file: "5"/;}' "$staging/docker-compose.yml" >"$staging/capped" && mv "$staging/capped" "$staging/docker-compose.yml"
}

follow() { # prints the worker's output until its result or its death
  local rest='' polls=0 result='' alive line
  exec 7<"$staging/out"
  while [ -z "$result" ]; do
    alive=yes
    if [ $((polls % 25)) -eq 24 ]; then
      flock -n "$staging/alive" true && alive=''
    fi
    while IFS= read -r line <&7; do
      line=$rest$line rest=''
      printf '%s\n' "$line"
      case $line in "@$nonce result "*) result=$line && break ;; esac
    done
    [ -z "$result" ] || break
    rest=$rest$line
    if [ -z "$alive" ] && [ -f "$staging/answer" ] && IFS= read -r line <"$staging/answer"; then
      case $line in "@$nonce result "*) printf '%s\n' "$line" && result=$line && break ;; esac
    fi
    [ -n "$alive" ] || finish UNKNOWN "the deploy of $project was killed on the server; deploy again, or let it expire"
    polls=$((polls + 1))
    if [ $polls -lt 100 ]; then sleep 0.02 2>/dev/null || sleep 1; else sleep 0.2 2>/dev/null || sleep 1; fi
  done
  rm -rf "$staging"
  case $result in *'{"word":"OK"'*) exit 0 ;; *) exit 70 ;; esac
}

attend() { # the result of a deploy whose client lost the connection
  local changed=true lease
  staging=$state/.staging/$project.$nonce
  [ ! -f "$staging/out" ] || follow
  load_manifest "$dir"
  case $m_state:$m_deploy in "live:same$nonce") changed=false m_deploy=$nonce ;; esac
  case $m_state:$m_deploy in
  "live:$nonce")
    read_lease "$dir"
    finish OK "$project is up" "\"expires\":\"$lease\",\"generation\":$m_generation,\"changed\":$changed"
    ;;
  *":failed$nonce") finish UNHEALTHY "the deploy of $project failed; see deploy.log in $dir" ;;
  esac
  finish UNKNOWN "the connection was lost and the server does not know this deploy of $project; deploy it again"
}
