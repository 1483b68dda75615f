# --- secrets ---------------------------------------------------------------------------------------------------------

# The client knows which values are secret and sends their forms (raw, base64, …) with the bundle, one a line, the longest
# first. They stay in staging; what a record keeps of a program's words goes through here.

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

redact() { # standard input without secrets
  if [ -z "$secrets" ]; then
    cat
  else
    forms=$secrets awk '
      BEGIN { while ((getline form < ENVIRON["forms"]) > 0) all[++count] = form }
      {
        rest = $0
        for (i = 1; i <= count; i++) {
          done = ""
          while (at = index(rest, all[i])) {
            done = done substr(rest, 1, at - 1) "***"
            rest = substr(rest, at + length(all[i]))
          }
          rest = done rest
        }
        print rest
      }'
  fi
}
