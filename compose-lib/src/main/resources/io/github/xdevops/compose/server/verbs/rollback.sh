# --- rollback ---------------------------------------------------------------------------------------------------------
# A deploy of a kept version: the words of its request, its compose file, and exactly the images that ran.
# Needs deploy/upload, deploy/history, deploy/kept_images.awk, verbs/containers. Ends the program: as a deploy, or before.

rolled_back_by=${rolled_back_by-} # the worker has it from the call

rollback() { # reads who wants it from stdin, a line of JSON
  require_record
  require_kept
  rolled_back_by=$(head -n 1 | head -c "$largest_about") && export rolled_back_by
  sha256=$(kept_bundle | sha256sum | cut -d ' ' -f 1)
  # shellcheck disable=SC2046 # words without anything that a shell would touch
  kept_bundle | deploy $(sed -n 's/^#: word //p' "$dir/docker-compose.$to.yml") "project=$project" "to=$to" "sha256=$sha256" \
    "sequence=$sequence" "budget=$budget" "lock_wait=$lock_wait" "ready_wait=$ready_wait" "state=$state" "nonce=$nonce" force=yes \
    judged=yes ${gated:+"gated=yes"}
}

require_kept() {
  [ ! -f "$dir/docker-compose.${to:-0}.yml" ] || return 0
  # shellcheck disable=SC2046 # numbers
  set -- $(kept_versions | sort -n)
  finish DATA "no-such-version $project ${to:-0} ${*:-none}"
}

kept_bundle() { sed -e 's/^#: head //' -e '/^#: /d' "$dir/docker-compose.$to.yml"; }

use_kept_images() { # writes them into the compose file in staging
  local service id name images=''
  require_kept
  while read -r _ _ service id name; do
    case $(docker image inspect --format '{{.Id}}' "$id" "$name" 2>/dev/null | tr '\n' ' ') in
    "$id $id ") ;;
    "$id "*) images="$images $service=$id" ;; # the name means another image by now, or none
    *) require_docker && finish DATA "image-gone $project $to $service" ;;
    esac
  done <<END
$(grep '^#: image ' "$dir/docker-compose.$to.yml")
END
  awk -v images="$images" "$(kept_images_awk)" "$staging/docker-compose.yml" >"$staging/kept" &&
    mv "$staging/kept" "$staging/docker-compose.yml" || fail_io write "$staging/docker-compose.yml"
}
