#!/usr/bin/env bats
# sp1-attest on genuine evidence (test/vectors/attest), on evidence under a root of our
# own (synthetic.t -w), and on what is neither.
load helpers
source "$ROOT/test/attested.sh"

V=$ROOT/test/vectors/attest

# attest STATUS ARGUMENT...: with this exit status; $output is the record.
attest() {
	local want=$1
	shift
	run --separate-stderr sp1-attest "$@"
	is "$status" "$want" "sp1-attest $*: $stderr"
}

field() {
	jq -r ".$1" <<<"$output"
}

# made WORDS...: evidence of a synthetic enclave in the current folder.
made() {
	"$B/unit/attest/synthetic.t" -w . "$*"
}
own=(--quote quote.bin --collateral collateral.json --trust-root root.der
	--now 1800001000)

@test "the command line" {
	check_command_line sp1-attest
}

@test "genuine quotes: status, advisories, first and last second" {
	local quote coll first last verdict advisories before after want now
	while IFS=$'\t' read -r quote coll first last verdict advisories before after; do
		[[ $quote != '#'* ]] || continue
		case $verdict in
		UpToDate) want=0 ;;
		*) want=1 ;;
		esac
		for now in "$first" "$last"; do
			attest "$want" --quote "$V/$quote" --collateral "$V/$coll" \
				--now "$now"
			case $verdict in
			[A-Z]*)
				is "$(field status)" "$verdict"
				is "$(field 'advisories | join(" ")')" \
					"${advisories#-}"
				;;
			*)
				is "$(field reason)" "$verdict" "$quote"
				is "$(field status)" null
				;;
			esac
			is "$(field valid)" "$([[ $want == 0 ]] && echo true || echo false)"
		done
		attest 1 --quote "$V/$quote" --collateral "$V/$coll" --now $((first - 1))
		is "$(field reason)" "$before" "$quote, a second before"
		attest 1 --quote "$V/$quote" --collateral "$V/$coll" --now $((last + 1))
		is "$(field reason)" "$after" "$quote, a second after"
	done <"$V/cases.tsv"
}

