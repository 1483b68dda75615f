# --- the environment: its services and where their data is --------------------------------------------------------------
# Needs core. open_model ends the program where the environment cannot be read.

open_model() { # STATE: writes $work/model, services and places; under the lock of the record
  local record="$state/$project" m_home
  grep -q "^\"state\": \"$1\",\$" "$record/manifest.json" 2>/dev/null || finish DATA "not-live $project"
  m_home=$(sed -n 's/^"home": "\(.*\)",$/\1/p' "$record/manifest.json")
  # Only without interpolation it has x-backup.
  read_model >"$work/model" && read_model --no-interpolate >"$work/marks" ||
    finish UNAVAIL "Docker Compose cannot read the file of $project: $(last_words "$errors")"
  inspect_containers
  {
    jq -r --slurpfile marks "$work/marks" --slurpfile containers "$work/containers" "$(services_jq)" "$work/model" >"$work/services" &&
      jq -r --rawfile services "$work/services" --arg home "$m_home" "$(places_jq)" "$work/model" >"$work/wanted"
  } 2>"$errors" || finish DATA "the data of $project cannot be found out: $(last_words "$errors")"
  ! grep '^refuse' "$work/wanted" >"$errors" || finish DATA "$(cut -f 2 "$errors" | head -n 1)"
  find_places
}

# When the environment was first deployed. The file "environment" has it once the data there was backed up or restored.
created() { sed -n 's/^"created": \([0-9]*\),$/\1/p' "$state/$project/manifest.json"; }

read_model() {
  docker compose -p "$project" --project-directory "$record" -f "$record/docker-compose.yml" config --format json "$@" 2>"$errors"
}

inspect_containers() { # those of the project, one that runs before one that does not, the oldest first
  local ids
  ids=$(docker ps -aq --no-trunc --filter "label=$label=$project" --filter label=com.docker.compose.oneoff=False) ||
    finish UNAVAIL 'the Docker daemon does not answer'
  [ -n "$ids" ] || finish DATA "$project has no containers; deploy it first"
  # shellcheck disable=SC2086 # IDs
  docker inspect $ids 2>"$errors" | jq 'sort_by(.Created) | sort_by(.State.Running | not)' >"$work/containers" &&
    [ -s "$work/containers" ] || finish UNAVAIL "the containers of $project cannot be read: $(last_words "$errors")"
}

# Lines SERVICE MODE NAME DIRECTORY, where NAME is that in the snapshot: volumes/KEY or home/PATH.
find_places() {
  local service mode name source directory facts
  : >"$work/places"
  while IFS='	' read -r service mode name source; do
    case $name in
    home/*) directory=$source ;;
    *)
      # A missing one has not been created yet.
      facts=$(docker volume inspect "$source" --format '{{.Driver}} {{len .Options}} {{.Mountpoint}}' 2>/dev/null) || continue
      case $facts in
      'local 0 '*) directory=${facts#local 0 } ;;
      *) finish DATA "the volume $source has a driver or options and cannot be backed up: set x-backup of $service to none" ;;
      esac
      ;;
    esac
    if [ -d "$directory" ] && [ ! -L "$directory" ]; then
      printf '%s\t%s\t%s\t%s\n' "$service" "$mode" "$name" "$directory" >>"$work/places"
    else
      note "$directory of $service is no directory, and was left out"
    fi
  done <"$work/wanted"
}

containers_of() { # SERVICE FILTER: prints what jq finds in them
  jq -r --arg service "$1" "map(select(.Config.Labels[\"com.docker.compose.service\"] == \$service)) | $2" "$work/containers"
}
