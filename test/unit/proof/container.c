/*
 * Containers: what is written is read back, what is read is written back byte
 * for byte, and malformed bytes are refused with the place, whatever is cut or
 * set.
 */
#include <dirent.h>

#include "proof/container.h"
#include "stark/params.h"
#include "test/lib/stark_vectors.h"
#include "test/lib/tap.h"

static struct arena arena;
static uint32_t counter;

static void *
space(size_t n, size_t size)
{
	void *v = arena_alloc(&arena, n, size);

	must(v != NULL);
	return v;
}

static kb
next_kb(void)
{
	return kb_from(counter++ * 2654435761u);
}

static ef
next_ef(void)
{
	ef x;

	for (int i = 0; i < 4; i++)
		x.c[i] = next_kb();
	return x;
}

static any_digest
next_digest(void)
{
	any_digest d;

	for (int i = 0; i < 8; i++)
		d.kb.c[i] = next_kb();
	return d;
}

static struct kb_vec
kbs(size_t n)
{
	struct kb_vec v = {n, space(n, sizeof *v.v)};

	for (size_t i = 0; i < n; i++)
		v.v[i] = next_kb();
	return v;
}

static struct ef_vec
efs(size_t n)
{
	struct ef_vec v = {n, space(n, sizeof *v.v)};

	for (size_t i = 0; i < n; i++)
		v.v[i] = next_ef();
	return v;
}

static struct digest_vec
digests(size_t n)
{
	struct digest_vec v = {n, space(n, sizeof *v.v)};

	for (size_t i = 0; i < n; i++)
		v.v[i] = next_digest();
	return v;
}

static struct sumcheck_proof
sumcheck(size_t n)
{
	struct sumcheck_proof s = {
		.nrounds = n, .poly = space(n, sizeof *s.poly),
		.claim = next_ef(), .point = efs(n), .eval = next_ef()
	};

	for (size_t i = 0; i < n; i++)
		s.poly[i] = efs(3);
	return s;
}

static struct merkle_opening *
openings(size_t n)
{
	struct merkle_opening *o = space(n, sizeof *o);

	for (size_t i = 0; i < n; i++)
		o[i] = (struct merkle_opening){
			kbs(2), {2, {1, 2}}, next_digest(), 3, 2, digests(3),
			{2, {1, 3}}
		};
	return o;
}

/* Every field, every kind of array, none of it meaningful. */
static struct shard_proof
shard(void)
{
	struct shard_proof p = {0};
	struct pcs_proof *q = &p.pcs;

	p.public_values = kbs(187);
	p.main_commitment = next_digest();
	p.gkr.numerator = efs(2);
	p.gkr.numerator_dims = (struct dims){2, {2, 1}};
	p.gkr.denominator = efs(2);
	p.gkr.denominator_dims = (struct dims){3, {2, 1, 1}};
	p.gkr.nrounds = 2;
	p.gkr.round = space(2, sizeof *p.gkr.round);
	for (int i = 0; i < 2; i++)
		p.gkr.round[i] = (struct gkr_round){
			next_ef(), next_ef(), next_ef(), next_ef(),
			sumcheck(1)
		};
	p.gkr.point = efs(1);
	p.gkr.nchips = 2;
	p.gkr.chip = space(2, sizeof *p.gkr.chip);
	p.gkr.chip[0] = (struct chip_openings){
		"Add", 3, efs(2), {1, {2}}, 0, {0, 0}, {0, {0}}
	};
	p.gkr.chip[1] = (struct chip_openings){
		"Addi", 4, efs(1), {1, {1}}, 1, efs(2), {1, {2}}
	};
	p.gkr.witness = next_kb();
	p.zerocheck = sumcheck(2);
	p.nopened = 2;
	p.opened = space(2, sizeof *p.opened);
	p.opened[0] = (struct opened_chip){"Add", 3, {0, 0}, efs(2), kbs(3)};
	p.opened[1] = (struct opened_chip){"Addi", 4, efs(2), efs(1), kbs(3)};
	q->basefold.nmessages = 2;
	q->basefold.message = space(2, sizeof *q->basefold.message);
	for (int i = 0; i < 4; i++)
		q->basefold.message[i / 2][i % 2] = next_ef();
	q->basefold.fri_commitments = digests(2);
	q->basefold.ncomponents = 2;
	q->basefold.component = openings(2);
	q->basefold.nqueries = 1;
	q->basefold.query = openings(1);
	q->basefold.final_poly = next_ef();
	q->basefold.pow_witness = next_kb();
	q->basefold.batch_witness = next_kb();
	q->nbatch = 2;
	q->batch = space(2, sizeof *q->batch);
	q->batch_dims = space(2, sizeof *q->batch_dims);
	q->batch[0] = efs(1);
	q->batch_dims[0] = (struct dims){1, {1}};
	q->batch[1] = efs(2);
	q->batch_dims[1] = (struct dims){1, {2}};
	q->sumcheck = sumcheck(1);
	q->jagged_eval = sumcheck(1);
	q->nrounds = 2;
	q->counts = space(2, sizeof *q->counts);
	for (int i = 0; i < 2; i++) {
		q->counts[i].n = 2;
		q->counts[i].v = space(2, sizeof *q->counts[i].v);
		q->counts[i].v[0] = (struct row_col){7, 9};
		q->counts[i].v[1] = (struct row_col){1ull << 40, 1};
	}
	q->merkle_commitments = digests(2);
	q->expected_eval = next_ef();
	q->max_log_row_count = 22;
	q->log_m = 23;
	return p;
}