@test "a quote under another platform's collateral is refused" {
	local quote coll now
	for quote in a-quote-v4.bin b-quote-v5.bin c-quote-v4.hex; do
		for coll in a:1751000000 b:1772000000 c:1758000000 s:1751000000; do
			now=${coll#*:} coll=${coll%:*}
			[[ $quote != "$coll"-* ]] || continue
			attest 1 --quote "$V/$quote" --collateral "$V/$coll-collateral.json" \
				--now "$now"
			like "$(field reason)" '@(fmspc|tcb_info|pck_date|pck_revocation)'
		done
	done
}

@test "dstack's registers replay, app-compose is the measured one" {
	attest 0 --quote "$V/b-dstack-quote-report.json" --now 1772000000 \
		--collateral "$V/b-collateral.json"
	is "$(field compose_hash)" \
		0x3763bc34552cf3a27ff71ad5f7a90471562a1a2df552dfc1998cba2d60da27e7
	is "$(field app_id)" 0x3763bc34552cf3a27ff71ad5f7a90471562a1a2d
	like "$(field report_data)" '0x123400*'
	is "$(field 'checks[] | select(.name == "event_replay") | .result')" pass
	attest 1 --quote "$V/rtmr3-report.json" --collateral "$V/a-collateral.json" \
		--app-compose "$V/rtmr3-app-compose.json" --now 1751000000
	is "$(field reason)" tcb_level
	for check in event_digests event_replay event_order compose_file; do
		is "$(field "checks[] | select(.name == \"$check\") | .result")" pass
	done
	attest 1 --quote "$V/tdx-lite-getquote.json" --now 1772000000 \
		--collateral "$V/b-collateral.json"
	is "$(field 'checks[] | select(.name == "event_replay") | .result')" pass
	attest 0 --quote "$V/near-mpc/quote.json" --now 1786622400 \
		--collateral "$V/near-mpc/collateral.json" \
		--event-log "$V/near-mpc/tcb_info.json" \
		--app-compose "$V/near-mpc/app_compose.json"
	is "$(field status)" UpToDate
	is "$(field compose_hash)" \
		0x2911e1f733466216dedb862d6d669e11256ee7a34ce4dbc66c4b807ba7a9c895
}

@test "the other sets of near/mpc, where they are at hand" {
	local d=$SHARED/vectors/tee/near-mpc set now
	needs "$d"
	for set in 1b075a77b:1763496736:1766086276 832c32113:1769413406:1772004917; do
		IFS=: read -r set first last <<<"$set"
		for now in "$first" "$last"; do
			attest 0 --quote "$d/$set/quote.json" --now "$now" \
				--collateral "$d/$set/collateral.json" \
				--event-log "$d/$set/tcb_info.json" \
				--app-compose "$d/$set/tcb_info.json"
		done
		attest 1 --quote "$d/$set/quote.json" --now $((first - 1)) \
			--collateral "$d/$set/collateral.json"
		attest 1 --quote "$d/$set/quote.json" --now $((last + 1)) \
			--collateral "$d/$set/collateral.json"
	done
}

@test "a quote has four forms, each with one spelling" {
	local at=(--collateral "$V/a-collateral.json" --now 1751000000)
	xxd -p -c 0 "$V/a-quote-v4.bin" | tr -d '\n' >hex
	printf '{"quote":"%s"}' "$(cat hex)" >object
	od -An -v -tu1 "$V/a-quote-v4.bin" | tr -s ' \n' ',' | sed 's/^,/[/; s/,$/]/' \
		>numbers
	printf '{"quote":%s}' "$(cat numbers)" >both
	for form in hex object numbers both; do
		attest 0 --quote $form "${at[@]}"
	done
	tr a-f A-F <hex >upper
	sed 's/^/0x/' hex >prefixed
	printf '{"quote":"%s","quote":"%s"}' "$(cat hex)" "$(cat hex)" >twice
	printf '{"quote":"%s"} x' "$(cat hex)" >longer
	head -c 4999 "$V/a-quote-v4.bin" >unpadded
	head -c 4900 "$V/a-quote-v4.bin" >short
	: >empty
	echo '{"quotes":1}' >none
	for form in upper prefixed twice longer short empty none; do
		attest 65 --quote $form "${at[@]}"
		is "$(field reason)" quote_format "$form"
		is "$(field valid)" false
	done
	# What is cut off there is padding, which nobody signs.
	attest 0 --quote unpadded "${at[@]}"
}

@test "what surrounds the signed part is looked at" {
	local at=(--collateral "$V/a-collateral.json" --now 1751000000)
	cp "$V/a-quote-v4.bin" q && chmod u+w q
	printf x | dd of=q bs=1 seek=5000 conv=notrunc status=none
	attest 1 --quote q "${at[@]}"
	is "$(field reason)" quote_trailer
	# A line's end in the certificates, where a lenient reader sees nothing.
	cp "$V/a-quote-v4.bin" q && chmod u+w q
	at_pem=$(grep -obUa -m1 'BEGIN CERTIFICATE-----' q | head -n 1 | cut -d: -f1)
	printf '\r' | dd of=q bs=1 seek=$((at_pem + 22)) conv=notrunc status=none
	attest 65 --quote q "${at[@]}"
	is "$(field reason)" pck_chain
	cp "$V/a-quote-v4.bin" q && chmod u+w q
	printf '\1' | dd of=q bs=1 seek=570 conv=notrunc status=none
	attest 1 --quote q "${at[@]}"
	is "$(field reason)" quote_signature
	like "$stderr" 'sp1-attest: q: quote_signature: *'
}

@test "collateral: none, malformed, twice a name" {
	attest 1 --quote "$V/a-quote-v4.bin" --now 1751000000
	is "$(field reason)" collateral_format
	like "$stderr" '*there is no collateral: --collateral gives it, and --pccs asks for it'
	echo '{}' >empty
	jq -c . "$V/a-collateral.json" | sed 's/^{/{"pck_crl":"00",/' >twice
	jq '.tcb_info |= sub("TDX"; "TDY")' "$V/a-collateral.json" >other
	jq '.root_ca_crl |= .[2:]' "$V/a-collateral.json" >crl
	for c in empty twice other crl; do
		attest 65 --quote "$V/a-quote-v4.bin" --collateral $c --now 1751000000
		is "$(field reason)" collateral_format
	done
	jq '.tcb_info |= sub("UpToDate"; "Revoked")' "$V/a-collateral.json" >altered
	attest 1 --quote "$V/a-quote-v4.bin" --collateral altered --now 1751000000
	is "$(field reason)" tcb_info_signature
	is "$(field status)" null
}

@test "another root is taken from --trust-root alone" {
	made
	attest 0 "${own[@]}"
	like "$stderr" '*trusting the root in root.der instead*'
	attest 1 --quote quote.bin --collateral collateral.json --now 1800001000
	is "$(field reason)" tcb_info_signer
	attest 1 --quote "$V/a-quote-v4.bin" --collateral "$V/a-collateral.json" \
		--now 1751000000 --trust-root root.der
	is "$(field reason)" tcb_info_signer
	openssl x509 -inform der -in root.der -out root.pem
	attest 0 --quote quote.bin --collateral collateral.json --now 1800001000 \
		--trust-root root.pem
}

@test "attacks on the evidence, each refused by its name" {
	local words reason
	while read -r reason words; do
		# shellcheck disable=SC2086  # words are meant
		made $words
		attest 1 "${own[@]}" --event-log event-log.json \
			--app-compose app-compose.json
		is "$(field reason)" "$reason" "$words"
		is "$(field mrtd)" null "nothing of it is told"
	done <<-'EOF'
	quote_trailer trailer_hash
	debug debug
	event_digests log_digest
	event_digests log_type
	event_order log_late_compose
	event_order log_twice
	pck_chain other_root
	pck_revocation pck_revoked
	pck_date pck_expired
	pck_crl pck_crl_old
	compose_file compose_other
	EOF
	made
	echo '{"report_data":"0x'"$(printf '%064d' 0)$(printf '42%.0s' {1..32})"'"}' >policy
	attest 1 "${own[@]}" --policy policy
	is "$(field reason)" report_data
	made app=7
	jq -n --arg h "$(sha256sum <app-compose.json | cut -c 1-64)" \
		'{app_id: $h[0:40], compose_hash: [$h]}' >policy
	attest 1 "${own[@]}" --event-log event-log.json --policy policy
	is "$(field reason)" app_id "the composition is right, the application another"
	# Beside a quote stands what it is said to attest to.
	jq -n --arg q "$(xxd -p -c 0 quote.bin)" \
		'{quote: $q, report_data: ("00" * 64)}' >quote.json
	attest 1 --quote quote.json "${own[@]:2}"
	is "$(field reason)" quote_source
}

@test "a policy is written from what is seen, and holds for it" {
	made compose_tag compose_logs compose_envs compose_socket
	attest 0 "${own[@]}" --event-log event-log.json \
		--app-compose app-compose.json --write-policy
	like "$stderr" '*read it before you use it*'
	echo "$output" >policy.json
	is "$(jq -r .tcb_status[0] policy.json)" UpToDate
	attest 0 "${own[@]}" --event-log event-log.json \
		--app-compose app-compose.json --policy policy.json
	made app=3
	attest 1 "${own[@]}" --event-log event-log.json \
		--app-compose app-compose.json --policy policy.json
	like "$(field reason)" '@(app_id|compose_hash|rtmr*)'
	made bad_quote_signature
	run --separate-stderr sp1-attest "${own[@]}" --write-policy
	is "$status" 1
	is "$output" ''
	# One from genuine evidence.
	attest 0 --quote "$V/near-mpc/quote.json" --now 1786622400 \
		--collateral "$V/near-mpc/collateral.json" \
		--event-log "$V/near-mpc/tcb_info.json" \
		--app-compose "$V/near-mpc/app_compose.json" --write-policy
	echo "$output" >policy.json
	attest 0 --quote "$V/near-mpc/quote.json" --now 1786622400 \
		--collateral "$V/near-mpc/collateral.json" \
		--event-log "$V/near-mpc/tcb_info.json" \
		--app-compose "$V/near-mpc/app_compose.json" --policy policy.json
}

@test "GPU evidence: genuine, not bound to the quote, no RIM for it" {
	local d=$V/nvidia at=(--quote "$V/b-dstack-quote-report.json" --now 1772000000
		--collateral "$V/b-collateral.json")
	attest 1 "${at[@]}" --gpu "$d/hopper_evidence.json" \
		--rim "$d/NV_GPU_DRIVER_GH100_550.144.03.xml"
	is "$(field reason)" gpu_binding
	for check in format chain firmware signature nonce; do
		is "$(field "checks[] | select(.name == \"gpu_$check\") | .result")" pass
	done
	like "$(field 'checks[] | select(.name == "gpu_driver_rim") | .detail')" \
		'GPU 0: no RIM of its driver 590.12 is given'
	sed 's/e97b23/e97b24/' "$d/hopper_evidence.json" >nonce
	attest 1 "${at[@]}" --gpu nonce
	is "$(field 'checks[] | select(.name == "gpu_nonce") | .result')" fail
	echo '[]' >none
	attest 65 "${at[@]}" --gpu none
	is "$(field reason)" gpu_format
	echo '{"gpu":{"required":true}}' >policy
	attest 1 "${at[@]}" --policy policy
	is "$(field reason)" gpu_format
	fails 65 sp1-attest "${at[@]}" --gpu "$d/hopper_evidence.json" --gpu-root none
}

# Evidence of a domain (domain.t -w) in the current folder, but for what the DNS says: zone.
domain_made() {
	"$B/unit/attest/domain.t" -w .
	cat >zone <<-EOF
	\$DNSSEC secure
	app.example.com. 300 IN CNAME gw.example.net.
	example.com. 300 IN CAA 0 issue "letsencrypt.org; accounturi=$account"
	EOF
}
account=https://acme-v02.api.letsencrypt.org/acme/acct/1234567
domain=(--ingress . --collateral collateral.json --trust-root root.der
	--now 1800001000 --cert cert-app.example.com.pem --log-list log-list.json
	--domain app.example.com)

@test "a domain: its certificate is the attested one, CAA, logs" {
	domain_made
	attest 0 "${domain[@]}" --dns zone
	is "$(field domain)" app.example.com
	is "$(field acme_account)" "$account"
	is "$(field 'checks | map(select(.name | test("^ingress|^domain")) | .result) |
		unique | join(" ")')" pass
	like "$(field 'warnings[0]')" 'CAA above the alias gw.example.net does not count*'
	attest 0 --quote quote.json "${domain[@]:2}" --dns zone --ingress .
	attest 1 "${domain[@]}" --dns zone --cert other.pem
	is "$(field reason)" domain_certificate
	is "$(field acme_account)" null
	# The files are those that the enclave attests to, all of them.
	for alter in "s/1234567/1234568/" "s/body/bodi/"; do
		sed -i.kept "$alter" acme-account.json
		attest 1 "${domain[@]}" --dns zone
		is "$(field reason)" ingress_files
		mv acme-account.json.kept acme-account.json
	done
	mv cert-app.example.com.pem away.pem
	attest 1 "${domain[@]}" --dns zone --cert away.pem
	is "$(field reason)" ingress_files
	mv away.pem cert-app.example.com.pem
	sed -i.kept 's/$/\r/' sha256sum.txt
	attest 65 "${domain[@]}" --dns zone
	is "$(field reason)" ingress_format
	sha256sum cert-app.example.com.pem acme-account.json >sha256sum.txt
	attest 1 "${domain[@]}" --dns zone
	is "$(field reason)" ingress_binding
	rm sha256sum.txt
	fails 66 sp1-attest "${domain[@]}" --dns zone
}

@test "a domain: who else may get a certificate, each by its name" {
	local reason line
	domain_made
	cp zone whole
	while read -r reason line; do
		{ cat whole; echo "$line"; } >zone
		attest 1 "${domain[@]}" --dns zone
		is "$(field reason)" "$reason" "$line"
	done <<-EOF
	domain_caa example.com CAA 0 issue "evil.org"
	domain_caa example.com CAA 0 issue "letsencrypt.org"
	domain_caa example.com CAA 128 unknown "x"
	domain_caa gw.example.net CAA 0 issue "letsencrypt.org; accounturi=$account/1"
	domain_persist _validation-persist.app.example.com TXT "evil.org; accounturi=https://evil.org/1"
	domain_persist _validation-persist.example.com TXT "letsencrypt.org; accounturi=$account/1; policy=wildcard"
	EOF
	sed -i 1d whole
	attest 0 "${domain[@]}" --dns whole
	is "$(field 'checks[] | select(.name == "domain_dnssec") | .result')" skipped
	echo '{"caa":{"dnssec":true}}' >policy
	attest 1 "${domain[@]}" --dns whole --policy policy
	is "$(field reason)" domain_dnssec
	echo '{"ingress":{"required":true},"ct":{"required":true},"caa":{}}' >policy
	attest 1 --quote quote.json "${domain[@]:2:6}" --policy policy
	is "$(field reason)" ingress_format
	echo 'a.com CCA 0 issue "x"' >zone
	fails 65 sp1-attest "${domain[@]}" --dns zone
	fails 64 sp1-attest "${domain[@]:0:12}" --dns whole
	fails 64 sp1-attest "${domain[@]}" --domain 'a b' --dns whole
}

@test "a domain: keys that the policy knows, certificates that logs have" {
	local print
	domain_made
	print=0x$(openssl x509 -in cert-app.example.com.pem -noout -pubkey |
		openssl pkey -pubin -outform der | sha256sum | cut -c 1-64)
	attest 0 "${domain[@]}" --dns zone --logged cert-app.example.com.pem
	is "$(field certificate_key)" "$print"
	is "$(field 'checks[] | select(.name == "domain_logged") | .result')" pass
	cat cert-app.example.com.pem other.pem >logged
	attest 1 "${domain[@]}" --dns zone --logged logged
	is "$(field reason)" domain_logged
	like "$stderr" "*certificate 3 has the key 0x*, which nothing attests to"
	is "$(field certificate_key)" null
	# a key that the policy knows besides
	jq -n --arg own "$print" --arg other "0x$(openssl x509 -in other.pem -noout -pubkey |
		openssl pkey -pubin -outform der | sha256sum | cut -c 1-64)" \
		'{ct: {known_spki: [$own, $other]}}' >policy
	attest 0 "${domain[@]}" --dns zone --logged logged --policy policy
	jq '.ct.known_spki |= .[1:]' policy >other
	attest 1 "${domain[@]}" --dns zone --policy other
	is "$(field reason)" domain_key
	echo '{"ct":{"logged":true}}' >policy
	attest 1 "${domain[@]}" --dns zone --policy policy
	is "$(field reason)" domain_logged
	# what is seen, as a policy, which holds for it alone
	attest 0 "${domain[@]}" --dns zone --logged cert-app.example.com.pem --write-policy
	echo "$output" >policy
	is "$(jq -r .ct.known_spki policy)" "$print"
	is "$(jq -c '[.ingress.required, .caa.accounturi, .caa.dnssec, .ct.logged]' policy)" \
		'[true,"'$account'",true,true]'
	attest 0 "${domain[@]}" --dns zone --logged cert-app.example.com.pem --policy policy
	attest 1 "${domain[@]}" --dns zone --policy policy
	is "$(field reason)" domain_logged
	echo nothing >none
	fails 65 sp1-attest "${domain[@]}" --dns zone --logged none
	fails 66 sp1-attest "${domain[@]}" --dns zone --logged missing
	fails 64 sp1-attest "${own[@]}" --logged logged
}

