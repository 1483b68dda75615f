# The images of a checked compose file that may have changed in a registry, each with its platform: neither pinned by a digest nor by a
# pull_policy.
/^[^ ]/ { finish(); top = $1; next }
/^  [^ ]/ { finish(); next }
/^    (image|platform|pull_policy): / { field[$1] = $2; gsub(/"/, "", field[$1]) }
END { finish() }

function finish(    image, plain) {
  image = plain = field["image:"]
  gsub("/", "", plain)
  if (top == "services:" && field["pull_policy:"] == "" && plain ~ /^[a-zA-Z0-9][a-zA-Z0-9._:-]*$/ && image !~ /^sha256:/)
    print image (field["platform:"] == "" ? "" : " " field["platform:"])
  split("", field)
}
