#!/usr/bin/env bats
# What an operator has of tee-proxy and its neighbours: metrics, health, logs, what SIGHUP
# does.  The servers are this file's own.
load helpers
source "$ROOT/test/servers.sh"

setup_file() {
	export OPS
	OPS=127.0.0.1:$(server_port)
	: >"$BATS_FILE_TMPDIR/limits"
	PROXY_OPTIONS="--ops $OPS --limits $BATS_FILE_TMPDIR/limits" file_servers
}

teardown_file() {
	SERVERS=$BATS_FILE_TMPDIR/servers
	servers_stop
}

setup() { client; }

metrics() { curl -sf "http://$OPS/metrics" >metrics; }
# value SAMPLE: of ./metrics
value() { awk -v s="$1" '$1 == s { print $2 }' metrics; }
put() { curl -s --cacert "$CA" -o body -w '%{http_code}\n' "$@"; }

@test "metrics are Prometheus', and count jobs, causes, phases, bytes" {
	needs curl
	sp1-stdin u32:3 | seal exit | upload | request exit >requested
	run -1 --separate-stderr poll <requested
	ended='tee_proxy_jobs_ended_total{status="failed",cause="halt_with_non_zero_exit_code"}'
	for _ in {1..100}; do
		metrics
		[[ -z $(value "$ended") ]] || break
		sleep 0.1
	done
	"$ROOT/test/prometheus" metrics
	# and by Prometheus' own eyes, where they are
	! command -v promtool >/dev/null || promtool check metrics <metrics
	is "$(value "$ended")" 1
	is "$(value 'tee_proxy_jobs{state="waiting"}')" 0
	is "$(value tee_proxy_jobs_accepted_total)" 1
	is "$(value 'tee_proxy_uploads_total{kind="sealed"}')" 1
	is "$(value tee_proxy_inputs_handed_out_total)" 1
	is "$(value 'tee_proxy_phase_seconds_count{phase="proving"}')" 1
	(($(value 'tee_proxy_upload_bytes_total{kind="sealed"}') > 4096))
	is "$(value 'tee_proxy_input_bytes{kind="sealed"}')" 0 "its input has gone"
	is "$(value tee_proxy_keyd_up)" 1
	(($(value 'tee_proxy_disk_wait_seconds_count{of="inputs"}') >= 2)) # file and name
	(($(value 'tee_proxy_disk_wait_seconds_count{of="database"}') >= 3))
	# nobody is named there
	run ! grep -qE 'artifact_|0x|127\.0' metrics
	# the public port has none of it
	is "$(put "$TEE/metrics")" 404
	is "$(put "$TEE/health")" 200
	is "$(jq -r 'keys | join(" ")' body)" "healthy jobs network"
}

@test "the checker of metrics can fail" {
	metrics
	for alter in '/TYPE tee_proxy_jobs /d' 's/} 0$/} x/' '/HELP/d' 's/_total\b/_all/' \
		'1p' 's/state="waiting"/state=waiting/'; do
		sed "$alter" metrics >altered
		run ! "$ROOT/test/prometheus" altered
	done
}

@test "health tells what there is to see to" {
	needs curl
	health() { curl -s -o health -w '%{http_code}' "http://$OPS/health"; }
	is "$(health)" 200
	is "$(jq -c '[.healthy, .database, .network, .keyd, .jobs_waiting]' health)" \
		'[true,true,true,true,0]'
	(($(jq .certificate_end health) > $(date +%s)))
	(($(jq .disk_free health) > 0))
	kill -STOP "$(<"$SERVERS/keyd.pid")"
	for _ in {1..200}; do
		[[ $(health) = 200 ]] || break
		sleep 0.1
	done
	kill -CONT "$(<"$SERVERS/keyd.pid")"
	is "$(jq -c '[.healthy, .keyd]' health)" '[false,false]'
	is "$(curl -s -o body -w '%{http_code}' "http://$OPS/else")" 404
	is "$(curl -s -o body -w '%{http_code}' -d x "http://$OPS/metrics")" 400
}

@test "refusals are counted by reason, and logged with the address, so many a minute" {
	needs curl
	metrics
	before=$(value 'tee_proxy_refusals_total{reason="token"}')
	id=artifact_$(printf '0%.0s' {1..26})
	urls=()
	for _ in {1..150}; do
		urls+=(-o /dev/null "$TEE/artifacts/stdin/$id/report?token=0")
	done
	curl -s --cacert "$CA" "${urls[@]}"
	metrics
	is "$(($(value 'tee_proxy_refusals_total{reason="token"}') - before))" 150
	grep -q 'level=warn prog=tee-proxy event=refused peer=127.0.0.1:[0-9]* reason=token$' \
		"$SERVERS/proxy.log"
	logged=$(grep -c 'event=refused ' "$SERVERS/proxy.log")
	((logged > 0 && logged < 100)) || { echo "$logged lines"; return 1; }
}

