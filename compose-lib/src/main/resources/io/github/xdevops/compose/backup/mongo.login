# Of the user that the image made; ahead of each command below. The password is in no list of processes.
run() { # PROGRAM ARGUMENTS: of MongoDB's tools
  [ -n "${MONGO_INITDB_ROOT_USERNAME:-}${MONGO_INITDB_ROOT_USERNAME_FILE:-}" ] || exec "$@"
  user=${MONGO_INITDB_ROOT_USERNAME:-} password=${MONGO_INITDB_ROOT_PASSWORD:-}
  [ -z "${MONGO_INITDB_ROOT_USERNAME_FILE:-}" ] || user=$(cat "$MONGO_INITDB_ROOT_USERNAME_FILE")
  [ -z "${MONGO_INITDB_ROOT_PASSWORD_FILE:-}" ] || password=$(cat "$MONGO_INITDB_ROOT_PASSWORD_FILE")
  umask 077
  config=$(mktemp)
  printf "password: '%s'\n" "$(printf '%s' "$password" | sed "s/'/''/g")" >"$config"
  "$@" --config="$config" --username="$user" --authenticationDatabase=admin
  code=$?
  rm -f "$config"
  exit "$code"
}
