/* Sealed inputs: what opens, what must not, and what is signed for whom. */
#include "crypto/eth.h"
#include "crypto/keyd.h"
#include "crypto/sealed.h"
#include "wire/network.h"

#include "test/lib/tap.h"

static uint8_t sk[32], pk[HPKE_PUBLIC_MAX], vk_hash[32], requester[20];
static int kem;

/* Opened into out, it is this. */
static int
opens_to(uint8_t *out, const uint8_t *in, size_t n, const uint8_t *want, size_t len)
{
	struct hpke c;
	struct err e;
	size_t at, got;
	int r = sealed_context(&c, in, sk, &e);

	if (r == 0) {
		r = sealed_open(out, &at, &got, in, n, &c, &e);
		hpke_wipe(&c);
	}
	if (r == 0)
		r = got != len || (len && memcmp(out + at, want, len));
	return r;
}

/* Apart from it; in its place it ends alike. */
static int
opens(const uint8_t *in, size_t n, const uint8_t *want, size_t len)
{
	struct sealed_header h;
	struct err e;
	uint8_t *out, *both;
	int r;

	if (sealed_parse(&h, in, n, &e) < 0)
		return -1;
	out = malloc(h.padded);
	both = malloc(n);
	must(out && both);
	memcpy(both, in, n);
	r = opens_to(out, in, n, want, len);
	must(opens_to(both, both, n, want, len) == r);
	free(out);
	free(both);
	return r;
}

static void
sizes(void)
{
	struct many sizes = {0};
	uint64_t last = 0;

	is_int(sealed_padded(0), 4096, "nothing: 4096");
	is_int(sealed_padded(4088), 4096, "4088: 4096");
	is_int(sealed_padded(4089), 4352, "4089: 4352");
	ok(sealed_padded(SEALED_MAX - 8) == SEALED_MAX, "the longest");
	ok(sealed_padded(SEALED_MAX) == 0, "too long");
	for (uint64_t n = 4100; n < 40000000; n = n * 101 / 100 + 1) {
		uint64_t p = sealed_padded(n);

		note(&sizes, p >= last && p >= n + 8 &&
		    (p - n) * 1000 / n <= 120, "%llu: %llu",
		    (unsigned long long)n, (unsigned long long)p);
		last = p;
	}
	all_held(&sizes, "%zu lengths up to 40 MB: none shorter than one before, "
	    "room for its length, at most 12%% more", sizes.n);
}

/* The statement stands where the key's fingerprint does, and nobody can alter it. */
static void
by_statement(void)
{
	uint8_t statement[32], in[100] = { 1 }, *out = malloc(sealed_size(kem, 100));
	struct sealed_header h;
	struct err e;
	size_t n = sealed_size(kem, 100);

	must(out);
	memset(statement, 0x57, sizeof statement);
	ok(sealed_seal(out, kem, pk, statement, vk_hash, requester, in, 100, &e) == 0 &&
	    opens(out, n, in, 100) == 0, "by a statement: it opens");
	ok(sealed_parse(&h, out, n, &e) == 0 && h.by_statement &&
	    memcmp(h.statement, statement, 32) == 0, "it has the statement");
	ok(sealed_check(&h, requester, vk_hash, requester, &e) == 0,
	    "whose key is tee-keyd's to know");
	out[16] ^= 1;
	ok(opens(out, n, in, 100) < 0, "another statement: does not open");
	out[16] ^= 1;
	out[7] = 1;
	ok(opens(out, n, in, 100) < 0, "as version 1: does not open");
	out[7] = 3;
	ok(sealed_parse(&h, out, n, &e) < 0, "version 3: %s", e.msg);
	free(out);
}

