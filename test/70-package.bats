#!/usr/bin/env bats
# The Debian packages and the units: what is in them, what holds of them, and, under
# CHECK_LONG=1, whether a fresh Debian 12 installs, runs and removes them.
# shellcheck disable=SC2154  # bats sets stderr
load helpers

# deb DIR: makes the packages in DIR of the build that is tested.
deb() {
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$ROOT" B="$B" DEB="$1" deb-built
}

setup_file() {
	local p
	export DEBS=$BATS_FILE_TMPDIR/deb TREE=$BATS_FILE_TMPDIR/tree
	command -v dh dpkg-buildpackage >/dev/null || return 0
	deb "$DEBS" || return
	for p in "$DEBS"/*.deb; do
		dpkg-deb -x "$p" "$TREE" || return
	done
}

setup() {
	needs dh dpkg-buildpackage
	mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work" || return 1
}

# units PATTERN: those that are installed.
units() { (cd "$TREE/lib/systemd/system" && printf '%s\n' $1); }

# setting UNIT NAME: its values, of the instance devnet.
setting() {
	sed -n "s/^$2=//p" "$TREE/lib/systemd/system/$1" | sed 's/%i/devnet/g'
}

@test "every program is in one package, with its page and its completion" {
	local p list=$BATS_FILE_TMPDIR/list
	for p in "$DEBS"/*.deb; do
		dpkg-deb -c "$p"
	done | awk '{ print $6 }' | sort >"$list"
	is "$(grep -v '/$' "$list" | uniq -d)" "" "files in two packages"
	is "$(sed -n 's,^\./usr/bin/,,p' "$list" | grep . | sort)" \
		"$(cd "$B/bin" && printf '%s\n' sp1-* tee-* | sort)" "programs"
	for p in $(sed -n 's,^\./usr/bin/,,p' "$list"); do
		grep -q "/man./$p\.[18]\.gz$" "$list" || { echo "no page of $p"; return 1; }
		grep -q "/completions/$p$" "$list" || { echo "no completion of $p"; return 1; }
	done
	grep -q '/sp1-deploy.7.gz$' "$list"
	is "$(find "$TREE" -perm /7022 ! -type l)" "" "modes"
	is "$(stat -c %a "$TREE"/etc/sp1-private/*/*.env | sort -u)" 644
}

@test "lintian finds nothing" {
	needs lintian
	run lintian --allow-root --fail-on error,warning "$DEBS"/*.changes
	is "$output" ""
	is "$status" 0
}

@test "a unit's options are the program's, its settings are configured" {
	local unit line word var checked=0
	for unit in $(units '*.service'); do
		line=$(setting "$unit" ExecStart)
		[[ $line = /usr/bin/* ]] || continue
		"$B/bin/$(basename "${line%% *}")" --help >help
		for word in $(grep -o -- ' --[a-z-]*' <<<"$line"); do
			grep -q -- "$word " help || { echo "$unit: no $word"; return 1; }
			checked=$((checked + 1))
		done
		for var in $(grep -o '\$[{A-Z_]*' <<<"$line" | tr -d '${'); do
			[[ $var != FULFILLER ]] || continue	# devnet-keys makes it
			for i in devnet enclave; do
				[[ $unit$i != sp1-devnet.serviceenclave ]] || continue
				sed "s,/devnet/,/$i/," <<<"$(setting "$unit" EnvironmentFile)" |
					sed -n "s,^/etc,$TREE/etc,p" | xargs cat |
					grep -q "^$var=" || { echo "$unit: no $var in $i"; return 1; }
			done
		done
	done
	((checked > 15)) || { echo "only $checked options"; return 1; }
}

@test "systemd takes the units" {
	needs systemd-analyze
	cp -R "$TREE" root
	cp -Rn /lib/systemd/system/. root/lib/systemd/system
	verify() {
		systemd-analyze verify --man=no --root=root sp1-devnet.target \
			sp1-private@devnet.target sp1-private@enclave.target
	}
	run verify
	is "$output" ""
	is "$status" 0
	# It would tell.
	sed -i s/ProtectHome/ProtectHouse/ root/lib/systemd/system/tee-keyd@.service
	run verify
	like "$output" "*ProtectHouse*"
}

@test "the exposure of each unit is below 2" {
	needs systemd-analyze
	local unit n=0
	for unit in $(units '*.service'); do
		cp "$TREE/lib/systemd/system/$unit" "${unit/@./@x.}"
		run systemd-analyze security --offline=true --threshold=19 \
			"./${unit/@./@x.}"
		is "$status" 0 "$unit: $output"
		n=$((n + 1))
	done
	is $n 5
	# It can fail.
	sed -i '/^Protect/d; /^SystemCall/d; /^Private/d' tee-keyd@x.service
	run systemd-analyze security --offline=true --threshold=19 ./tee-keyd@x.service
	is "$status" 1
}

@test "the worker sees no key, the proxy not the prover's" {
	like "$(setting tee-proxy@.service InaccessiblePaths)" "*/devnet/keys*"
	like "$(setting tee-worker@.service InaccessiblePaths)" "*/devnet/keys*/devnet/tls*"
	like "$(setting tee-keyd@.service InaccessiblePaths)" "*/devnet/tls*"
	is "$(setting tee-keyd@.service PrivateNetwork)" yes
	for unit in $(units 'tee-*.service'); do
		is "$(setting "$unit" LimitCORE)$(setting "$unit" LimitMEMLOCK)" 0infinity
	done
}

