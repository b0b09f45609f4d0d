/*
 * A shrink proof, which the stock prover makes between a compressed proof and a wrap
 * proof: accepted with that stage's parameters, with no other's, and refused with a
 * reason once altered.  CHECK_LONG=1: 2,000 places, 2,000 bits.
 *
 * No stock file holds one: test/interop/stock/proofs has it made from a compressed
 * proof, and names it in SP1_TEST_SHRINK.
 */
#include "base/par.h"
#include "stark/verify.h"
#include "test/lib/places.h"
#include "test/lib/stark_vectors.h"

static struct recursion_proof t;
static struct arena arena;
static uint8_t *bytes;
static size_t len;

static int
verify(const struct stark_params *params, const struct recursion_proof *p,
    struct err *e)
{
	*e = (struct err){0};
	return verify_shard(params, air_machine_compress(), &p->vk, &p->shard,
	    e);
}

static int
refused(struct err *e)
{
	return verify(&stark_shrink, &t, e) == -1 && e->status == EX_NO &&
	    e->msg[0] != '\0';
}

static void
test_accepted(void)
{
	struct err e;

	ok(verify(&stark_shrink, &t, &e) == 0, "valid %s", e.msg);
	ok(verify(&stark_compress, &t, &e) == -1,
	    "not with a compressed proof's parameters: %s", e.msg);
	ok(verify_recursion(&t, NULL, NULL, &e) == -1,
	    "nor as a compressed proof: %s", e.msg);
	is_int(recursion_proof_exit_code(&t), 0, "exit code 0");
}

static int
check_bytes(struct err *e)
{
	struct recursion_proof p;
	struct arena a;
	int r;

	arena_init(&a, core_proof_ceiling(len));
	r = recursion_proof_read(&p, &a, bytes, len, e) ||
	    verify(&stark_shrink, &p, e) ? -1 : 0;
	arena_free(&a);
	return r;
}

int
main(void)
{
	const char *path = getenv("SP1_TEST_SHRINK");
	struct err e = {0};

	if (path == NULL)
		tap_skip_all("no shrink proof in SP1_TEST_SHRINK");
	par_start(0);
	if (!ok(read_file(path, PROOF_CAP, &bytes, &len, &e) == 0,
	    "%s is there %s", path, e.msg))
		return done_testing();
	arena_init(&arena, core_proof_ceiling(len));
	if (!ok(recursion_proof_read(&t, &arena, bytes, len, &e) == 0,
	    "it is read %s", e.msg))
		return done_testing();
	test_accepted();
	walk_vk(&t.vk);
	walk_shard(&t.shard);
	test_fields(refused, times(1, 30));
	shorten_shard(refused, &t.shard);
	/* But for its place among the allowed keys, which is not looked at. */
	test_bits(bytes, len - (8 + 8 + t.vk_path.n * sizeof *t.vk_path.v),
	    times(20, 2000), check_bytes);
	ok(verify(&stark_shrink, &t, &e) == 0, "at the end it is valid again %s",
	    e.msg);
	arena_free(&arena);
	free(bytes);
	return done_testing();
}
