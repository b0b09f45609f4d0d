/*
 * Compressed proofs: ours and the stock ones are accepted, read and written byte for byte,
 * and refused with a reason once altered, whatever the place: the shard, its key, the key's
 * path in the tree of those allowed, what the container says.  CHECK_LONG=1: 2,000
 * places of each sort.
 */
#include "base/par.h"
#include "stark/recursion_keys.h"
#include "stark/verify.h"
#include "test/lib/places.h"
#include "test/lib/stark_vectors.h"

#define SHRINK_INPUT STOCK_RECURSION "/compressed-shrink-input.bin"

static digest program;
static struct compressed_proof t;
static int bare;	/* no container: t.proof alone */
static struct arena arena;
static uint8_t *bytes;
static size_t len;

static int
refused(struct err *e)
{
	*e = (struct err){0};
	return (bare ? verify_recursion(&t.proof, NULL, NULL, e) :
	    verify_compressed(&program, &t, NULL, e)) == -1 &&
	    e->status == EX_NO && e->msg[0] != '\0';
}

static int
refused_with(const char *want, const char *what)
{
	struct err e;
	int r = refused(&e);

	return ok(r && strstr(e.msg, want) != NULL, "%s: %s", what, e.msg);
}

static void
test_accepted(const char *name, unsigned shards)
{
	struct err e = {0};
	double begin = seconds();
	int r = verify_compressed(&program, &t, NULL, &e);
	uint8_t *out = malloc(len);

	ok(r == 0, "%s: valid in %.0f ms %s", name,
	    1000 * (seconds() - begin), e.msg);
	is_int(recursion_proof_exit_code(&t.proof), 0, "exit code 0");
	is_int(recursion_proof_shards(&t.proof), shards, "its shards");
	must(out != NULL);
	is_int(compressed_proof_size(&t), len, "its size");
	compressed_proof_write(out, &t);
	ok(memcmp(out, bytes, len) == 0, "written: the same bytes");
	free(out);
}

/* What the constraints leave to the verifier. */
static void
test_claims(void)
{
	kb *v = t.proof.shard.public_values.v;
	struct verify_options any = {.allow_exit_code = 1};
	struct vk other_key;
	digest other;
	struct err e = {0};
	digest d;

	must(stock_vk(&other_key, "halt") == 0);
	other = vk_digest(&other_key);
	ok(verify_compressed(&other, &t, NULL, &e) == -1 &&
	    strstr(e.msg, "another program") != NULL,
	    "the key of another program: %s", e.msg);

	/* With a digest that fits: the next check is met. */
	for (unsigned i = 0; i < 5; i++) {
		static const struct { unsigned at; const char *want; } c[] = {
			{RPV_COMMITTED + 7, "public values are not those that"},
			{RPV_VK_DIGEST + 3, "another program"},
			{RPV_VK_ROOT, "another tree"},
			{RPV_IS_COMPLETE, "part of the run"},
			{RPV_EXIT_CODE, "exit code 1"},
		};
		kb old = v[c[i].at];
		digest was;

		memcpy(was.c, &v[RPV_DIGEST], sizeof was);
		v[c[i].at] = kb_add(old, KB_ONE);
		d = hash_kb(v, RPV_DIGEST);
		memcpy(&v[RPV_DIGEST], d.c, sizeof d);
		refused_with(c[i].want, "a value and its digest altered");
		if (c[i].at == RPV_EXIT_CODE) {
			is_int(recursion_proof_exit_code(&t.proof), 1,
			    "the exit code is told");
			ok(verify_compressed(&program, &t, &any, &e) == -1 &&
			    strstr(e.msg, "exit code") == NULL,
			    "where it is allowed, the shard tells: %s", e.msg);
		}
		v[c[i].at] = old;
		memcpy(&v[RPV_DIGEST], was.c, sizeof was);
	}
	v[0] = kb_add(v[0], KB_ONE);
	refused_with("of their digest", "a value altered");
	v[0] = kb_sub(v[0], KB_ONE);
	t.proof.shard.public_values.n--;
	refused_with("recursion: 186 public values", "a value fewer");
	t.proof.shard.public_values.n++;
}

static void
test_key(void)
{
	struct recursion_proof *p = &t.proof;
	uint64_t index = p->vk_index;
	struct digest_vec path = p->vk_path;
	any_digest longer[RECURSION_VK_HEIGHT + 1] = {0};

	p->vk_index ^= 1;
	refused_with("not one of those", "the key at its neighbour's place");
	p->vk_index = RECURSION_VK_COUNT;
	refused_with("no key 185862", "the first key that is none");
	p->vk_index = index + ((uint64_t)1 << RECURSION_VK_HEIGHT);
	refused_with("no key", "an index that is the same below");
	p->vk_index = index + ((uint64_t)1 << 63);
	refused_with("no key", "and a larger one");
	p->vk_index = index;
	p->vk_path.n--;
	refused_with("17 entries", "a path one shorter");
	memcpy(longer, path.v, sizeof longer - sizeof *longer);
	p->vk_path = (struct digest_vec){RECURSION_VK_HEIGHT + 1, longer};
	refused_with("19 entries", "a path one longer");
	p->vk_path = path;
}

static void
test_container(void)
{
	struct byte_vec pv = t.tail.public_values, version = t.tail.version;
	uint8_t *more = calloc(pv.n + 1, 1);

	must(more != NULL && pv.n > 0);
	memcpy(more, pv.v, pv.n);
	t.tail.public_values = (struct byte_vec){pv.n + 1, more};
	refused_with("public values", "one more byte of public values");
	more[0] ^= 1;
	t.tail.public_values.n = pv.n;
	refused_with("public values", "other public values");
	t.tail.public_values = pv;
	free(more);
	t.tail.version = (struct byte_vec){6, (uint8_t *)"v6.0.0"};
	refused_with("version", "another version");
	t.tail.version = version;
}

