# From what `docker compose up` printed: the outcome of the deploy, and why it failed.
/^ [A-Z][a-z]* / { last = $0; gsub(/  +/, " ", last) }
/./ { final = $0 }
/^ [^ ]* Error / { pull = substr($0, 2) }
tolower($0) ~ /error|denied|no such|refuse|invalid|not found|could not be found|conflict/ { problem = $0 }
END {
  word = "UNHEALTHY"
  # What is no progress, which begins with a blank, no warning, and no word of the shell is what Compose ended with.
  if (problem == "" && final ~ /^[^ ]/ && final !~ /^(time=|WARN|Killed|Terminated)/) problem = final
  if (problem == "") problem = "docker compose up failed or took longer than " budget " s" (last == "" ? "" : "; the last that it did:" last)
  if (pull != "") {
    # Where the registry is down, what was asked for is not wrong.
    word = is_down(tolower(pull)) ? "UNAVAIL" : "DATA"
    sub(/ Error /, " could not be pulled: ", pull)
    problem = "the image of service " pull
  }
  if (problem ~ /no space left/) word = "IOERR"
  else if (problem ~ /address pool/) { word = "UNAVAIL"; problem = "no-address-pool " problem }
  else if (problem ~ /No such image|already allocated|is already in use|network .* (not|be) found/) word = "DATA"
  else if (problem ~ /Cannot connect to the Docker daemon|was pruned during the deploy/) word = "UNAVAIL"
  print word, problem
}

function is_down(text) {
  gsub("/", "!", text) # awks differ in how a slash stands in an expression
  return text ~ /connection refused|connection reset|no route to host|no such host|network is unreachable|i!o timeout|timeout exceeded|handshake timeout/ ||
    text ~ /server misbehaving|temporary failure|unexpected eof|: eof|too many requests|toomanyrequests|status: 5[0-9][0-9]|service unavailable|bad gateway|gateway time/
}