static int
read_core(const uint8_t *in, size_t len, struct err *e)
{
	struct core_proof p;
	struct arena a;
	int r;

	arena_init(&a, core_proof_ceiling(len));
	e->status = 0;
	r = core_proof_read(&p, &a, in, len, e);
	arena_free(&a);
	return r;
}

/* Reads and writes; the bytes must come back. */
static int
round_trip(const uint8_t *in, size_t len, struct core_proof *p, struct err *e)
{
	struct arena a;
	uint8_t *out;
	int same = 0;

	arena_init(&a, core_proof_ceiling(len));
	if (core_proof_read(p, &a, in, len, e) == 0 &&
	    core_proof_size(p) == len && (out = malloc(len)) != NULL) {
		core_proof_write(out, p);
		same = memcmp(in, out, len) == 0;
		free(out);
	}
	arena_free(&a);
	return same;
}

static void
test_made(void)
{
	struct shard_proof s[2] = {shard(), shard()};
	uint8_t pv[] = {1, 2, 3, 4, 5}, tee[] = {9, 8};
	struct core_proof p = {
		.nshards = 2, .shard = s, .tail = {
		    .public_values = {sizeof pv, pv},
		    .version = {6, (uint8_t *)STARK_VERSION}
		}
	}, q;
	struct err e = {0};
	size_t len = core_proof_size(&p), bad = 0, set = 0, at;
	uint8_t *b = malloc(len + 64), *w = malloc(len + 64);
	struct shard_proof t;
	enum proof_mode mode;
	struct arena a;

	must(b != NULL && w != NULL);
	core_proof_write(b, &p);
	ok(round_trip(b, len, &q, &e), "a made proof survives: %s", e.msg);
	ok(q.tail.form == PROOF_SAVED && !q.tail.has_tee && q.nshards == 2,
	    "its form is the saved one");
	ok(round_trip(b, len - 1, &q, &e) && q.tail.form == PROOF_NETWORK,
	    "without the last None it is the network's");
	ok(proof_mode(&mode, b, len, &e) == 0 && mode == PROOF_CORE,
	    "its mode is core");

	/* The only cut that is no fault is the one above. */
	for (size_t i = 0; i + 1 < len; i++)
		bad += read_core(b, i, &e) != -1 || e.status != EX_DATAERR;
	is_int(bad, 0, "every cut is malformed: %s", e.msg);

	b[len] = 0;
	ok(read_core(b, len + 1, &e) == -1 && e.status == EX_DATAERR,
	    "a trailing byte is malformed: %s", e.msg);
	b[len - 1] = 2;
	ok(read_core(b, len, &e) == -1 && e.status == EX_DATAERR,
	    "a final Option of 2 is malformed: %s", e.msg);
	b[len - 1] = 1;
	ok(read_core(b, len, &e) == -1 && e.status == EX_DATAERR,
	    "a Some with nothing in it is malformed: %s", e.msg);
	b[len - 1] = 0;
	b[0] = PROOF_COMPRESSED;
	ok(read_core(b, len, &e) == -1 && e.status == EX_DATAERR,
	    "another mode is malformed: %s", e.msg);
	b[0] = PROOF_CORE;

	/* p is the smallest element that is none: 01 00 00 7f. */
	memcpy(w, b, len);
	memcpy(w + 4 + 8 + 8, "\001\000\000\177", 4);
	ok(read_core(w, len, &e) == -1 && strstr(e.msg, "byte 20: a field "
	    "element is not below p") != NULL,
	    "an element that is not below p is malformed: %s", e.msg);

	/* The first tensor's dimensions follow its two values. */
	memcpy(w, b, len);
	at = 4 + 8 + (8 + 187 * 4) + 32 + (8 + 2 * 16);
	w[at] = 4;
	ok(read_core(w, len, &e) == -1 && strstr(e.msg, "more than three") != NULL,
	    "four dimensions are malformed: %s", e.msg);
	w[at] = 2;
	memset(w + at + 8, 0xff, 16);
	ok(read_core(w, len, &e) == -1 && strstr(e.msg, "overflow") != NULL,
	    "so are two whose product is too large: %s", e.msg);

	/* Ones over any eight bytes: counts that promise too much, elements
	 * that are none, names out of order.  Never a crash; only dimensions,
	 * row counts, widths, bytes of names, of public values and of the
	 * version can hold such values. */
	for (size_t i = 0; i + 8 <= len; i++) {
		memcpy(w, b, len);
		memset(w + i, 0xff, 8);
		set += read_core(w, len, &e) == 0;
	}
	ok(set > 0 && set < len / 4, "ones anywhere: %zu of %zu still parse",
	    set, len);

	p.tail.has_tee = 1;
	p.tail.tee = (struct byte_vec){sizeof tee, tee};
	len = core_proof_size(&p);
	core_proof_write(b, &p);
	ok(round_trip(b, len, &q, &e) && q.tail.has_tee && q.tail.tee.n == 2,
	    "a TEE proof is kept");

	s[0].gkr.chip[1].name = "Add";
	s[0].gkr.chip[1].name_len = 3;
	len = core_proof_size(&p);
	core_proof_write(b, &p);
	ok(read_core(b, len, &e) == -1 && strstr(e.msg, "ascend") != NULL,
	    "a name that comes twice is malformed: %s", e.msg);

	len = shard_proof_size(&s[1]);
	shard_proof_write(b, &s[1]);
	arena_init(&a, core_proof_ceiling(len));
	ok(shard_proof_read(&t, &a, b, len, &e) == 0 &&
	    shard_proof_size(&t) == len, "a shard alone survives");
	shard_proof_write(w, &t);
	ok(memcmp(b, w, len) == 0, "with the same bytes");
	arena_free(&a);

	memset(b, 0, 64);
	b[0] = 1;
	ok(proof_mode(&mode, b, 64, &e) == 0 && mode == PROOF_COMPRESSED,
	    "a compressed proof is told apart");
	b[0] = 4;
	ok(proof_mode(&mode, b, 64, &e) == -1 && e.status == EX_DATAERR,
	    "mode 4 does not exist: %s", e.msg);
	b[0] = 1;
	ok(proof_mode(&mode, b, 3, &e) == -1, "three bytes are none: %s",
	    e.msg);
	free(b);
	free(w);
}

