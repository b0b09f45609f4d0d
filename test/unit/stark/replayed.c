/*
 * Checks that an altered proof never comes to, since what is altered is hashed before and
 * everything after follows from it.  Here the hash gives what it gave when the proof was
 * valid, whatever it is given: challenges and Merkle roots stay, and each of these checks
 * is the first to refuse.  (Who could choose a hash's outputs could make such proofs.)
 */
#include "poly/mle.h"
#include "stark/check.h"
#include "stark/verify.h"
#include "test/lib/stark_vectors.h"

static struct {
	any_digest *out;
	size_t n, room, at;
	bool replay;
} tape;

static void
say(void *out, size_t n)
{
	any_digest *d = out;

	if (tape.replay) {
		must(n <= tape.n - tape.at);
		memcpy(d, tape.out + tape.at, n * sizeof *d);
		tape.at += n;
		return;
	}
	if (n > tape.room - tape.n) {
		tape.room = 2 * tape.room + n;
		tape.out = realloc(tape.out, tape.room * sizeof *d);
		must(tape.out != NULL);
	}
	memcpy(tape.out + tape.n, d, n * sizeof *d);
	tape.n += n;
}

static any_digest
tape_squeeze(const union sponge *s)
{
	any_digest d = hasher_kb.squeeze(s);

	say(&d, 1);
	return d;
}

static any_digest
tape_compress(const any_digest *left, const any_digest *right)
{
	any_digest d = hasher_kb.compress(left, right);

	say(&d, 1);
	return d;
}

static void
tape_rows(any_digest *out, const kb *row, size_t width, size_t n)
{
	hasher_kb.rows(out, row, width, n);
	say(out, n);
}

static void
tape_layer(any_digest *out, const any_digest *in, size_t n)
{
	hasher_kb.layer(out, in, n);
	say(out, n);
}

static void
tape_challenges(kb out[SPONGE_OUT], const union sponge *s)
{
	hasher_kb.challenges(out, s);
	say(out, 1);
}

static struct hasher tape_hasher;
static struct stark_params params;

/* The proof at work: read anew for each case. */
static struct test_proof t;
static struct core_proof p;
static struct arena arena;
static struct shard_proof *s;
static struct pcs_proof *q;
static struct basefold_proof *b;

static void
begin(void)
{
	struct err e;

	arena_init(&arena, core_proof_ceiling(t.len));
	must(core_proof_read(&p, &arena, t.bytes, t.len, &e) == 0);
	s = &p.shard[0];
	q = &s->pcs;
	b = &q->basefold;
}

static int
verify(struct err *e)
{
	*e = (struct err){0};
	tape.at = 0;
	return verify_shard(&params, air_machine_riscv(), &t.vk, s, e);
}

static void
end(const char *what, const char *reason)
{
	struct err e;
	int r = verify(&e);

	ok(r == -1 && e.status == EX_NO && strstr(e.msg, reason) != NULL,
	    "%s: %s", what, r == 0 ? "accepted" : e.msg);
	arena_free(&arena);
}

#define CASE(what, reason, ...) do { \
	begin(); \
	__VA_ARGS__; \
	end(what, reason); \
} while (0)
#define PLUS_1(x) ((x) = kb_add(x, KB_ONE))

/* Another claim, and polynomials that lead from it to another evaluation. */
static void
shift_sumcheck(struct sumcheck_proof *c)
{
	ef d = EF_ONE;

	c->claim = ef_add(c->claim, d);
	for (size_t i = 0; i < c->nrounds; i++) {
		d = ef_mul_kb(d, kb_inv(kb_from(2)));	/* once at 0, once at 1 */
		c->poly[i].v[0] = ef_add(c->poly[i].v[0], d);
	}
	c->eval = ef_add(c->eval, d);
}

/* Another first message that gives its claim, and what follows from it: each message
 * gives v0 (1 - z) + v1 z, and leads to v0 + beta v1. */
static void
shift_messages(void)
{
	const ef *point = q->sumcheck.point.v;
	ef z, beta, claim, d = EF_ZERO;

	point += q->sumcheck.point.n - b->nmessages;
	for (size_t i = 0; i < b->nmessages; i++) {
		ef *v = b->message[i], *next = b->message[1];

		z = point[b->nmessages - 1 - i];
		if (i > 0) {
			d = ef_mul(d, ef_inv(ef_sub(EF_ONE, z)));
			v[0] = ef_add(v[0], d);
			continue;
		}
		claim = ef_add(next[0], ef_mul(point[b->nmessages - 2],
		    ef_sub(next[1], next[0])));
		must(!ef_is_zero(v[1]));
		beta = ef_mul(ef_sub(claim, v[0]), ef_inv(v[1]));
		d = ef_add(z, ef_mul(beta, ef_sub(z, EF_ONE)));
		v[0] = ef_add(v[0], z);
		v[1] = ef_add(v[1], ef_sub(z, EF_ONE));
	}
	b->final_poly = ef_add(b->final_poly, d);
}

