/*
 * The last recursion stage's proof, over BN254's scalars: the stock one is accepted,
 * read and written byte for byte, and refused with a reason once altered.
 * CHECK_LONG=1: 2,000 places and as many bits.
 */
#include "base/par.h"
#include "stark/recursion_keys.h"
#include "stark/verify.h"
#include "test/lib/places.h"
#include "test/lib/stark_vectors.h"

#define WRAPPED STOCK_RECURSION "/wrapped_proof.bin"
#define KEY STOCK_RECURSION "/wrap_vk.bin"

static struct shard_proof t;
static digest root;	/* the tree it was made for: one of the stock's tests */
static struct arena arena;
static uint8_t *bytes;
static size_t len;

static int
refused(struct err *e)
{
	*e = (struct err){0};
	return verify_wrap(&t, &root, NULL, NULL, e) == -1 &&
	    e->status == EX_NO && e->msg[0] != '\0';
}

static void
test_accepted(void)
{
	struct err e = {0};
	double begin = seconds();
	int r = verify_wrap(&t, &root, NULL, NULL, &e);
	uint8_t *out = malloc(len);
	digest d;

	ok(r == 0, "valid in %.0f ms %s", 1000 * (seconds() - begin), e.msg);
	must(out != NULL);
	is_int(wrap_proof_size(&t), len, "its size");
	wrap_proof_write(out, &t);
	ok(memcmp(out, bytes, len) == 0, "written: the same bytes");
	free(out);

	ok(verify_wrap(&t, NULL, NULL, NULL, &e) == -1 &&
	    strstr(e.msg, "another tree") != NULL,
	    "not for the stock tree of keys: %s", e.msg);
	memcpy(d.c, &t.public_values.v[RPV_VK_DIGEST], sizeof d);
	ok(verify_wrap(&t, &root, &d, NULL, &e) == 0, "for its own program");
	d.c[0] = kb_add(d.c[0], KB_ONE);
	ok(verify_wrap(&t, &root, &d, NULL, &e) == -1 &&
	    strstr(e.msg, "another program") != NULL,
	    "not for another: %s", e.msg);
}

static void
test_key(void)
{
	struct vk vk = recursion_wrap_vk(), file;
	struct err e = {0};
	uint8_t *raw;
	size_t n;

	if (!ok(read_file(KEY, 4096, &raw, &n, &e) == 0, "%s is read", KEY))
		return;
	ok(wrap_vk_decode(&file, raw, n, &e) == 0 &&
	    memcmp(&vk, &file, sizeof vk) == 0, "the key is the stock one %s",
	    e.msg);
	ok(wrap_vk_decode(&file, raw, n - 1, &e) == -1, "cut short: %s", e.msg);
	raw[17 * 4] = 31;
	ok(wrap_vk_decode(&file, raw, n, &e) == -1,
	    "a commitment of 31 bytes: %s", e.msg);
	raw[17 * 4] = 32;
	memset(raw + 17 * 4 + 8, 0xff, 32);
	ok(wrap_vk_decode(&file, raw, n, &e) == -1,
	    "a commitment that is no scalar: %s", e.msg);
	free(raw);
	ok(verify_shard(&stark_wrap, air_machine_compress(), &vk, &t, &e) == -1,
	    "another machine: %s", e.msg);
	vk.commit.bn254 = bn254_fr_add(vk.commit.bn254, bn254_fr_one());
	ok(verify_shard(&stark_wrap, air_machine_wrap(), &vk, &t, &e) == -1,
	    "another key: %s", e.msg);
}

static int
check_bytes(struct err *e)
{
	struct shard_proof p;
	struct arena a;
	int r;

	arena_init(&a, core_proof_ceiling(len));
	r = wrap_proof_read(&p, &a, bytes, len, e) ||
	    verify_wrap(&p, &root, NULL, NULL, e) ? -1 : 0;
	arena_free(&a);
	return r;
}

int
main(void)
{
	struct err e = {0};

	if (read_file(WRAPPED, PROOF_CAP, &bytes, &len, &e))
		tap_skip_all("no " WRAPPED);
	par_start(0);
	arena_init(&arena, core_proof_ceiling(len));
	if (!ok(wrap_proof_read(&t, &arena, bytes, len, &e) == 0,
	    "the proof is read %s", e.msg))
		return done_testing();
	memcpy(root.c, &t.public_values.v[RPV_VK_ROOT], sizeof root);
	test_accepted();
	test_key();
	places_scalars = 1;
	walk_shard(&t);
	test_fields(refused, times(1, 32));
	shorten_shard(refused, &t);
	test_bits(bytes, len, times(20, 2000), check_bytes);
	ok(verify_wrap(&t, &root, NULL, NULL, &e) == 0,
	    "at the end it is valid again %s", e.msg);
	arena_free(&arena);
	free(bytes);
	return done_testing();
}
