#!/usr/bin/env bats
# tee-worker at work: how far it is, its end at any point, and what another goes on
# from.  The servers are this file's own; each test has workers of its own.
load helpers
source "$ROOT/test/servers.sh"

guest=$ROOT/test/guest
# isa has two execution shards then, which end in the records at bytes 1,280,168 and
# 2,193,880, and one for memory.
export ELEMENT_THRESHOLD=3000000

# No job is handed out before the test has its own worker.
setup_file() { file_servers && servers_stop worker proxy; }

teardown_file() {
	SERVERS=$BATS_FILE_TMPDIR/servers
	servers_stop
}

setup() {
	client || return
	# sp1-exec, which stops for ever in the second shard; it ends with the worker
	cat >stalling <<-'END'
		#!/bin/sh
		exec perl -e '
			open my $p, "-|", "sp1-exec", @ARGV or die;
			$| = 1;
			for (my $n = 1500000; $n > 0;) {
				my $got = read $p, my $b, $n < 65536 ? $n : 65536;
				$got or die;
				$n -= $got;
				print $b;
			}
			sleep 100000' -- "$@"
	END
	# the prover, which leaves its timings
	cat >timed <<-END
		#!/bin/sh
		exec sp1-prove-gpu "\$@" --timings "$PWD/timings.json"
	END
	# one that cannot write where it is told to
	cat >full <<-'END'
		#!/bin/sh
		for i; do [ "$i" != --work ] || exit 74; done
		exec sp1-prove-gpu "$@"
	END
	chmod +x stalling timed full
	kept=$(mktemp -d /dev/shm/sp1-test.XXXXXX)
	rm -f "$SERVERS/worker.log" && server_start proxy
}

teardown() {
	servers_stop worker proxy
	rm -rf "$kept"
}

in_memory() {
	[[ $(stat -f -c %T /dev/shm) = tmpfs ]] || skip "needs a tmpfs at /dev/shm"
}

# worker OPTION...: a worker that keeps finished shards
worker() { WORKER_OPTIONS="--work $kept $*" server_start worker; }

# until COMMAND...: it succeeds, in the end
until_so() {
	local _
	for _ in {1..6000}; do
		! "$@" || return 0
		sleep 0.1
	done
	echo "never: $*"
	return 1
}

# told FILTER: the job's record, as the upload's owner gets it, fits
told() {
	curl -s --cacert "$CA" "$(jq -r .report_url uploaded)" >told
	jq -e "$1" told >/dev/null
}
logged() { grep -q -- "$1" "$SERVERS/worker.log"; }
no_children() { ! pgrep -P "$(<"$SERVERS/worker.pid")" >/dev/null; }

@test "stopped and killed at work: it goes on from the finished shards" {
	needs curl pgrep
	in_memory
	server_stop proxy
	PROXY_OPTIONS='--lease 4' server_start proxy
	seal isa <"$guest/inputs/isa-3.bin" | upload >uploaded
	request isa <uploaded >requested
	worker --exec "$PWD/stalling" --prover "$PWD/timed"
	# how far it is, while it is there
	until_so told '.shards_done == 1'
	is "$(jq -c '[.status, .phase, .step, .shards, .cycles_done,
		.cycles_per_second > 0]' told)" \
		'["proving","proving","done",null,13312,true]'
	is "$(jq -r .request_id told)" "$(jq -r .request_id requested)"
	is "$(stat -c %a "$kept"/*)" 700
	is "$(cd "$kept" && echo *)" "$(jq -r .deadline requested)-$(
		jq -r '.request_id[2:]' requested)"
	is "$(cd "$kept"/* && echo *)" shard-000000.proof
	server_stop worker
	like "$(grep end= "$SERVERS/worker.log")" "*end=later*the worker stops*"
	is "$(cd "$kept"/* && echo *)" shard-000000.proof
	worker --exec "$PWD/stalling" --prover "$PWD/timed"
	until_so told '.attempt > 1 and .shards_done == 1'
	server_stop worker KILL
	is "$(cd "$kept"/* && echo *)" shard-000000.proof
	worker --prover "$PWD/timed"
	poll <requested | fetch -o proof.bin
	is "$(jq -c '[.shards[].kept]' timings.json)" '[true,false,false]'
	# nothing is kept when the job has ended
	until_so test -z "$(ls "$kept")"
	server_stop worker
	is "$(ls "$kept")" ""
}

@test "the deadline passes at work: all ends, and says so" {
	needs curl pgrep
	in_memory
	seal isa <"$guest/inputs/isa-3.bin" | upload >uploaded
	worker --exec "$PWD/stalling"
	request isa -t 25 <uploaded >requested
	until_so logged end=
	like "$(grep end= "$SERVERS/worker.log")" "*end=over cause=deadline_passed*"
	until_so no_children
	until_so told '.status == "over"'
	is "$(jq -r .cause told)" deadline_passed
	# what was at work then is told, unless the machine is too slow to get there
	like "$(jq -r .detail told)" "@(while proving, shards done: [01]*|null)"
	run -1 --separate-stderr poll <requested
	is "$(jq -r '.fulfillment_status + " " + .cause' <<<"$output")" \
		"expired deadline_passed"
	server_stop worker
	is "$(ls "$kept")" ""
	is "$(grep -c begins "$SERVERS/worker.log")" 1
}

@test "a folder that cannot be written to: the proof is made without" {
	in_memory
	worker --prover "$PWD/full"
	sp1-stdin u32:20 | seal fib | upload | request fib | poll |
		fetch -o proof.bin
	logged "level=warn .* event=without_folder .*the prover failed (74)"
	is "$(grep -c begins "$SERVERS/worker.log")" 1
}

@test "a guest that fails late: its cause, and nothing is kept" {
	in_memory
	worker
	seal isa <"$guest/inputs/isa-3.bin" | upload |
		request isa --cycle-limit 22700 >requested
	run -1 --separate-stderr poll <requested
	is "$(jq -r .cause <<<"$output")" exceeded_cycle_limit
	server_stop worker
	is "$(ls "$kept")" ""
}

@test "leftovers of jobs that are over are removed; a folder on a disk is refused" {
	in_memory
	local id
	id=$(printf '%064d' 7)
	mkdir "$kept/1000-$id" "$kept/9999999999-$id" "$kept/other"
	touch "$kept/1000-$id/shard-000000.proof"
	worker
	until_so test ! -e "$kept/1000-$id"
	is "$(cd "$kept" && echo *)" "9999999999-$id other"
	server_stop worker
	fails 78 tee-worker -w none --keyd none -n http://localhost:1 \
		--allow-unlocked --work /proc/self
	like "$stderr" "*is not in memory*"
	fails 73 tee-worker -w none --keyd none -n http://localhost:1 \
		--allow-unlocked --work "$kept/none/none"
}

# The last, since its job stays.
@test "a stop at work ends what it has started" {
	needs pgrep
	seal isa <"$guest/inputs/isa-3.bin" | upload >uploaded
	request isa <uploaded >requested
	WORKER_OPTIONS="--exec $PWD/stalling" server_start worker
	at_work() { [[ $(pgrep -c -P "$(<"$SERVERS/worker.pid")") = 2 ]]; }
	until_so at_work
	pgrep -P "$(<"$SERVERS/worker.pid")" >children
	server_stop worker
	for child in $(<children); do
		[[ ! -e /proc/$child ]] || is "$(<"/proc/$child/comm")" "another process"
	done
	logged "end=later"
	is "$(ls "$kept")" ""
}