@test "make install keeps configuration that is there, and knows its prefix" {
	local conf=dest/etc/sp1-private/enclave/tee-proxy.env
	again() {
		env -u MAKEFLAGS -u MAKELEVEL make -s -C "$ROOT" B="$B" \
			DESTDIR="$PWD/dest" prefix=/opt/sp1 install-deploy
	}
	again
	echo 'URL=https://mine.example' >"$conf"
	rm dest/etc/sp1-private/enclave/network.env
	again
	is "$(<"$conf")" URL=https://mine.example
	[[ -s dest/etc/sp1-private/enclave/network.env ]]
	grep -q '^ExecStart=/opt/sp1/bin/tee-keyd ' \
		dest/opt/sp1/lib/systemd/system/tee-keyd@.service
	run grep -r /usr/ dest
	is "$output" ""
}

export DEBIAN_FRONTEND=noninteractive
# root COMMAND...: in the fresh root, with a network of its own that has lo alone.
root() {
	unshare -mpnf --kill-child sh -c '
		ip link set lo up && mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' \
		"$BATS_FILE_TMPDIR/root" "$@"
}
apt() {
	unshare -mpf --kill-child sh -c '
		mount -t proc proc "$0/proc" && exec chroot "$0" apt-get -qq -y "$@"' \
		"$BATS_FILE_TMPDIR/root" --no-install-recommends "$@" >apt.log 2>&1 || {
		cat apt.log
		return 1
	}
}
# What there is, but for what apt and dpkg note.
files() {
	(cd "$BATS_FILE_TMPDIR/root" && find etc lib opt run srv usr var -xdev \
		! -path 'var/lib/dpkg/*' ! -path 'var/cache/*' ! -path 'var/log/*' \
		! -path 'var/lib/apt/*' ! -path 'etc/ld.so.cache' | sort)
}

@test "a fresh Debian 12 installs them, proves, and removes them" {
	[[ ${CHECK_LONG:-} ]] || skip "long: make check-long"
	((UID == 0)) || skip "needs root"
	needs debootstrap unshare ip
	local root=$BATS_FILE_TMPDIR/root name debs
	debootstrap --variant=minbase --include=systemd,openssl,ca-certificates \
		bookworm "$root" >bootstrap.log || { tail bootstrap.log; return 1; }
	apt update
	mkdir "$root/debs" && cp "$DEBS"/*.deb "$root/debs"
	# What they depend on stays.
	# shellcheck disable=SC2046  # a list is meant
	apt install $(for name in "$DEBS"/*.deb; do dpkg-deb -f "$name" Depends; done |
		tr , '\n' | sed 's/|.*//; s/(.*//' | grep -vE '^ *(lib)?sp1' | sort -u)
	files >before
	mapfile -t debs < <(cd "$root" && printf '/%s\n' debs/*.deb)
	apt install "${debs[@]}"
	is "$(chroot "$root" stat -c '%U %a' /etc/sp1-private/enclave/keys)" "sp1-private 700"

	cp "$ROOT/test/guest/fib.elf" "$ROOT/test/run-units.sh" "$root/tmp"
	root bash /tmp/run-units.sh 3>&-
	is "$(stat -c '%a' "$root/var/lib/sp1-devnet/"{key.pem,fulfiller.key} | sort -u)" 600
	sp1-verify -p "$ROOT/test/guest/fib.elf" "$root/tmp/proof.bin"

	echo '# mine' >>"$root/etc/sp1-private/enclave/tee-proxy.env"
	apt remove sp1-private-enclave
	[[ -e $root/etc/sp1-private/enclave/tee-proxy.env ]]
	apt purge sp1-private-enclave sp1-private libsp1verify-dev libsp1verify1
	rm -rf "${root:?}"/tmp/*
	files >after
	# A user stays, and the backups that its making made.
	is "$(diff before after | grep '^[<>]' | grep -vE ' etc/(passwd|group|g?shadow|\.pwd\.lock)-?')" ""
	rm -rf "${root:?}"
}

@test "the packages are the same wherever they are built" {
	[[ ${CHECK_LONG:-} ]] || skip "long: make check-long"
	mkdir -p elsewhere/deeper
	(cd "$ROOT" && git ls-files -z | xargs -0 tar -c) | tar -x -C elsewhere/deeper
	(umask 027 && env -u MAKEFLAGS -u MAKELEVEL TZ=Asia/Tokyo LC_ALL=C.UTF-8 \
		make -s -C elsewhere/deeper B=build deb)
	is "$(cd elsewhere/deeper/build/deb && sha256sum -- *.deb)" \
		"$(cd "$DEBS" && sha256sum -- *.deb)"
}