@test "logs: one line an event, in pairs, with time and level; no token, no input" {
	sp1-stdin text:nobody-else-sees-this u32:1 | upload --plain |
		request io --cycle-limit 1000 >requested
	run -1 poll <requested
	for log in proxy worker keyd; do
		run ! grep -vE '^time=20[0-9-]{8}T[0-9:]{8}\.[0-9]{3}Z level=(error|warn|info|debug) prog=tee-[a-z]+ event=[a-z_]+( [a-z_]+=("[^"]*"|[^" ]*))*$' \
			"$SERVERS/$log.log"
		run ! grep -qE 'token=|nobody-else' "$SERVERS/$log.log"
	done
	# what is less important is not said
	server_stop worker
	WORKER_OPTIONS='--log-level warn' server_start worker
	told=$(grep -c level=info "$SERVERS/worker.log")
	sp1-stdin u32:3 | seal exit | upload | request exit >requested
	run -1 poll <requested
	is "$(grep -c level=info "$SERVERS/worker.log")" "$told"
	fails 64 tee-worker -w w --keyd k -n n --log-level loud
}

@test "SIGHUP: a new certificate and limits, and no connection is lost" {
	needs curl openssl
	own=$PWD/servers
	mkdir "$own"
	cp "$SERVERS"/{tls.pem,tls.key} .
	# an upload that is under way all the time
	head -c 300000 /dev/urandom >bytes
	sp1-stdin file:bytes >in
	raw_call "$TEE" /artifact.ArtifactStore/CreateArtifact \
		"$ROOT/test/vectors/network/05-CreateArtifact.request.bin" >code
	put_url=$(grep -ao 'https://[!-~]*?token=[0-9a-f]*' reply | tail -1)
	cp "$CA" old.pem
	curl -s --cacert old.pem --limit-rate 60000 -o body -w '%{http_code}\n' \
		-T in "$put_url" >uploaded 3>&- &
	sleep 1
	seen() { openssl s_client -connect "127.0.0.1:$TEE_PORT" </dev/null 2>/dev/null |
		openssl x509 -noout -fingerprint; }
	before=$(seen)
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-days 90 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$SERVERS/tls.key" -out "$SERVERS/tls.pem" 2>/dev/null
	chmod 644 "$SERVERS/tls.key"
	printf '# of this test\nmax-input=1000\nmax-jobs=7\n' >"$BATS_FILE_TMPDIR/limits"
	kill -HUP "$(<"$SERVERS/proxy.pid")"
	until_logged 1 proxy event=reloaded
	[[ $(seen) != "$before" ]]
	wait $!
	is "$(<uploaded)" 200 "the upload that was under way"
	grep -q 'event=key_file mode=644' "$SERVERS/proxy.log"
	grep -q 'event=certificate .*days=[12] .*ends soon' "$SERVERS/proxy.log"
	metrics
	is "$(value tee_proxy_one_input_bytes_limit) $(value tee_proxy_requester_jobs_limit)" \
		"1000 7"
	is "$(put -T in "$TEE/artifacts/stdin/artifact_$(printf '0%.0s' {1..26})?token=0")" 401
	# what is wrong changes nothing
	echo "max-jobs=many" >"$BATS_FILE_TMPDIR/limits"
	echo none >"$SERVERS/tls.pem"
	kill -HUP "$(<"$SERVERS/proxy.pid")"
	until_logged 1 proxy event=limits_kept
	until_logged 1 proxy event=certificate_kept
	metrics
	is "$(value tee_proxy_requester_jobs_limit)" 7
	cp tls.pem tls.key "$SERVERS/"
	: >"$BATS_FILE_TMPDIR/limits"
}

@test "certificate authorities: a file without any ends it; that there are none is told" {
	unshare -rm true || skip "needs a mount namespace"
	: >empty
	# shellcheck disable=SC2034  # both, by their names
	proxy=(tee-proxy -n "$DEVNET" --keyd "$SERVERS/keyd.sock" -w w.sock -s state
		--insecure-loopback --allow-unlocked)
	# shellcheck disable=SC2034
	worker=(tee-worker -n "$DEVNET" --keyd "$SERVERS/keyd.sock" -w w.sock
		--allow-unlocked)
	for daemon in proxy worker; do
		declare -n command=$daemon
		run "${command[@]}" --ca empty
		is "$status" 78 "$daemon"
		like "$output" "*tee-$daemon: no certificate in empty"
		run timeout -s INT 3 "${command[@]}" --ca "$CA" 3>/dev/null
		like "$output" "*event=ready*"
		run ! grep event=authorities <<<"$output"
		# where the system's are is an empty folder
		run env -u SSL_CERT_FILE -u SSL_CERT_DIR timeout -s INT 3 unshare -rm sh -c \
			'mount -t tmpfs none /etc/ssl/certs && exec "$@"' - \
			"${command[@]}" 3>/dev/null
		like "$output" "*level=warn*event=authorities network=$DEVNET msg=*--ca is missing*event=ready*"
	done
}

@test "each daemon has a seccomp filter, and gains no privileges" {
	! sanitized || skip "a sanitizer build"
	# The last one ended with the test that started it.
	server_stop worker
	server_start worker
	for name in keyd proxy worker; do
		is "$(awk '/^(NoNewPrivs|Seccomp):/ { printf "%s", $2 }' \
			"/proc/$(<"$SERVERS/$name.pid")/status")" 12 "$name"
	done
}

# The last, since they have ended.
@test "sockets are removed at the end" {
	[[ -S $SERVERS/jobs.sock && -S $SERVERS/keyd.sock ]]
	server_stop proxy
	[[ ! -e $SERVERS/jobs.sock ]]
	server_stop keyd KILL
	for _ in {1..100}; do
		[[ -e $SERVERS/keyd.sock ]] || return 0
		sleep 0.1
	done
	return 1
}
