/*
 * Carried proofs: two of them, made up, in test/fuzz/corpus/wire_stdin, after an item.
 * They are read one by one, written back, and refused wherever they are cut; a pair is
 * made of a compressed proof and the key of its program alone.
 */
#include "proof/carried.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "test/lib/tap.h"

#define FILE_OF_TWO "test/fuzz/corpus/wire_stdin/carried"
#define AT 36			/* the proofs, after an item of 4 bytes, ptr, count */

static const uint8_t *two;
static size_t len;

static int
next(struct carried *c, struct carried_proof *p, struct arena *a, struct err *e)
{
	*e = (struct err){ 0 };
	arena_init(a, carried_ceiling(c));
	return carried_next(c, p, a, e);
}

static void
test_both(void)
{
	digest chain = {{{0}}}, first;
	struct carried_proof p;
	struct carried c;
	struct arena a;
	struct err e;

	carried_begin(&c, 2, two, len);
	for (int i = 0; i < 2; i++) {
		if (!is_int(next(&c, &p, &a, &e), 1, "proof %d is read", i))
			return;
		is_int(p.n, len / 2 - VK_BYTES, "its length");
		ok(p.bytes == two + (size_t)i * (len / 2), "its place");
		ok(memcmp(&p.vk, &p.proof.vk, sizeof p.vk) != 0,
		    "the key beside it is another than its own");
		first = chain;
		carried_chain(&chain, &p.proof);
		ok(!digest_eq(&first, &chain), "the chain goes on");
		arena_free(&a);
	}
	is_int(next(&c, &p, &a, &e), 0, "that was the last");
	arena_free(&a);
}

static int
check(uint64_t n, size_t length, struct err *e)
{
	uint8_t *in = malloc(length + 1);
	int bad;

	/* in a block as long as they are, so that a sanitizer sees more */
	must(in != NULL);
	memcpy(in, two, length);
	*e = (struct err){ 0 };
	bad = carried_check(n, in, length, e);
	free(in);
	return bad;
}

static void
test_malformed(void)
{
	size_t wrong = 0;
	struct err e;

	is_int(check(2, len, &e), 0, "both");
	for (size_t n = 0; n < len; n++)
		wrong += check(2, n, &e) == 0 || e.status != EX_DATAERR;
	is_int(wrong, 0, "cut anywhere: refused");
	ok(check(1, len, &e) < 0 && e.status == EX_DATAERR,
	    "one alone: %s", e.msg);
	ok(check(3, len, &e) < 0 && e.status == EX_DATAERR &&
	    strstr(e.msg, "carried proof 2: "), "three: %s", e.msg);
	ok(check(UINT64_MAX, len, &e) < 0 && e.status == EX_DATAERR,
	    "very many: %s", e.msg);
	is_int(check(0, 0, &e), 0, "none");
}

/* The first proof as a saved one, whose program's key is vk: no public values, the
 * version, no TEE proof. */
#define TAIL (8 + 8 + 6 + 1)
static uint8_t *
container(const struct vk *vk, size_t *n, size_t values)
{
	static const char version[] = "v6.1.0";
	struct compressed_proof p = { .tail.form = PROOF_SAVED };
	struct carried_proof one;
	struct carried c;
	struct arena a;
	struct err e;
	uint8_t *out;
	digest d = vk_digest(vk);

	carried_begin(&c, 2, two, len);
	must(next(&c, &one, &a, &e) == 1);
	p.proof = one.proof;
	p.tail.version = (struct byte_vec){ 6, (uint8_t *)version };
	memcpy(p.proof.shard.public_values.v + RPV_VK_DIGEST, d.c, sizeof d.c);
	p.proof.shard.public_values.n = values;
	*n = compressed_proof_size(&p);
	out = malloc(*n);
	must(out != NULL);
	compressed_proof_write(out, &p);
	arena_free(&a);
	return out;
}

static void
refused(const uint8_t *in, size_t n, const struct vk *vk, const char *why)
{
	uint8_t *pair = NULL;
	struct err e = { 0 };
	size_t m;

	ok(carried_make(&pair, &m, in, n, vk, &e) < 0 &&
	    e.status == EX_DATAERR && strstr(e.msg, why), "%s", e.msg);
	free(pair);
}

static void
test_make(void)
{
	struct vk vk, other;
	struct carried_proof p;
	struct carried c;
	struct arena a;
	struct err e;
	uint8_t *in, *pair;
	size_t n, m;

	must(vk_decode(&vk, two + len / 2 - VK_BYTES, VK_BYTES, &e) == 0);
	must(vk_decode(&other, two + len - VK_BYTES, VK_BYTES, &e) == 0);
	in = container(&vk, &n, STARK_PUBLIC_VALUES);
	if (ok(carried_make(&pair, &m, in, n, &vk, &e) == 0, "a pair is made")) {
		is_int(m, len / 2, "as long as the one that it was made of");
		carried_begin(&c, 1, pair, m);
		ok(next(&c, &p, &a, &e) == 1 &&
		    memcmp(&p.vk, &vk, sizeof vk) == 0 &&
		    memcmp(in + 4, p.bytes, p.n) == 0,
		    "and is the proof and the key");
		arena_free(&a);
		free(pair);
	}
	refused(in, n, &other, "of another program");
	refused(in, n - 10, &vk, "malformed proof");
	in[0] = PROOF_CORE;
	refused(in, n, &vk, "a core proof, where a compressed one is needed");
	free(in);
	in = container(&vk, &n, STARK_PUBLIC_VALUES - 1);
	refused(in, n, &vk, "186 public values");
	/* the same beside a key: stock reads it, and fails later */
	n -= 4 + TAIL;
	pair = malloc(n + VK_BYTES);
	must(pair != NULL);
	memcpy(pair, in + 4, n);
	vk_encode(pair + n, &vk);
	carried_begin(&c, 1, pair, n + VK_BYTES);
	ok(next(&c, &p, &a, &e) < 0 && e.status == EX_DATAERR &&
	    strstr(e.msg, "number of public values"), "%s", e.msg);
	arena_free(&a);
	free(pair);
	free(in);
}

int
main(void)
{
	struct err e;
	uint8_t *in;
	size_t n;

	if (read_file(FILE_OF_TWO, 1 << 20, &in, &n, &e) < 0) {
		ok(0, "%s", e.msg);
		return done_testing();
	}
	two = in + AT;
	len = n - AT;
	test_both();
	test_malformed();
	test_make();
	free(in);
	return done_testing();
}
