# --- the sweep: notifications of the server's owner -------------------------------------------------------------------
# Only the server's owner sets the URL, in a file: a branch must not make the server call anything. Needs core/record. Never
# ends the program.

note_due() { # describes environments while their records exist; sets known to the file
  local name before branch where
  [ -f "$state/.host/webhook" ] || return 0
  known=$state/.staging/.known.$$
  for name in $due; do
    before=new
    [ ! -f "$state/$name/sweep-failures" ] || before=failed
    load_manifest "$state/$name"
    branch='' where=${m_hosts%%,*}
    case $m_about in *'"branch":"'*) branch=${m_about#*'"branch":"'} branch=${branch%%[\"\\\`]*} ;; esac
    printf '%s %s%s%.150s%s%s%.150s\n' "$name" "$before" "${branch:+ \`}" "$branch" "${branch:+\`}" "${where:+ }" "$where"
  done 2>/dev/null >"$known" || known=lost
}

notify_owner() {
  [ -n "$known" ] || return 0
  [ -f "$known" ] && tell_news ||
    reply "warning webhook-silent $state"
  rm -f "$known"
}

tell_news() { # reports removed environments, and new failures
  local server='' gone=0 news='' name before about reason
  { read -r server </proc/sys/kernel/hostname; } 2>/dev/null
  while read -r name before about; do
    if [ ! -d "$state/$name" ]; then
      gone=$((gone + 1))
      [ $gone -gt 30 ] || news="$news
* $name${about:+ $about}"
    elif [ "$before" = new ] && [ -f "$state/$name/sweep-failures" ]; then
      read -r _ _ reason <"$state/$name/sweep-failures"
      news="$news
* not removed: $name ($reason); it is tried again"
    fi
  done <"$known"
  [ -n "$news" ] || return 0
  [ $gone -le 30 ] || news="$news
* and $((gone - 30)) more"
  # A truncated character would make the message invalid, so only ASCII is sent.
  news=$(printf 'Expired environments on %s: %d removed%s' "$server" $gone "$news" | tr '\200-\377' '?' |
    tr -d '\000-\011\013-\037\177' |
    sed 's/\\/\\\\/g; s/"/\\"/g; s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/$/\\n/' | tr -d '\n')
  { printf '{"text":"%s"}' "${news%?n}" >"$known"; } 2>/dev/null && post_message
}

post_message() { # the URL is a secret and the process list is not: pass it through a pipe
  local webhook=''
  { read -r webhook <"$state/.host/webhook"; } 2>/dev/null
  case $webhook in
  *[!a-zA-Z0-9._~:/?#@!\$\&\(\)*+,\;=%-]*) return 1 ;;
  http://?* | https://?*) ;;
  *) return 1 ;;
  esac
  if command -v curl >/dev/null; then # a redirect counts as a failure
    printf 'url = "%s"\n' "$webhook" |
      timeout -k 1 9 curl -sfgL --max-redirs 0 -m 8 -o /dev/null -H 'Content-Type: application/json' --data-binary "@$known" -K -
  else # busybox would use its own wget, which cannot read the URL from a pipe
    printf '%s\n' "$webhook" |
      timeout -k 1 9 /usr/bin/env wget -q -T 8 -t 1 --max-redirect=0 -O /dev/null --header='Content-Type: application/json' \
        --post-file="$known" -i -
  fi >/dev/null 2>&1 5>&-
}
