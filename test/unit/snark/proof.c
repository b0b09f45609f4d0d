/*
 * SP1's Groth16 and PLONK proofs in their containers: a public proof of circuit v6.1.0
 * accepted, whatever is altered refused with a reason: 20 places of each kind, 2000
 * under CHECK_LONG=1.
 */
#include <openssl/sha.h>

#include "base/blake3.h"
#include "base/hex.h"
#include "base/io.h"
#include "snark/groth16.h"
#include "snark/plonk.h"
#include "snark/sp1.h"
#include "snark/verify.h"
#include "stark/recursion_keys.h"
#include "test/lib/tap.h"

#define PROOF "test/vectors/snark/groth16-v6.1.bin"
#define PLONK "test/vectors/snark/plonk-other.bin"
#define PROGRAM \
	"0x00f31d3c82e1ac5e413efe237066f7b6820416878cd71f6c9d4f642b24732a93"

static uint8_t program[32], *bytes;
static size_t len;
static struct snark_proof p;
static struct arena arena;

static uint64_t
rnd(void)
{
	static uint64_t x = 61;

	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

static int
check(const struct verify_options *o, struct err *e)
{
	*e = (struct err){0};
	return verify_snark(program, &p, o, e);
}

static int
refused(const char *reason, struct err *e)
{
	return check(NULL, e) == -1 && e->status == EX_NO &&
	    strstr(e->msg, reason) != NULL;
}

static int
same_bytes(const uint8_t *in, size_t n)
{
	uint8_t *out = malloc(n + 1);
	int r;

	must(out != NULL);
	r = snark_proof_size(&p) == n;
	if (r) {
		snark_proof_write(out, &p);
		r = memcmp(in, out, n) == 0;
	}
	free(out);
	return r;
}

/* One bit of the encoding: malformed, or read and refused. */
static int
alter_bit(size_t bit, struct err *e)
{
	struct snark_proof q;
	struct arena a;
	int r;

	*e = (struct err){0};
	bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	arena_init(&a, core_proof_ceiling(len));
	r = snark_proof_read(&q, &a, bytes, len, e);
	if (r == 0)
		r = verify_snark(program, &q, NULL, e);
	arena_free(&a);
	bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	return r == -1 && e->msg[0] != '\0' &&
	    (e->status == EX_NO || e->status == EX_DATAERR);
}

static void
test_bits(size_t n)
{
	size_t bad = 0, malformed = 0;
	struct err e;

	for (size_t i = 0; i < n; i++) {
		size_t bit = rnd() % (8 * len);

		if (!alter_bit(bit, &e)) {
			diag("byte %zu, bit %zu: accepted", bit / 8, bit % 8);
			bad++;
		}
		malformed += e.status == EX_DATAERR;
	}
	is_int(bad, 0, "%zu bits turned over: all refused, %zu as malformed",
	    n, malformed);
}

/* Cut anywhere it is malformed, but for the last byte, which makes it the network's. */
static void
test_cuts(void)
{
	size_t bad = 0;
	struct snark_proof q;
	struct arena a;
	struct err e;

	for (size_t n = 0; n < len; n++) {
		arena_init(&a, core_proof_ceiling(n));
		if (snark_proof_read(&q, &a, bytes, n, &e) == 0)
			bad += n != len - 1 || q.tail.form != PROOF_NETWORK ||
			    verify_snark(program, &q, NULL, &e) != 0;
		else
			bad += n == len - 1 || e.status != EX_DATAERR;
		arena_free(&a);
	}
	is_int(bad, 0, "cut at each of %zu bytes", len);
	bytes[0] = PROOF_COMPRESSED;
	arena_init(&a, core_proof_ceiling(len));
	ok(snark_proof_read(&q, &a, bytes, len, &e) == -1 &&
	    e.status == EX_DATAERR, "as another mode: %s", e.msg);
	arena_free(&a);
	bytes[0] = PROOF_GROTH16;
	for (size_t n = 0; n <= len; n += 7) {
		uint8_t was[8];

		if (n + 8 > len)
			break;
		memcpy(was, bytes + n, 8);
		memset(bytes + n, 0xff, 8);
		arena_init(&a, core_proof_ceiling(len));
		bad += snark_proof_read(&q, &a, bytes, len, &e) == 0 &&
		    verify_snark(program, &q, NULL, &e) == 0;
		arena_free(&a);
		memcpy(bytes + n, was, 8);
	}
	is_int(bad, 0, "eight bytes of ones anywhere");
}

static void
test_claims(void)
{
	static const struct verify_options any = {.allow_exit_code = 1};
	struct snark_proof was = p;
	uint8_t values[200];
	struct err e;

	program[31] ^= 1;
	ok(refused("another program", &e), "%s", e.msg);
	program[31] ^= 1;
	p.tail.public_values.n--;
	ok(refused("public values", &e), "%s", e.msg);
	must(was.tail.public_values.n < sizeof values);
	memcpy(values, was.tail.public_values.v, was.tail.public_values.n);
	values[0] ^= 1;
	p.tail.public_values = (struct byte_vec){
		was.tail.public_values.n, values
	};
	ok(refused("public values", &e), "others: %s", e.msg);
	p = was;
	blake3(p.input[1], was.tail.public_values.v, was.tail.public_values.n);
	p.input[1][0] &= 0x1f;
	ok(refused("pairings do not agree", &e),
	    "their BLAKE3 is a digest too: %s", e.msg);
	p = was;
	p.input[2][31] = 3;
	ok(refused("halted with exit code 3", &e), "%s", e.msg);
	ok(check(&any, &e) && strstr(e.msg, "other public inputs"),
	    "allowed: %s", e.msg);
	p.input[2][0] = 1;
	ok(check(&any, &e) && strstr(e.msg, "the exit code is none"), "%s",
	    e.msg);
	ok(snark_proof_exit_code(&p) == UINT32_MAX, "and not reported");
	p = was;
	p.input[3][31] ^= 1;
	ok(refused("recursion keys", &e), "%s", e.msg);
	p = was;
	p.input[4][31] ^= 1;
	ok(refused("other public inputs", &e), "nonce: %s", e.msg);
	p = was;
	p.key_hash[31] ^= 1;
	ok(refused("another groth16 key", &e), "%s", e.msg);
	p = was;
	p.encoded.n = 0;
	ok(refused("mock", &e), "%s", e.msg);
	p.encoded.n = 95;
	ok(refused("other public inputs", &e), "95 bytes: %s", e.msg);
	p.encoded.n = 96;
	ok(refused("256 bytes, this one 0", &e), "%s", e.msg);
	p = was;
	p.raw.v[300] ^= 1;
	ok(refused("raw proof", &e), "%s", e.msg);
	p.raw.v[300] ^= 1;
	p.raw.n = 0;
	ok(check(NULL, &e) == 0, "without the raw proof: %s", e.msg);
	p = was;
	p.tail.version = (struct byte_vec){6, (uint8_t *)"v6.0.0"};
	ok(refused("version", &e), "%s", e.msg);
	p = was;
	p.mode = PROOF_PLONK;
	ok(refused("another plonk key", &e), "%s", e.msg);
	p = was;
}

/* A PLONK container in which all is right but what is proved: another circuit's. */
static void
test_plonk(void)
{
	struct snark_proof was = p;
	struct arena a;
	struct err e;
	uint8_t *in;
	size_t n;

	if (read_file(PLONK, 1 << 20, &in, &n, &e))
		die_err(&e);
	for (size_t cut = 0; cut < 2; cut++) {
		arena_init(&a, core_proof_ceiling(n));
		ok(snark_proof_read(&p, &a, in, n - cut, &e) == 0 &&
		    p.mode == PROOF_PLONK && p.tail.form ==
		    (cut ? PROOF_NETWORK : PROOF_SAVED), "PLONK: read %s",
		    e.msg);
		ok(same_bytes(in, n - cut), "PLONK: written byte for byte");
		ok(refused("plonk: the pairings do not agree", &e), "%s", e.msg);
		p.encoded.n--;
		ok(refused("a plonk proof has 864 bytes", &e), "%s", e.msg);
		p.encoded.n++;
		p.mode = PROOF_GROTH16;
		ok(refused("another groth16 key", &e), "%s", e.msg);
		arena_free(&a);
	}
	free(in);
	p = was;
}

static void
put(uint8_t *out, size_t *n, const char *text)
{
	uint64_t k = strlen(text);

	for (int i = 0; i < 8; i++)
		out[(*n)++] = (uint8_t)(k >> 8 * i);
	memcpy(out + *n, text, k);
	*n += k;
}

/* A container of nothing but a first input and an encoded proof. */
static int
try_text(const char *number, const char *hex, struct err *e)
{
	uint8_t in[1024] = {PROOF_PLONK};
	size_t n = 4;
	struct arena a;
	int r;

	put(in, &n, number);
	for (int i = 0; i < 4; i++)
		put(in, &n, "0");
	put(in, &n, hex);
	put(in, &n, "");
	n += 32;
	put(in, &n, "");
	put(in, &n, "v6.1.0");
	arena_init(&a, core_proof_ceiling(n));
	r = snark_proof_read(&p, &a, in, n, e);
	if (r == 0 && !same_bytes(in, n))
		r = 1;
	arena_free(&a);
	return r;
}

#define MAX "115792089237316195423570985008687907853269984665640564039457584007913129639935"
#define MAX_1 "115792089237316195423570985008687907853269984665640564039457584007913129639936"

static void
test_text(void)
{
	static const char *const good[] = {"0", "7", "10", "256", MAX};
	static const char *const bad[] = {
		"", "00", "07", "-1", "+1", " 1", "1 ", "0x1", "1_0", "1.0",
		MAX_1, MAX "0", "999999999999999999999999999999999999999999999"
		    "999999999999999999999999999999999"
	};
	struct snark_proof was = p;
	struct err e;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ok(try_text(good[i], "00ff", &e) == 0,
		    "%.20s: read and written back", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(try_text(bad[i], "00ff", &e) == -1 && e.status == EX_DATAERR,
		    "'%.20s': %s", bad[i], e.msg);
	ok(try_text("0", "", &e) == 0, "no encoded proof");
	ok(try_text("0", "0", &e) == -1 && strstr(e.msg, "odd"), "%s", e.msg);
	ok(try_text("0", "0x", &e) == -1, "0x: %s", e.msg);
	ok(try_text("0", "AB", &e) == -1, "%s", e.msg);
	p = was;
}

/* What the library holds is what it should. */
static void
test_constants(void)
{
	static const char *const hash[] = {
		[SNARK_PLONK] = "5a093a2f", [SNARK_GROTH16] = "4388a21c"
	};
	digest root = recursion_vk_root();
	static struct plonk_key plonk;
	static struct groth16_key groth16;
	uint8_t h[32], x[32] = {0};
	const uint8_t *key;
	struct err e;
	size_t n;

	/* sp1-proof(7), SNARK proofs: what goes before a proof on a chain */
	key = snark_key(SNARK_PLONK, &n);
	SHA256(key, n, h);
	is_hex(h, 4, hash[SNARK_PLONK], "PLONK's key");
	ok(plonk_key_read(&plonk, key, n, &e) == 0 && plonk.ninputs == 5,
	    "is well-formed, for five inputs");
	key = snark_key(SNARK_GROTH16, &n);
	SHA256(key, n, h);
	is_hex(h, 4, hash[SNARK_GROTH16], "Groth16's key");
	ok(groth16_key_read(&groth16, key, n, &e) == 0 &&
	    groth16.ninputs == 5, "is well-formed, for five inputs");
	for (unsigned bit = 0; bit < 248; bit++)
		x[31 - bit / 8] |= (uint8_t)((kb_to(root.c[7 - bit / 31]) >>
		    bit % 31 & 1) << bit % 8);
	ok(memcmp(x, snark_vk_root, 32) == 0, "the root of recursion keys");
}

int
main(void)
{
	size_t n = getenv("CHECK_LONG") != NULL ? 2000 : 20;
	struct err e = {0};

	must(hex_decode(program, 32, PROGRAM) == 0);
	if (read_file(PROOF, 1 << 20, &bytes, &len, &e))
		die_err(&e);
	arena_init(&arena, core_proof_ceiling(len));
	ok(snark_proof_read(&p, &arena, bytes, len, &e) == 0, "read: %s",
	    e.msg);
	ok(same_bytes(bytes, len), "written back byte for byte");
	ok(check(NULL, &e) == 0, "valid: %s", e.msg);
	is_int(snark_proof_exit_code(&p), 0, "exit code");
	test_claims();
	test_plonk();
	ok(check(NULL, &e) == 0, "as it was: %s", e.msg);
	test_bits(n);
	test_cuts();
	test_text();
	test_constants();
	arena_free(&arena);
	free(bytes);
	return done_testing();
}
