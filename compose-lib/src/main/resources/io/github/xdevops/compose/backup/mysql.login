# Of root, as the images of MariaDB and MySQL know it; ahead of each command below.
MYSQL_PWD=${MARIADB_ROOT_PASSWORD:-${MYSQL_ROOT_PASSWORD:-}} file=${MARIADB_ROOT_PASSWORD_FILE:-${MYSQL_ROOT_PASSWORD_FILE:-}}
[ -z "$file" ] || MYSQL_PWD=$(cat "$file")
export MYSQL_PWD
run() { # PROGRAM OLDER-NAME ARGUMENTS
  program=$1 older=$2
  shift 2
  command -v "$program" >/dev/null || program=$older
  exec "$program" "$@"
}