static void
round_trips(void)
{
	static const size_t lens[] = { 0, 1, 36, 4088, 4089, 65528, 65529,
		65536, 131064, 200000, 1000003 };
	uint8_t *in = malloc(1000003);
	struct err e;

	must(in);
	for (size_t i = 0; i < 1000003; i++)
		in[i] = i * 31 >> 3;
	for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
		size_t n = sealed_size(kem, lens[i]);
		uint8_t *out = malloc(n);

		must(out);
		ok(sealed_seal(out, kem, pk, NULL, vk_hash, requester, in, lens[i],
		    &e) == 0 && opens(out, n, in, lens[i]) == 0, "%zu bytes in %zu",
		    lens[i], n);
		free(out);
	}
	free(in);
}

static void
refusals(void)
{
	static uint8_t in[70000], a[150000], b[150000], other[32];
	struct sealed_header h;
	struct hpke c;
	struct err e;
	size_t n = sealed_size(kem, sizeof in), at, len;
	struct many altered = {0}, cut = {0};
	static uint8_t out[80000];

	memset(in, 'x', sizeof in);
	must(n <= sizeof a);
	must(sealed_seal(a, kem, pk, NULL, vk_hash, requester, in, sizeof in, &e) == 0);
	ok(opens(a, n, in, sizeof in) == 0, "as it was made");
	/* Every header bit, and bits all over the rest. */
	for (size_t i = 0; i < n; i += i < 300 ? 1 : 997) {
		memcpy(b, a, n);
		b[i] ^= 1 << i % 8;
		note(&altered, opens(b, n, in, sizeof in) != 0, "byte %zu", i);
	}
	all_held(&altered, "no altered one opens");
	for (size_t i = 0; i < n; i += i < 300 ? 1 : 997)
		note(&cut, opens(a, i, in, sizeof in) != 0, "after %zu bytes", i);
	all_held(&cut, "no cut one opens");
	memcpy(b, a, n);
	ok(opens(b, n + 1, in, sizeof in) < 0, "a lengthened one neither");
	/* Chunks swapped: as long as each other but for the last, so swap parts
	 * of a longer one's ciphertext by moving the tail over the head. */
	memmove(b + SEALED_INFO + hpke_enc_size(kem), a + n - 5000, 5000);
	ok(opens(b, n, in, sizeof in) < 0, "chunks moved");
	memset(out, 'y', sizeof out);
	must(sealed_context(&c, a, sk, &e) == 0);
	ok(sealed_open(out, &at, &len, b, n, &c, &e) < 0 && out[0] == 0 &&
	    len == 0, "nothing is left of a refused one");
	hpke_wipe(&c);

	must(sealed_parse(&h, a, n, &e) == 0);
	memset(other, 1, 32);
	ok(sealed_check(&h, NULL, vk_hash, requester, &e) == 0, "as named");
	ok(sealed_check(&h, NULL, other, requester, &e) < 0 &&
	    strstr(e.msg, "another program"), "another program: %s", e.msg);
	ok(sealed_check(&h, NULL, vk_hash, other, &e) < 0 &&
	    strstr(e.msg, "another requester"), "another requester");
	ok(sealed_check(&h, other, vk_hash, requester, &e) < 0 &&
	    strstr(e.msg, "another enclave"), "another key");
	/* Renamed for another program: the name fits, the seal does not. */
	memcpy(b, a, n);
	memcpy(b + 48, other, 32);
	must(sealed_parse(&h, b, n, &e) == 0);
	ok(sealed_check(&h, NULL, other, requester, &e) == 0 &&
	    opens(b, n, in, sizeof in) < 0, "renamed: does not open");
	ok(!sealed_is((const uint8_t *)"\1\0\0\0\0\0\0\0", 8), "an SP1Stdin");
	ok(!sealed_is((const uint8_t *)"\x28\xb5\x2f\xfd\0\0\0\0", 8), "zstd");
}

static int
signable(const struct pb_message *m, const void *v)
{
	static uint8_t buf[20000];
	size_t n = pb_write(m, v, buf);

	return keyd_signable(buf, n < 64 ? n : 64, n, NULL) == 0;
}

