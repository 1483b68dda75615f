# --- step login: the login that deploys ---------------------------------------------------------------------------------
# Needs core, steps/server. ensure ends the program when it fails.

step_login() {
  local home keys
  ensure "make the login $login" login_is_there make_login
  ensure "let $login use Docker" login_has_docker join_docker
  ensure "let services of $login run without a session" login_lingers linger
  home=$(login_home)
  keys=$home/.ssh/authorized_keys
  ensure "let your key log in as $login" keys_are_there add_keys
  [ -z "$key" ] || {
    ensure 'write the gate' gate_is_there write_gate
    ensure "let the pipeline's key pass the gate" pipeline_is_there add_pipeline
  }
}

login_is_there() { getent passwd "$login" && [ -d "$(login_home)" ]; }
make_login() { # without a password; '!' would lock keys out, too
  getent passwd "$login" || useradd --user-group --no-create-home --shell /bin/bash --password '*' "$login"
  install -d -m 755 -o "$login" -g "$login" "$(login_home)"
}

login_has_docker() { id -nG "$login" | grep -qw docker; }
join_docker() { usermod -aG docker "$login"; }

login_lingers() { [ -e "/var/lib/systemd/linger/$login" ]; }
linger() { loginctl enable-linger "$login"; }

owners_keys() { # of the login that provisions, without those that are bound to a command
  local own
  own=$(getent passwd "${SUDO_USER:-root}" | cut -d : -f 6)/.ssh/authorized_keys
  [ ! -f "$own" ] || grep -E '^(ssh|ecdsa|sk)-[a-z0-9@.-]+ ' "$own"
}
lacking_keys() { owners_keys | grep -vxF -f "$keys" - 2>/dev/null || { [ -f "$keys" ] || owners_keys; }; }
keys_are_there() { [ -z "$(lacking_keys)" ] && [ -f "$keys" ] && [ "$(stat -c %U:%a "$keys")" = "$login:600" ]; }
add_keys() { append "$(lacking_keys)"; }

append() { # LINES: to the keys; whole or not at all
  install -d -m 700 -o "$login" -g "$login" "${keys%/*}" && {
    [ ! -s "$keys" ] || { cat "$keys" && [ -z "$(tail -c 1 "$keys")" ] || echo; }
    [ -z "$1" ] || printf '%s\n' "$1"
  } >"$keys.new" && chown "$login:$login" "$keys.new" && chmod 600 "$keys.new" && sync "$keys.new" && mv -f "$keys.new" "$keys"
}

# The same file and line as compose:gate writes, for the environments of any repository.
gate_file() { echo "$home/.yourlabs.compose/.host/gate.sh"; }
gate_is_there() { [ "$(gate_program | sha256sum)" = "$(sha256sum <"$(gate_file)")" ]; }
write_gate() {
  install -d -m 700 -o "$login" -g "$login" "$home/.yourlabs.compose" "$home/.yourlabs.compose/.host" &&
    gate_program >"$(gate_file).new" && chown "$login:$login" "$(gate_file).new" && chmod 600 "$(gate_file).new" &&
    sync "$(gate_file).new" && mv -f "$(gate_file).new" "$(gate_file)"
}
pipeline_is_there() { grep -qF -- "$(echo "$key" | cut -d ' ' -f 1,2)" "$keys"; }
add_pipeline() { append "restrict,command=\"/bin/sh .yourlabs.compose/.host/gate.sh gate state=.yourlabs.compose projects=*\" $key"; }
