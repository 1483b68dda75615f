# shellcheck shell=bash
# OpenSSH as on a rented server: its defaults (MaxStartups too), keys only, one login user who may use the engine.

LOGIN_PATH=$RUN/bin:/usr/local/bin:/usr/bin:/bin

sshd_up() { alive sshd && listens "$(recall port/ssh)"; }

is_ours() { [ "$(getent passwd "$LOGIN" | cut -d: -f6)" = "$HOME_DIR" ]; }

make_user() {
  if ! getent passwd sshd >/dev/null; then # sshd drops its privileges to this one
    useradd --system --no-create-home --home-dir /run/sshd --shell /usr/sbin/nologin sshd
    remember made/user-sshd
  fi
  if ! getent passwd "$LOGIN" >/dev/null; then
    step "making the user $LOGIN"
    # '*' is no password, and unlike '!' not a locked account, which sshd turns away.
    useradd --user-group --no-create-home --home-dir "$HOME_DIR" --shell /bin/bash --password '*' "$LOGIN"
  fi
  is_ours || die "this machine has a user $LOGIN already, and it is not ours: its home is not $HOME_DIR"
  mkdir -p "$HOME_DIR/.ssh"
  chown -R "$LOGIN:$LOGIN" "$HOME_DIR"
  chmod 700 "$HOME_DIR" "$HOME_DIR/.ssh"
}

remove_user() {
  is_ours || return 0
  userdel "$LOGIN" 2>/dev/null
}
no_process_of_user() { ! pgrep -u "$LOGIN"; }

start_sshd() {
  ! sshd_up || return 0
  local keys=$RUN/etc type port
  choose_port ssh 2222
  port=$(recall port/ssh)
  for type in ed25519 ecdsa rsa; do
    [ -s "$keys/ssh_host_${type}_key.pub" ] || ssh-keygen -q -t "$type" -N '' -C compose-it -f "$keys/ssh_host_${type}_key" <<<y >/dev/null
  done
  [ -s "$RUN/client/id_ed25519.pub" ] || ssh-keygen -q -t ed25519 -N '' -C compose-it -f "$RUN/client/id_ed25519" <<<y >/dev/null
  install -o "$LOGIN" -g "$LOGIN" -m 600 "$RUN/client/id_ed25519.pub" "$HOME_DIR/.ssh/authorized_keys"
  ln -sfn "$DIST/usr/bin/crontab" "$RUN/bin/crontab"
  configure_sshd ssh "PATH=$LOGIN_PATH"
  if [ ! -d /run/sshd ]; then
    mkdir -m 755 /run/sshd
    remember made/run-sshd
  fi
  stop sshd
  step "starting sshd on 127.0.0.1:$port"
  aside sshd "$RUN/spool" "$DIST/usr/sbin/sshd" -D -e -f "$keys/sshd_config.ssh"
  wait_for sshd 10 listens "$port"
}

# configure_sshd PORT-NAME ENVIRONMENT: several of them differ in what a session finds.
configure_sshd() {
  local keys=$RUN/etc port
  port=$(recall "port/$1")
  sed "s/^/[127.0.0.1]:$port,[localhost]:$port /" "$keys"/ssh_host_*_key.pub >"$RUN/client/known_hosts.$1"
  cat "$RUN"/client/known_hosts.* >"$RUN/client/known_hosts"
  cat >"$keys/sshd_config.$1" <<CONFIG
ListenAddress 127.0.0.1
Port $port
HostKey $keys/ssh_host_ed25519_key
HostKey $keys/ssh_host_ecdsa_key
HostKey $keys/ssh_host_rsa_key
PidFile none
AllowUsers $LOGIN
AuthenticationMethods publickey
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
PrintLastLog no
Subsystem sftp internal-sftp
SetEnv DOCKER_HOST=unix://$SOCKET $2
CONFIG
}

stop_sshd() {
  stop sshd
  if is_ours; then
    pkill -KILL -u "$LOGIN" --ns $$ --nslist net || true # its sessions and what they left running, here and in no other network
    until_true 5 no_process_of_user || true
  fi
  # Only when nothing else came to depend on them meanwhile.
  is_installed openssh-server && return
  if [ -e "$RUN/made/run-sshd" ]; then rmdir /run/sshd 2>/dev/null || true; fi
  if [ -e "$RUN/made/user-sshd" ]; then userdel sshd 2>/dev/null || true; fi
}

sshd_status() {
  sshd_up || { report sshd DOWN ''; return 1; }
  report sshd up "pid $(pid_of sshd)  $("$DIST/usr/sbin/sshd" -V 2>&1 | grep -o 'OpenSSH_[^ ,]*' || true)  $LOGIN@127.0.0.1:$(recall port/ssh)"
}