static int
read_bytes(const uint8_t *in, size_t n, struct compressed_proof *p,
    struct arena *a, struct err *e)
{
	*e = (struct err){0};
	arena_init(a, core_proof_ceiling(n));
	return compressed_proof_read(p, a, in, n, e);
}

static void
test_malformed(void)
{
	struct compressed_proof p;
	struct arena a;
	struct err e;
	size_t bad = 0, n = times(20, 500);

	ok(read_bytes(bytes, len - 1, &p, &a, &e) == 0 &&
	    p.tail.form == PROOF_NETWORK &&
	    verify_compressed(&program, &p, NULL, &e) == 0,
	    "without the last None it is the network's form %s", e.msg);
	arena_free(&a);
	for (size_t i = 0; i < n; i++) {
		bad += read_bytes(bytes, places_rnd() % (len - 1), &p, &a, &e) != -1 ||
		    e.status != EX_DATAERR;
		arena_free(&a);
	}
	is_int(bad, 0, "cut short %zu times: malformed: %s", n, e.msg);
	bytes[0] = PROOF_CORE;
	ok(read_bytes(bytes, len, &p, &a, &e) == -1, "as a core proof: %s",
	    e.msg);
	bytes[0] = PROOF_COMPRESSED;
	arena_free(&a);
}

static int
check_bytes(struct err *e)
{
	struct compressed_proof p;
	struct arena a;
	int r = read_bytes(bytes, len, &p, &a, e) ||
	    verify_compressed(&program, &p, NULL, e) ? -1 : 0;

	arena_free(&a);
	return r;
}

static void
test_places(void)
{
	nplaces = 0;
	walk_vk(&t.proof.vk);
	walk_shard(&t.proof.shard);
	place_digests("key's path", t.proof.vk_path.v, t.proof.vk_path.n);
	place_numbers("key's index", &t.proof.vk_index, 1);
	test_fields(refused, times(1, 30));
	shorten_shard(refused, &t.proof.shard);
}

static void
load(const char *path)
{
	struct err e;

	if (read_file(path, PROOF_CAP, &bytes, &len, &e) ||
	    read_bytes(bytes, len, &t, &arena, &e))
		die_err(&e);
}

static void
unload(void)
{
	arena_free(&arena);
	free(bytes);
}

static void
test_fib(void)
{
	char path[STOCK_PATH];
	struct err e = {0};
	struct vk fib;

	must(stock_vk(&fib, "fib") == 0);
	program = vk_digest(&fib);
	must(stock_path(path, MADE_COMPRESSED));
	load(path);
	test_accepted("ours", 1);
	test_claims();
	test_key();
	test_container();
	test_places();
	test_malformed();
	test_bits(bytes, len, times(20, 2000), check_bytes);
	ok(verify_compressed(&program, &t, NULL, &e) == 0,
	    "at the end it is valid again %s", e.msg);
	unload();
	if (stock_path_or_skip(path, "fib-20.compressed") == NULL)
		return;
	load(path);
	test_accepted("the stock's", 2);
	unload();
}

/*
 * A proof over 155 shards as the prover keeps it between two stages: u64 1, key and
 * shard; then is_complete, u64 1, place and path of the key, and its tree.
 */
static void
test_shrink_input(void)
{
	enum { HEAD = 8, PLACE = 8 + 8 + 18 * 32, AFTER = 1 + 8,
	    TAIL = AFTER + PLACE + 8 + 32 + 32 };
	struct recursion_proof p;
	struct err e = {0};
	uint8_t *in;
	size_t n;

	bare = 1;
	if (read_file(SHRINK_INPUT, PROOF_CAP, &in, &n, &e)) {
		tap_skip("no %s", SHRINK_INPUT);
		return;
	}
	must(n > HEAD + TAIL);
	memmove(in + n - TAIL, in + n - TAIL + AFTER, PLACE);
	n -= TAIL - PLACE;
	arena_init(&arena, core_proof_ceiling(n));
	if (ok(recursion_proof_read(&p, &arena, in + HEAD, n - HEAD, &e) == 0,
	    "a bare proof is read %s", e.msg)) {
		digest d;

		ok(verify_recursion(&p, NULL, NULL, &e) == 0,
		    "and valid %s", e.msg);
		is_int(recursion_proof_shards(&p), 155, "over 155 shards");
		is_int(p.vk_index, 114550, "by recursion key 114550");
		memcpy(d.c, &p.shard.public_values.v[RPV_VK_DIGEST], sizeof d);
		ok(verify_recursion(&p, &d, NULL, &e) == 0,
		    "for the program that it names");
		d.c[7] = kb_add(d.c[7], KB_ONE);
		ok(verify_recursion(&p, &d, NULL, &e) == -1 &&
		    strstr(e.msg, "another program") != NULL,
		    "not for another: %s", e.msg);
		ok(verify_shard(&stark_shrink, air_machine_compress(), &p.vk,
		    &p.shard, &e) == -1, "it is no shrink proof: %s", e.msg);
		t.proof = p;
		test_places();
		ok(verify_recursion(&t.proof, NULL, NULL, &e) == 0,
		    "at the end it is valid again %s", e.msg);
	}
	arena_free(&arena);
	free(in);
}

int
main(void)
{
	par_start(0);
	test_fib();
	test_shrink_input();
	return done_testing();
}