static void
shapes(void)
{
	static const char trace[] = "{\"version\":1,\"source\":\"program\","
	    "\"kind\":\"program_panic\",\"message\":\"m\"}";
	static uint8_t id[32] = { 5 }, proof[KEYD_TRACE_MAX + 1] = { 0 },
	    vk[104] = { 0 };
	struct net_fulfill_body f = { .nonce = 300, .request_id = { id, 32 },
		.proof = { proof, sizeof proof } };
	struct net_fail_body x = { .nonce = 300, .request_id = { id, 32 },
		.error = NET_ERR_EXECUTION, .has_error = true };
	struct net_program_body p = { 300, { id, 32 }, { vk, 104 },
		pb_str("https://x") };
	struct net_proof_body r = { .nonce = 300, .vk_hash = { id, 32 },
		.version = pb_str(NET_VERSION), .mode = NET_CORE,
		.strategy = NET_RESERVED, .stdin_uri = pb_str("s") };
	struct net_execute_body ex = { .nonce = 300, .request_id = { id, 32 },
		.execution_status = NET_EXECUTED, .public_values_hash = { id, 32 },
		.cycles = 5, .has_public_values_hash = true, .has_cycles = true };

	ok(signable(&pb_net_fulfill_body, &f), "FulfillProof");
	f.nonce = 0;
	ok(signable(&pb_net_fulfill_body, &f), "with nonce 0");
	f.nonce = UINT64_MAX;
	ok(signable(&pb_net_fulfill_body, &f), "with the largest nonce");
	ok(signable(&pb_net_fail_body, &x), "FailFulfillment");
	x.has_error = false;
	ok(!signable(&pb_net_fail_body, &x), "without a cause: not");
	x.has_error = x.has_error_trace = true;
	x.error_trace = pb_str(trace);
	ok(signable(&pb_net_fail_body, &x), "with an error_trace");
	x.nonce = UINT64_MAX;
	ok(signable(&pb_net_fail_body, &x), "and the largest nonce");
	x.error_trace.n = 63;
	ok(!signable(&pb_net_fail_body, &x), "a short one: not");
	x.error_trace = pb_mem(id, 32);
	ok(!signable(&pb_net_fail_body, &x), "a hash there, as in ExecuteProof: not");
	x.error_trace = pb_mem(proof, 100);
	ok(!signable(&pb_net_fail_body, &x), "no error_trace: not");
	memset(proof, ' ', sizeof proof);
	memcpy(proof, trace, 13);
	x.error_trace = pb_mem(proof, KEYD_TRACE_MAX);
	ok(signable(&pb_net_fail_body, &x), "a long one");
	x.error_trace.n = KEYD_TRACE_MAX + 1;
	ok(!signable(&pb_net_fail_body, &x), "a longer one: not");
	memset(proof, 0, sizeof proof);
	f.request_id.n = 31;
	ok(!signable(&pb_net_fulfill_body, &f), "a short id: not");
	f.request_id.n = 32;
	f.has_reserved_metadata = true;
	ok(!signable(&pb_net_fulfill_body, &f), "more after the proof: not");
	f.has_reserved_metadata = false;
	proof[0] = 4;
	ok(!signable(&pb_net_fulfill_body, &f), "no proof: not");
	ok(!signable(&pb_net_program_body, &p), "CreateProgram: not");
	ok(!signable(&pb_net_proof_body, &r), "RequestProof: not");
	ok(!signable(&pb_net_execute_body, &ex), "ExecuteProof: not");
	ok(keyd_signable((const uint8_t *)"create_artifact", 15, 15, NULL) < 0,
	    "create_artifact: not");
	ok(keyd_signable((const uint8_t *)"", 0, 0, NULL) < 0, "nothing: not");
}

int
main(void)
{
	static const int kems[] = { HPKE_X25519, HPKE_XWING };
	struct err e;

	memset(vk_hash, 7, sizeof vk_hash);
	memset(requester, 9, sizeof requester);
	sizes();
	for (size_t i = 0; i < 2; i++) {
		kem = kems[i];
		must(hpke_generate(kem, sk, pk, &e) == 0);
		round_trips();
		by_statement();
		refusals();
	}
	shapes();
	return done_testing();
}
