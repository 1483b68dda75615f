#!/bin/sh
# For the test of the tests: the same verbs in the order of the system that came before. The lease is written after `up`, into
# the file itself; nobody locks; the sweep is a loop that ends at the first failure; a record goes even if its stack stays.
verb=$1
shift
project='' lifetime=0 nonce=none
for word; do
  case $word in
  project=*) project=${word#*=} ;;
  lifetime=*) lifetime=${word#*=} ;;
  nonce=*) nonce=${word#*=} ;;
  esac
done
mkdir -p .yourlabs.compose
state=$PWD/.yourlabs.compose
dir=$state/$project

finish() {
  echo "@$nonce result {\"word\":\"$1\",\"message\":\"\"}"
  exit 0
}

lease() { date -d "$lifetime seconds" +%s >"$dir/removeat"; }

tear_down() {
  docker compose -p "$1" down --volumes --remove-orphans || echo "down of $1 failed"
  rm -rf "${state:?}/$1"
}

case $verb in
deploy)
  mkdir -p "$dir"
  tail -n +2 >"$dir/docker-compose.yml"
  docker compose -p "$project" -f "$dir/docker-compose.yml" --project-directory "$dir" up -d --remove-orphans --no-build --quiet-pull ||
    finish UNHEALTHY
  lease
  ;;
extend) lease ;;
down) tear_down "$project" ;;
sweep)
  set -e
  for record in "$state"/*/; do
    ends=$(cat "$record/removeat")
    [ "$(date +%s)" -lt $((ends)) ] || tear_down "$(basename "$record")"
  done
  ;;
esac
finish OK
