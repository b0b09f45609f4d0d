#!/bin/bash
# Runs the units of sp1-devnet.target without systemd, as their ExecStart lines say, then
# asks for a proof of /tmp/fib.elf: in a fresh root, as root; test/70-package.bats.
set -euo pipefail
units=/lib/systemd/system

# setting UNIT NAME: its values, of the instance devnet.
setting() { sed -n "s/^$2=//p" "$units/$1" | sed 's/%i/devnet/g'; }

# start UNIT [NAME]: its folders, environment and user; in the background as NAME.
start() {
	local unit=$1 file user dir
	user=$(setting "$unit" User)
	for dir in $(setting "$unit" RuntimeDirectory); do
		install -d -o "$user" -g "$user" -m 700 "/run/$dir"
	done
	for dir in $(setting "$unit" StateDirectory); do
		install -d -o "$user" -g "$user" \
			-m "$(setting "$unit" StateDirectoryMode)" "/var/lib/$dir"
	done
	for file in $(setting "$unit" EnvironmentFile); do
		set -a
		# shellcheck disable=SC1090  # configuration
		. "$file"
		set +a
	done
	umask "$(setting "$unit" UMask)"
	ulimit -c 0
	if [[ $unit = tee-* ]] && ! ulimit -l unlimited 2>/dev/null; then
		OPTIONS="${OPTIONS:-} --allow-unlocked"
	fi
	# In its own words: $OPTIONS are words.
	eval "set -- $(setting "$unit" ExecStart)"
	exec setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs \
		--inh-caps=-all --bounding-set=-all "$@"
}

run() {
	local unit=$1 post
	(start "$unit") >"/tmp/$unit.log" 2>&1 &
	post=$(setting "$unit" ExecStartPost)
	# shellcheck disable=SC2086  # words
	[ -z "$post" ] || timeout 60 $post || { cat "/tmp/$unit.log"; exit 1; }
}

[[ $(setting tee-keyd@.service LimitMEMLOCK) = infinity ]]
ulimit -l unlimited 2>/dev/null || echo "memory cannot be locked here: --allow-unlocked"
(start sp1-devnet-keys.service)
run tee-keyd@.service
run sp1-devnet.service
for _ in {1..200}; do
	! (exec 3<>/dev/tcp/127.0.0.1/7000) 2>/dev/null || break
	sleep 0.05
done
run tee-proxy@.service
run tee-worker@.service

tee=https://127.0.0.1:7443 ca=/var/lib/sp1-devnet/cert.pem
pin=$(sed -n 's/.* fingerprint=\([^ ]*\).*/\1/p' /tmp/tee-keyd@.service.log)
cd /tmp
(umask 077 && openssl rand -hex 32 >key)
sp1-stdin u32:20 |
	sp1-encrypt -p fib.elf -k key -u $tee --ca $ca --pin "$pin" |
	sp1-upload -t stdin -u $tee --ca $ca -k key |
	sp1-request -p fib.elf -m core -k key --ca $ca |
	sp1-poll --ca $ca -t 600 | sp1-fetch -q --ca $ca -o proof.bin || {
	tail -n 20 /tmp/*.log
	exit 1
}
sp1-verify -p fib.elf proof.bin
