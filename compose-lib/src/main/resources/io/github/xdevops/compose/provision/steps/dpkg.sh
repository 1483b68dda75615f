# --- step dpkg: an installation that was interrupted is finished ------------------------------------------------------
# Needs core. ensure ends the program when it fails.

step_dpkg() { ensure 'finish an interrupted installation' dpkg_is_whole repair_dpkg; }

dpkg_is_whole() {
  [ -z "$(dpkg --audit)" ] && [ -z "$(ls -A /var/lib/dpkg/updates)" ] && apt-get -qq check
}

repair_dpkg() {
  dpkg --configure -a --force-confdef --force-confold
  get -f install
}
