# --- step pages: what is shown where no environment answers -----------------------------------------------------------------
# Needs core, steps/server, steps/traefik. ensure ends the program when it fails.

readonly unit_files=/etc/systemd/system pages_unit=xdevops-pages.socket list_user=$etc/list.user

step_pages() {
  local home
  home=$(login_home)
  [ -z "$kept" ] || { note 'a Traefik of your own stays, so it shows no pages for environments that are gone' && return; }
  ensure "write $(pages_file)" pages_are_there write_pages
  [ -z "$basic_auth" ] || ensure_file "$list_user" 600 print_user
  ! has_list || ensure 'write the list of environments' list_is_there write_list
  ensure_file "$unit_files/$pages_unit" 644 pages_socket
  ensure_file "$unit_files/xdevops-pages@.service" 644 print_pages_service
  ensure 'listen for requests of pages' pages_listen start_pages
  ensure_file "$etc/traefik/dynamic/xdevops-pages.yml" 600 print_pages_router
}

pages_state() { echo "$home/.yourlabs.compose"; }
pages_file() { echo "$(pages_state)/.host/pages.sh"; }

pages_are_there() { [ "$(pages_program | sha256sum)" = "$(sha256sum <"$(pages_file)")" ]; }
write_pages() {
  install -d -m 700 -o "$login" -g "$login" "$(pages_state)" "$(pages_state)/.host" &&
    pages_program >"$(pages_file).new" && chown "$login:$login" "$(pages_file).new" && chmod 600 "$(pages_file).new" &&
    sync "$(pages_file).new" && mv -f "$(pages_file).new" "$(pages_file)"
}

list_is_there() { [ -s "$(pages_state)/.host/list.html" ]; }
write_list() { runuser -u "$login" -- /bin/sh "$(pages_file)" list "$(pages_state)"; }

# Persistent environments of a production server are nobody's business, so its list is behind a password, or there is none.
has_list() { [ -n "$domain" ] && { [ "$role" = ci ] || [ -s "$list_user" ]; }; }

print_user() { printf '%s\n' "$basic_auth"; }
print_pages_service() {
  local shown=''
  ! has_list || shown=$domain
  pages_service | sed "s,LOGIN,$login,; s,STATE,$(pages_state),g; s, DOMAIN,${shown:+ $shown},"
}
print_pages_router() { # the lines that begin with a mark are for some servers only
  local entrypoint=web resolver='{certResolver: letsencrypt}'
  [ -z "$email" ] || entrypoint=websecure
  [ -z "$dns" ] || resolver='{}' # the wildcard certificate
  pages_router | { if [ -s "$list_user" ] && has_list; then sed 's/# list: //'; else sed '/# list: /d'; fi; } |
    { if [ -n "$email" ]; then sed 's/# tls:/tls:/'; else sed '/# tls:/d'; fi; } |
    sed "s/ENTRYPOINT/$entrypoint/; s/RESOLVER/$resolver/; s/DOMAIN/$domain/; s,USER,$(cat "$list_user" 2>/dev/null),"
}

pages_listen() {
  systemctl -q is-enabled "$pages_unit" && has_read "$pages_unit" "$unit_files/$pages_unit" && has_read "$pages_unit" "$unit_files/xdevops-pages@.service"
}
start_pages() {
  systemctl daemon-reload && systemctl enable "$pages_unit" && systemctl restart "$pages_unit" &&
    mark_read "$pages_unit" "$unit_files/$pages_unit" && mark_read "$pages_unit" "$unit_files/xdevops-pages@.service"
}