/* Tag 1: key, shard, the key's place, the same tail. */
static void
test_compressed(void)
{
	struct compressed_proof p = {
		.proof = {.shard = shard(), .vk_index = 1ull << 40,
		    .vk_path = digests(3)},
		.tail = {.public_values = {2, (uint8_t *)"ab"},
		    .version = {6, (uint8_t *)STARK_VERSION}}
	}, q;
	struct recursion_proof r;
	struct err e = {0};
	size_t len, bad = 0;
	uint8_t *b, *w;
	struct arena a;

	p.proof.vk.pc_start[0] = next_kb();
	p.proof.vk.commit = next_digest();
	p.proof.vk.untrusted = next_kb();
	len = compressed_proof_size(&p);
	b = malloc(len + 1);
	w = malloc(len);
	must(b != NULL && w != NULL);
	compressed_proof_write(b, &p);
	arena_init(&a, core_proof_ceiling(len));
	ok(compressed_proof_read(&q, &a, b, len, &e) == 0 &&
	    compressed_proof_size(&q) == len && q.tail.form == PROOF_SAVED,
	    "a made compressed proof is read: %s", e.msg);
	compressed_proof_write(w, &q);
	ok(memcmp(b, w, len) == 0, "and written with the same bytes");
	ok(q.proof.vk_index == 1ull << 40 && q.proof.vk_path.n == 3 &&
	    memcmp(&q.proof.vk, &p.proof.vk, sizeof q.proof.vk) == 0,
	    "its key, and the key's place");
	/* Tag; two bytes and the version with their lengths, the None. */
	ok(recursion_proof_read(&r, &a, b + 4, len - 4 - 10 - 14 - 1, &e) == 0,
	    "and read without its container %s", e.msg);
	for (size_t i = 0; i + 1 < len; i++) {
		arena_free(&a);
		bad += compressed_proof_read(&q, &a, b, i, &e) != -1 ||
		    e.status != EX_DATAERR;
	}
	is_int(bad, 0, "every cut is malformed: %s", e.msg);
	b[len] = 0;
	ok(compressed_proof_read(&q, &a, b, len + 1, &e) == -1 &&
	    e.status == EX_DATAERR, "a trailing byte is malformed: %s", e.msg);
	ok(core_proof_read(&(struct core_proof){0}, &a, b, len, &e) == -1,
	    "it is no core proof: %s", e.msg);
	arena_free(&a);
	b[0] = PROOF_CORE;
	ok(compressed_proof_read(&q, &a, b, len, &e) == -1 &&
	    e.status == EX_DATAERR, "with that mode it is none: %s", e.msg);
	arena_free(&a);
	free(b);
	free(w);
}

