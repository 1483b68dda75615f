#!/bin/sh
# The pages of a provisioned server: what Traefik shows where no environment answers.
#
# pages.sh list|gone|answer STATE … is called by the server's script when something has changed (list, gone), and by systemd for each
# request (answer). Pages are written beforehand, so that a request only prints a file. Texts of branches become HTML in one place,
# environments.awk. Environments that nobody uses are stopped by the sweep (tick), and started by a request (sleep.sh).
#
# shellcheck disable=SC2015 # in "A && B || stop", stop is wanted when either fails
# shellcheck disable=SC3013,SC3043 # dash, bash and busybox have -ef and local
set -u
umask 077
LC_ALL=C
export LC_ALL

# --- pages: the frame of each --------------------------------------------------------------------------------------------
# Needs page.css. Never ends the program.

page() { # TITLE <BODY: prints a whole page; the title is a constant
  printf '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
  printf '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
  printf '<title>%s</title>\n<style>\n%s\n</style>\n<main>\n<h1>%s</h1>\n' "$1" "$(page_css)" "$1"
  cat
  printf '</main>\n</html>\n'
}
