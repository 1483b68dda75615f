# --- requests and settings ----------------------------------------------------------------------------------------------
# Needs core, repository. Ends the program at a word that it does not know or accept.

read_request() { # FILE: sets the words of the request
  local line
  [ -f "$1" ] && [ ! -L "$1" ] || finish USAGE 'there is no request'
  while IFS= read -r line; do
    case $line in
    verb=backup | verb=snapshots | verb=restore | verb=seed) verb=${line#*=} ;;
    origin=*) read_origin "${line#*=}" ;;
    owner=*[!a-zA-Z0-9]*) finish USAGE "$line is not acceptable" ;;
    owner=*) owner=${line#*=} ;;
    repository=*) repository=${line#*=} && check_repository ;;
    password=????????*) password=${line#*=} ;;
    snapshot=latest) snapshot=latest ;;
    snapshot=*) read_snapshot "${line#*=}" ;;
    service=*[!a-zA-Z0-9._-]* | service=-* | age=*[!0-9]* | age=???????*) finish USAGE "$line is not acceptable" ;;
    service=?*) service=${line#*=} ;;
    age=?*) age=${line#*=} ;;
    force=yes) force=yes ;;
    trial=yes) trial=yes ;;
    check=yes) check=yes ;;
    *) finish USAGE "backup-word ${line%%=*}" ;;
    esac
  done <"$1"
  rm -f "$1"
}

read_snapshot() { # ID
  case $1 in *[!0-9a-f]*) false ;; ????????*) snapshot=$1 ;; *) false ;; esac || finish DATA "$1 is not the ID of a snapshot"
}

read_origin() { # PROJECT[@ID]
  origin=${1%%@*}
  is_project "$origin" || finish DATA "seed-unknown $origin"
  case $1 in *@*) read_snapshot "${1#*@}" ;; esac
}

check_repository() {
  case $repository in
  *[!a-zA-Z0-9/:@._-]* | *..* | sftp:-* | *@-*) false ;;
  /?* | sftp:*@*:/* | s3:?*/?*) ;;
  *) false ;;
  esac || finish USAGE "$repository is none of /DIRECTORY, sftp:USER@HOST:/DIRECTORY, s3:HOST/BUCKET"
}

# Under the lock. Sets repository to the project's own within the one that was given, now or before; the password is in a file.
open_settings() {
  local before=''
  [ ! -f "$place/repository" ] || before=$(cat "$place/repository")
  if [ -n "$repository" ]; then repository=${repository%/}/$project; else repository=$before; fi
  [ -n "$repository" ] || finish DATA "no-backup $project"
  [ "$repository" != "$before" ] || [ -n "$password" ] || return 0
  make_settings
}

make_settings() { # opens the repository, or makes it where there is none; the password is on the disk before
  local made=''
  if [ -n "$password" ]; then
    printf '%s\n' "$password" | save "$place/password.next" 600
  elif [ -f "$place/password" ]; then # one for all places of a project, so that it can go back to a former one
    cp -p "$place/password" "$place/password.next"
  elif [ ! -f "$place/password.next" ]; then
    head -c 24 /dev/urandom | base64 | tr '+/' '-_' | save "$place/password.next" 600
  fi || finish IOERR "cannot write to $place: is the disk full?"
  password_file=$place/password.next
  case $repository in
  /*) [ -d "${repository%/*}" ] || finish UNAVAIL "${repository%/*} is not there; make it on the server first, or mount it" ;;
  esac
  if restic cat config >/dev/null 2>"$errors"; then
    :
  elif grep -qiE 'unable to open config file|does not exist' "$errors" && ! grep -qiE "$unreachable" "$errors"; then
    [ "$verb" = backup ] || finish UNAVAIL "no-repository $repository"
    restic init >/dev/null 2>"$errors" || fail_restic 'make the repository'
    [ -f "$place/password" ] || made=yes
  else
    fail_restic 'open the repository'
  fi
  mv -f "$place/password.next" "$place/password" && printf '%s\n' "$repository" | save "$place/repository" 600 ||
    finish IOERR "cannot write to $place: is the disk full?"
  password_file=$place/password
  [ -z "$made" ] || reply "password $(cat "$place/password")"
  note "backups of $project go to $repository"
}
