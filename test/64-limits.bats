#!/usr/bin/env bats
# What one address may have of tee-proxy at a time, so that others get theirs.
load helpers
source "$ROOT/test/servers.sh"

setup() {
	client && mkdir servers
}

teardown() { servers_stop; }

@test "connections" {
	needs curl
	PROXY_OPTIONS='--max-connections 2' servers_start "$PWD/servers"
	health() { curl -sf -o health --cacert "$CA" "$TEE/health"; }
	health
	exec 6<>"/dev/tcp/127.0.0.1/$TEE_PORT" 7<>"/dev/tcp/127.0.0.1/$TEE_PORT"
	run ! health
	until_logged 1 proxy "wants more connections than one address may have"
	# a connection of another address
	curl -sf --interface 127.0.0.2 -o health --cacert "$CA" "$TEE/health"
	is "$(jq .healthy health)" true
	exec 6>&-
	until health; do sleep 0.05; done
	exec 7>&-
}

@test "memory for inputs in the clear" {
	# two inputs of 600,000 bytes have room, and half is for one address
	PROXY_OPTIONS='--max-plain 1600000 --max-input 700000' \
		servers_start "$PWD/servers"
	head -c 600000 /dev/urandom >bytes
	sp1-stdin file:bytes >in
	upload=(sp1-upload -t stdin --plain -u "$TEE" --ca "$CA" -k key)
	"${upload[@]}" in >first
	# 504, which clients try again after, since jobs end and give room
	"${upload[@]}" -v in >second 2>log 3>&- &
	until grep -q 504 log; do
		kill -0 $!
		sleep 0.05
	done
	kill $!
	sp1-stdin u32:1 | "${upload[@]}" >third
	[[ -s third && ! -s second ]]
	# sealed ones have room of their own
	tls=(--ca "$CA")
	seal fib <in | upload >sealed
	[[ -s sealed ]]
}

@test "sealed inputs: what nobody asked a proof for goes first" {
	needs curl
	export PROXY_OPTIONS='--max-sealed 1500000 --max-input 800000'
	servers_start "$PWD/servers"
	tls=(--ca "$CA")
	head -c 600000 /dev/urandom >bytes
	sp1-stdin file:bytes >in
	status_of() {
		curl -s --cacert "$CA" "$(jq -r .report_url "$1")" | jq -r .status
	}
	# by another owner: one may have no more than all
	(umask 077 && openssl rand -hex 32 >other)
	theirs=(sp1-upload -t stdin -u "$TEE" "${tls[@]}" -k other)
	seal fib <in | "${theirs[@]}" >first
	server_stop worker
	seal fib <in | upload >second
	request fib <second >requested
	# no room, until the first is half a minute old
	seal fib <in | upload >third
	is "$(status_of first)" gone
	is "$(status_of second)" queued
	is "$(status_of third)" uploaded
	grep -q 'dropped id=.* for room' "$SERVERS/proxy.log"
	request fib <third >requested
	# a restart counts them again
	server_stop proxy
	server_start proxy
	seal fib <in >sealed
	run -124 timeout 5 "${theirs[@]}" sealed
}
