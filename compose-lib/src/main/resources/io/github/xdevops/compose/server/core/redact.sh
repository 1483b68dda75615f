# --- secrets ---------------------------------------------------------------------------------------------------------

# The client knows which values are secret and sends their forms (raw, base64, …) with the bundle, one a line, the longest
# first. They stay in staging; what a record keeps of a program's words goes through here.

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
