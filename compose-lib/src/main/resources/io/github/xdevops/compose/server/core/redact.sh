# --- secrets ----------------------------------------------------------------------------------------------------------
# The client knows which values are secret and sends their forms (raw, base64, …) with the bundle, one per line, the longest
# first. They stay in staging. All output of programs that a record keeps is redacted here.
# Needs nothing, and never ends the program.

redact() { # standard input without the secrets in the file $secrets, which awk reads by the name forms
  if [ -z "$secrets" ]; then
    cat
  else
    forms=$secrets awk "$(redact_awk)"
  fi
}