# names MODE: test/fake/dns.py about example.fake; $port.
names() {
	mkdir -p "$1"
	cat >fake-zone <<-EOF
	example.fake CAA 0 issue letsencrypt.org; accounturi=$account
	app.example.fake CNAME gw.fake
	_validation-persist.gw.fake TXT unrelated
	EOF
	setpriv --pdeathsig KILL -- python3 "$ROOT/test/fake/dns.py" fake-zone "$1" "$1" 3>&- &
	until [[ -e $1/port ]]; do sleep 0.05; done
	port=$(<"$1/port")
}

@test "a domain: asked of the DNS, signatures checked here" {
	domain_made
	local at=(--ingress . --collateral collateral.json --trust-root root.der
		--now 1800001000 --domain app.example.fake --json)
	checks() {
		field 'checks | map(select(.name | test("domain_(caa|dns)")) | .result) | join(" ")'
	}
	names signed
	attest 1 "${at[@]}" --resolver "127.0.0.1@$port" --dns-anchor signed/anchor
	is "$(field reason)" domain_name "the certificate is for another"
	is "$(checks)" "pass pass"
	# Under a key that is of another zone nothing says that this one is signed.
	sed 's/fake/other/' signed/anchor >other
	attest 1 "${at[@]}" --resolver "127.0.0.1@$port" --dns-anchor other
	is "$(checks)" "skipped pass"
	for mode in bogus unsigned; do
		names $mode
		attest 1 "${at[@]}" --resolver "127.0.0.1@$port" --dns-anchor $mode/anchor
		is "$(checks)" "fail fail" "$mode"
	done
	names broken
	fails 75 sp1-attest "${at[@]}" --resolver "127.0.0.1@$port" \
		--dns-anchor broken/anchor
	fails 78 sp1-attest "${at[@]}" --resolver nowhere
	fails 66 sp1-attest "${at[@]}" --dns-anchor missing
	fails 78 sp1-attest "${at[@]}" --resolver "127.0.0.1@$port" --dns-anchor fake-zone
}

