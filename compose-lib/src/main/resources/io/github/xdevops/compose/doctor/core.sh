#!/bin/sh
# Prints facts about a server for compose:doctor, as lines "fact KEY VALUE". It changes nothing.
#
# Called with STATE [ROOT]: the state directory; tests put ROOT before the paths of the system.
#
# shellcheck disable=SC2015 # in "A && B || C", C is wanted when either fails
# shellcheck disable=SC2016 # Docker's templates have names with $
# shellcheck disable=SC3043 # dash, bash and busybox have local
set -u
LC_ALL=C
export LC_ALL
state=$1 root=${2:-}