/* Digests that are scalars: 40 bytes, below BN254's prime. */
static void
test_wrap(void)
{
	struct shard_proof p = shard(), q;
	struct err e = {0};
	size_t len, at = 8 + 187 * 4;	/* the main commitment's length */
	size_t bad = 0;
	uint8_t *b, *w, key[17 * 4 + 8 + 32 + 4] = {[17 * 4] = 32};
	struct vk vk;
	struct arena a;

	len = wrap_proof_size(&p);
	is_int(len, shard_proof_size(&p) + 8 * (1 + 2 + 2 + 3 * (1 + 3)),
	    "a made wrap proof is longer by each digest's length");
	b = malloc(len);
	w = malloc(len);
	must(b != NULL && w != NULL);
	wrap_proof_write(b, &p);
	arena_init(&a, core_proof_ceiling(len));
	ok(wrap_proof_read(&q, &a, b, len, &e) == 0 &&
	    wrap_proof_size(&q) == len, "it is read: %s", e.msg);
	wrap_proof_write(w, &q);
	ok(memcmp(b, w, len) == 0, "and written with the same bytes");
	b[at] = 33;
	ok(wrap_proof_read(&q, &a, b, len, &e) == -1 &&
	    strstr(e.msg, "not 32") != NULL, "a digest of 33 bytes: %s", e.msg);
	b[at] = 32;
	memset(b + at + 8, 0xff, 32);
	ok(wrap_proof_read(&q, &a, b, len, &e) == -1 &&
	    strstr(e.msg, "no scalar") != NULL, "one of ones: %s", e.msg);
	arena_free(&a);
	free(b);
	free(w);

	ok(wrap_vk_decode(&vk, key, sizeof key, &e) == 0, "its key: %s", e.msg);
	for (size_t n = 0; n < sizeof key; n++)
		bad += wrap_vk_decode(&vk, key, n, &e) != -1 ||
		    e.status != EX_DATAERR ||
		    strstr(e.msg, "ends too early") == NULL;
	is_int(bad, 0, "cut anywhere it ends too early");
}

static bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return n >= k && strcmp(name + n - k, end) == 0;
}

/* Those that our prover made, or all of a folder. */
static void
test_stock(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *f;
	size_t n = 0;

	if (d == NULL) {
		tap_skip("no stock proofs in %s", dir);
		return;
	}
	while ((f = readdir(d)) != NULL) {
		char path[STOCK_PATH];
		struct core_proof p;
		struct err e = {0};
		uint8_t *b;
		size_t len;

		if (!ends_in(f->d_name, ".core.bin"))
			continue;
		n++;
		snprintf(path, sizeof path, "%s/%s", dir, f->d_name);
		if (!ok(read_file(path, PROOF_CAP, &b, &len, &e) == 0,
		    "%s is read %s", path, e.msg))
			continue;
		ok(round_trip(b, len, &p, &e),
		    "%s: read and written: the same bytes %s", f->d_name,
		    e.msg);
		free(b);
	}
	closedir(d);
	ok(n > 0, "%zu proofs in %s", n, dir);
}

int
main(void)
{
	const char *build = getenv("B");
	char made[STOCK_PATH / 2];

	arena_init(&arena, 0);
	test_made();
	test_compressed();
	test_wrap();
	snprintf(made, sizeof made, "%s/proofs", build ? build : "build");
	test_stock(made);
	test_stock(STOCK_PROOFS);
	arena_free(&arena);
	return done_testing();
}