@test "collateral from a service, kept until the first of it ends" {
	local kept=cache/sp1-private/collateral
	export XDG_CACHE_HOME=$PWD/cache
	pcs "$V/a-collateral.json"
	at=(--quote "$V/a-quote-v4.bin" --pccs "$pcs")
	attest 0 "${at[@]}" --now 1750329147
	is "$(field status)" UpToDate
	is "$(cut -d ' ' -f 2 pcs.log)" "/tdx/certification/v4/tcb?fmspc=b0c06f000000
/tdx/certification/v4/qe/identity
/sgx/certification/v4/pckcrl?ca=platform&encoding=der
/sgx/certification/v4/rootcacrl"
	is "$(stat -c %a $kept $kept/*)" "700
600"
	# The last second, and the one after it.
	attest 0 "${at[@]}" --now 1752919235
	is "$(wc -l <pcs.log)" 4
	attest 1 "${at[@]}" --now 1752919236
	is "$(wc -l <pcs.log)" 8
	# What was kept and is damaged is asked for again; two quotes of a platform, once.
	for f in "$kept"/*; do echo '{' >"$f"; done
	attest 0 "${at[@]}" --now 1751000000 "$V/a-quote-v4.bin"
	is "$(wc -l <pcs.log)" 12
	# Where nothing can be kept.
	XDG_CACHE_HOME=/proc/none attest 0 "${at[@]}" --now 1751000000
	like "$stderr" '*the collateral is not kept: *'
	is "$(wc -l <pcs.log)" 16
	# An SGX quote's.
	pcs "$V/s-collateral.json"
	attest 1 --quote "$V/s-quote-v3-sgx.bin" --pccs "$pcs" --now 1751000000
	is "$(field status)" ConfigurationAndSWHardeningNeeded
	like "$(cat pcs.log)" '*/sgx/certification/v4/tcb?fmspc=*'
	echo nothing >bad
	attest 65 --quote bad --pccs "$pcs"
}