static void
test_openings(void)
{
	CASE("another layout's sumcheck", "not that of the tables' layout",
	    shift_sumcheck(&q->jagged_eval));
	CASE("a message", "message 3 does not give",
	    PLUS_1(b->message[3][0].c[0]));
	CASE("the other half", "message 0 does not give",
	    PLUS_1(b->message[0][1].c[3]));
	CASE("the constant", "messages do not lead",
	    PLUS_1(b->final_poly.c[0]));
	CASE("messages that lead to another constant",
	    "query 0 does not fold to the final constant", shift_messages());
	CASE("a committed value", "query 7: layer 0 does not hold",
	    PLUS_1(b->component[0].values.v[7 * q->batch[0].n]));
	CASE("a folded value", "query 0: layer",
	    PLUS_1(b->query[4].values.v[2]));
	CASE("its sibling", "query 0: layer",
	    PLUS_1(b->query[4].values.v[6]));
	CASE("the last one's", "query 123: layer 20 does not hold",
	    for (int i = 0; i < 8; i++)
		PLUS_1(b->query[20].values.v[8 * 123 + i]));
}

/* Where alpha comes from the tape, and the seed after it. */
static ef
fingerprint(const struct air_interaction *it, unsigned log_beta, kb *alpha[4])
{
	uint32_t height[64] = {0};
	struct challenger c;
	ef point[8], table[1 << 8], d;

	must(s->nopened <= 64 && log_beta <= 8);
	tape.at = 0;
	transcript_begin(&c, &tape_hasher, &t.vk, s, height);
	ignore(challenger_check_pow(&c, STARK_GKR_POW_BITS, s->gkr.witness));
	for (unsigned i = 0; i < 4; i++)
		alpha[i] = &tape.out[tape.at - 1].kb.c[c.nout - 1 - i];
	d = challenger_sample_ef(&c);
	for (unsigned i = 0; i < log_beta; i++)
		point[i] = challenger_sample_ef(&c);
	mle_eq_table(table, point, log_beta);
	d = ef_add(d, ef_mul_kb(table[0], kb_from((uint32_t)it->kind)));
	for (unsigned i = 0; i < it->nvalues; i++)
		d = ef_add(d, ef_mul_kb(table[i + 1], air_affine_row(
		    &it->value[i], AIR_PUBLIC_VALUES, s->public_values.v,
		    NULL)));
	return d;
}

/* alpha less what the fingerprint would be. */
static void
test_fingerprint(void)
{
	const struct air_machine *m = air_machine_riscv();
	unsigned widest = m->public_values.max_arity;
	kb *alpha[4], was[4];
	ef d;

	begin();
	for (size_t i = 0; i < s->nopened; i++) {
		const struct air_chip *chip = air_chip_by_name(m,
		    s->opened[i].name, s->opened[i].name_len);

		if (widest < chip->max_arity)
			widest = chip->max_arity;
	}
	d = fingerprint(&m->public_values.interaction[0], log2_ceil(widest),
	    alpha);
	for (int i = 0; i < 4; i++) {
		was[i] = *alpha[i];
		*alpha[i] = kb_sub(*alpha[i], d.c[i]);
	}
	end("alpha against a fingerprint",
	    "the fingerprint of interaction 0 is zero");
	for (int i = 0; i < 4; i++)
		*alpha[i] = was[i];
}

int
main(void)
{
	struct err e = {0};

	if (!ok(stock_proof(&t, "halt", "halt", &e) == 0, "the proof is read %s",
	    e.msg))
		return done_testing();
	tape_hasher = hasher_kb;
	tape_hasher.squeeze = tape_squeeze;
	tape_hasher.compress = tape_compress;
	tape_hasher.rows = tape_rows;
	tape_hasher.layer = tape_layer;
	tape_hasher.challenges = tape_challenges;
	params = stark_core;
	params.hasher = &tape_hasher;
	/* No threads: what the hash gave comes in the same order. */
	begin();
	ok(verify(&e) == 0, "it is valid, and the hash's outputs are kept %s",
	    e.msg);
	tape.replay = true;
	ok(verify(&e) == 0 && tape.at == tape.n, "and so it is with them again %s",
	    e.msg);
	arena_free(&arena);
	test_openings();
	test_fingerprint();
	begin();
	ok(verify(&e) == 0, "in the end what it was %s", e.msg);
	arena_free(&arena);
	test_proof_free(&t);
	free(tape.out);
	return done_testing();
}
