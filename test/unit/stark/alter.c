/*
 * A valid proof, altered in one place, is refused with a reason: every kind of
 * field of every shard, every count, the order and number of shards, the key,
 * the public values; then bytes of the encoding.  CHECK_LONG=1 makes it 500
 * places of each sort.  The proof: test/lib/stark_vectors.h.
 */
#include "base/par.h"
#include "stark/params.h"
#include "stark/verify.h"
#include "test/lib/places.h"
#include "test/lib/stark_vectors.h"

static const struct air_machine *machine;
static struct test_proof t;

static void
walk(void)
{
	walk_vk(&t.vk);
	for (size_t i = 0; i < t.p.nshards; i++)
		walk_shard(&t.p.shard[i]);
}

static int
refused(struct err *e)
{
	*e = (struct err){0};
	return verify_core(machine, &t.vk, &t.p, NULL, e) == -1 &&
	    e->status == EX_NO && e->msg[0] != '\0';
}

static void
swap_shards(size_t a, size_t b)
{
	struct shard_proof s = t.p.shard[a];

	t.p.shard[a] = t.p.shard[b];
	t.p.shard[b] = s;
}

static void
test_shards(void)
{
	struct shard_proof *shard = t.p.shard, *twice;
	size_t n = t.p.nshards;
	struct err e;

	twice = calloc(n + 1, sizeof *twice);
	must(twice != NULL);
	memcpy(twice, shard, n * sizeof *twice);
	twice[n] = shard[n - 1];
	t.p.shard = twice;
	t.p.nshards = n + 1;
	ok(refused(&e), "the last shard twice: %s", e.msg);
	memmove(twice + 1, shard, n * sizeof *twice);
	ok(refused(&e), "the first shard twice: %s", e.msg);
	t.p.shard = shard;
	t.p.nshards = 0;
	ok(refused(&e), "no shard: %s", e.msg);
	t.p.nshards = n;
	free(twice);
	if (n < 2)
		return;
	swap_shards(0, n - 1);
	ok(refused(&e), "first and last shard swapped: %s", e.msg);
	swap_shards(0, n - 1);
	for (size_t i = 0; i < n; i++) {
		struct kb_vec v = t.p.shard[i].public_values;

		t.p.shard[i].public_values =
		    t.p.shard[(i + 1) % n].public_values;
		ok(refused(&e), "shard %zu with another's public values: %s",
		    i, e.msg);
		t.p.shard[i].public_values = v;
	}
	t.p.shard++;
	t.p.nshards--;
	ok(refused(&e), "the first shard dropped: %s", e.msg);
	t.p.shard--;
	t.p.nshards++;
}

/* What the program is said to have given. */
static void
test_container(void)
{
	struct byte_vec pv = t.p.tail.public_values, version = t.p.tail.version;
	uint8_t *more = calloc(pv.n + 1, 1);
	struct err e;

	must(more != NULL);
	if (pv.n > 0)
		memcpy(more, pv.v, pv.n);
	t.p.tail.public_values = (struct byte_vec){pv.n + 1, more};
	ok(refused(&e), "one more byte of public values: %s", e.msg);
	if (pv.n > 0) {
		more[0] ^= 1;
		t.p.tail.public_values.n = pv.n;
		ok(refused(&e), "other public values: %s", e.msg);
	}
	t.p.tail.public_values = pv;
	free(more);
	t.p.tail.version = (struct byte_vec){6, (uint8_t *)"v6.0.0"};
	ok(refused(&e), "another version: %s", e.msg);
	t.p.tail.version = version;
}

static int
check_bytes(struct err *e)
{
	struct core_proof p;
	struct arena a;
	int r;

	arena_init(&a, core_proof_ceiling(t.len));
	r = core_proof_read(&p, &a, t.bytes, t.len, e) ||
	    verify_core(machine, &t.vk, &p, NULL, e) ? -1 : 0;
	arena_free(&a);
	return r;
}

static int
find_proof(struct err *e)
{
	const char *proof = getenv("SP1_TEST_PROOF");
	const char *vk = getenv("SP1_TEST_VK");
	uint8_t *raw;
	size_t n;
	int r;

	if (proof == NULL || vk == NULL) {
		return stock_proof(&t, "keccak256-1000", "keccak256", e);
	}
	if (read_file(vk, VK_BYTES, &raw, &n, e))
		return -1;
	r = vk_decode(&t.vk, raw, n, e);
	free(raw);
	return r ? -1 : test_proof_read(&t, proof, e);
}

int
main(void)
{
	const char *check_long = getenv("CHECK_LONG");
	int longer = check_long != NULL && strcmp(check_long, "1") == 0;
	struct err e = {0};

	if (find_proof(&e)) {
		ok(0, "the proof is read: %s", e.msg);
		return done_testing();
	}
	par_start(0);
	machine = air_machine_riscv();
	ok(verify_core(machine, &t.vk, &t.p, NULL, &e) == 0,
	    "as it is, the proof is valid %s", e.msg);
	walk();
	test_fields(refused, longer ? 10 : 1);
	shorten_shard(refused, &t.p.shard[0]);
	SHORTER(t.p.nshards, "shards");
	SHORTER(t.p.tail.version.n, "letters of the version");
	test_shards();
	test_container();
	test_bits(t.bytes, t.len, longer ? 500 : 20, check_bytes);
	ok(verify_core(machine, &t.vk, &t.p, NULL, &e) == 0,
	    "at the end it is valid again %s", e.msg);
	test_proof_free(&t);
	return done_testing();
}