@test "collateral from a service that has none, or nonsense" {
	local mode status
	export XDG_CACHE_HOME=$PWD/cache
	while read -r mode status; do
		pcs "$V/a-collateral.json" "$mode"
		fails "$status" sp1-attest --quote "$V/a-quote-v4.bin" --pccs "$pcs" \
			--now 1751000000
		[[ ! -e cache ]]
	done <<-EOF
	missing 66
	headless 76
	halved 76
	nonsense 76
	EOF
	pcs "$V/b-collateral.json"
	attest 1 --quote "$V/a-quote-v4.bin" --pccs "$pcs" --now 1772000000
	like "$(field reason)" '@(fmspc|tcb_info|pck_date|pck_revocation)'
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key \
		-out cert -subj /CN=other -days 30 2>/dev/null
	rm -f store.port
	setpriv --pdeathsig KILL -- python3 "$ROOT/test/fake/store.py" --tls cert key 200 3>&- &
	until [[ -e store.port ]]; do sleep 0.05; done
	fails 77 sp1-attest --quote "$V/a-quote-v4.bin" --now 1 \
		--pccs "https://127.0.0.1:$(<store.port)"
	fails 64 sp1-attest --quote "$V/a-quote-v4.bin" --pccs nowhere
	fails 64 sp1-attest --quote "$V/a-quote-v4.bin" --pccs "$pcs" --collateral cert
	like "$stderr" '*: --collateral and --pccs exclude each other*'
}

