# --- steps firewall, confirm, undo: a firewall that cannot lock out -----------------------------------------------------
# Needs core. Ends the program when nft does not take the rules.
# First the rules hold for two minutes only. A second connection of the client confirms them; only then do they outlive a restart.

readonly rules=/etc/xdevops/firewall.nft undo=xdevops-firewall-undo unit=xdevops-firewall

step_firewall() {
  local other
  for other in ufw firewalld; do
    if systemctl -q is-active "$other" && { [ "$other" != ufw ] || ufw status | grep -q '^Status: active'; }; then
      note "$other is active and was left alone: let it pass the ports 80 and 443, and see that it covers ports that containers publish"
      return
    fi
  done
  ensure_file "$rules" 644 print_rules
  ensure_file "/etc/systemd/system/$unit.service" 644 firewall_service
  ! firewall_is_confirmed || return 0
  note_closed
  [ "$role" != ci ] || note "containers reach no private network but its name servers; to open an address, write to $etc/firewall.d/NAME.nft:\
 insert rule inet xdevops forward ip daddr ADDRESS accept"
  ensure 'close the other ports' firewall_holds try_firewall
  [ -n "$dry" ] || reply "answer confirm yes"
}

note_closed() { # what answers the outside now, and will no longer
  local closed
  closed=$(ss -Hltn 2>/dev/null | awk '{ print $4 }' | grep -vE '^(127\.|\[::1\])' | sed 's/.*://' | sort -nu | grep -vxE "80|443|$(ssh_ports | sed 's/, /|/g')" | xargs)
  [ -z "$closed" ] || note "closed to the outside: the ports $closed. To open one, write a rule for it to $etc/firewall.d/NAME.nft and run: systemctl reload $unit"
}

print_rules() { # production runs no branches, and its database may be in the private network
  firewall_nft | sed "s/SSH_PORT/$(ssh_ports)/; $([ "$role" = ci ] || echo '/ # ci$/d; /not for branches/d')"
}
ssh_ports() { # the port of this connection, and those of earlier ones
  { sed -n 's/.*tcp dport { \([0-9, ]*\), 80, 443 } accept/\1/p' "$rules" 2>/dev/null | tr -d ' ' | tr , '\n'; echo "$ssh_port"; } | sort -nu | paste -sd , | sed 's/,/, /g'
}

firewall_is_confirmed() { systemctl -q is-enabled "$unit" 2>/dev/null && has_read "$unit" "$rules" && nft list table inet xdevops >/dev/null 2>&1; }

firewall_holds() { nft list table inet xdevops && systemctl -q is-active "$undo.timer"; }
try_firewall() { # the way back comes first
  mkdir -p "$etc/firewall.d"
  systemctl stop "$undo.timer" "$undo.service" 2>/dev/null
  systemctl reset-failed "$undo.service" 2>/dev/null
  systemd-run --quiet --on-active="$patience" --timer-property=AccuracySec=100ms --unit="$undo" /usr/sbin/nft delete table inet xdevops && nft -f "$rules"
}

step_confirm() { ensure 'keep the firewall' firewall_is_confirmed keep_firewall; }
keep_firewall() {
  nft list table inet xdevops >/dev/null || finish UNAVAIL "the firewall was taken back before it was confirmed; run this again"
  systemctl stop "$undo.timer"
  systemctl daemon-reload && systemctl enable "$unit" && systemctl restart "$unit" && mark_read "$unit" "$rules"
}

step_undo() { # the second connection did not come
  ensure 'take the firewall back' firewall_is_gone remove_firewall
}
firewall_is_gone() { ! nft list table inet xdevops; }
remove_firewall() { systemctl disable "$unit"; nft delete table inet xdevops; systemctl stop "$undo.timer"; }