@test "policies: what is not known in them is refused" {
	made
	for p in '[]' '{"mrdt":"00"}' '{"mrtd":"00"}' '{"tcb_status":["Fine"]}' \
		'{"tcb_status":["Revoked"]}' '{"gpu":{"need":true}}' \
		'{"app_id":[]}' '{"caa":{"issuer":""}}' '{"caa":{"dns":true}}' \
		'{"caa":[]}' '{"ct":true}' '{"ct":{"known_spki":["00"]}}' '{"ct":{"known_spki":[]}}' \
		'{"ct":{"logged":1}}' '{"ingress":{"logged":true}}' '{"ingress":{"required":1}}' '{"allow_debug":1}' '{"a":1,"a":1}' '{'; do
		echo "$p" >policy
		fails 78 sp1-attest "${own[@]}" --policy policy
	done
}

@test "many quotes in one call: a record each, the worst status" {
	local q="$V/a-quote-v4.bin" c="$V/a-collateral.json"
	echo nothing >bad
	attest 65 --collateral "$c" --now 1751000000 "$q" bad "$V/rtmr3-report.json"
	is "$(jq -rc '[.quote, .valid, .reason // "-"] | join(" ")' <<<"$output")" \
"$q true -
bad false quote_format
$V/rtmr3-report.json false tcb_level"
	attest 0 --now 1751000000 --collateral "$c" --collateral "$c" "$q" "$q"
	fails 64 sp1-attest --collateral "$c" --collateral "$c" "$q"
	fails 64 sp1-attest --collateral "$c"
	fails 66 sp1-attest --collateral "$c" --now 1 missing
	like "$stderr" '*: there is no file missing; a URL begins with https://'
	fails 66 sp1-attest --collateral "$c" --now 1 ./missing
	like "$stderr" '*: cannot open ./missing: *'
}

@test "people get a table" {
	needs script
	made compose_tag
	run script -qec "sp1-attest ${own[*]} --event-log event-log.json" /dev/null
	like "$output" '*valid, UpToDate*quote_signature*compose_hash*'
	run script -qec "sp1-attest ${own[*]} --json" /dev/null
	like "$output" '*"valid":true*'
}
