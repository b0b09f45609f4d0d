/* The enclave's keys by the clock: when there are new ones, what the last ones still open, and
 * how long statements hold. */
#include "keyd/keys.h"

#include "keyd/quoter.h"
#include "test/lib/tap.h"

#define ROTATE 10000
#define KEEP 4000
#define START 5000	/* a clock that does not begin at 0 */
#define NOT_GIVEN "sealed under evidence that this enclave has not given, or long ago"

static struct keys k;
static struct err e;

static void
fresh(int64_t rotate_ms, int64_t keep_ms)
{
	memset(&k, 0, sizeof k);
	k.rotate_ms = rotate_ms;
	k.keep_ms = keep_ms;
	memset(k.eth.address, 0xfe, sizeof k.eth.address);
	ok(keys_new(&k, START, &e) == 0 && k.now.number == 1 && k.last.number == 0,
	    "the first keys");
}

static int
rotated(int64_t at)
{
	return keys_rotate(&k, START + at, &e);
}

/* The pair for an input that is sealed to a key. */
static const struct key_pair *
by_key(const struct key_pair *to)
{
	struct sealed_header h = { .kem = to->kem };

	memcpy(h.fingerprint, to->fingerprint, 32);
	return keys_find(&k, &h, &e);
}

static const struct key_pair *
by_statement(int kem, uint8_t name)
{
	struct sealed_header h = { .kem = kem, .by_statement = true,
	    .statement = { name } };

	return keys_find(&k, &h, &e);
}

static void
give_out(uint8_t name, unsigned number)
{
	uint8_t hash[32] = { name };

	issued_add(hash, number);
}

/* Not a byte of the last keys is left. */
static bool
no_last(void)
{
	static const struct epoch none;

	return memcmp(&k.last, &none, sizeof none) == 0;
}

static bool
same_epoch(const struct epoch *a, const struct epoch *b)
{
	return memcmp(a->pair, b->pair, sizeof a->pair) == 0;
}

static void
pairs_differ(void)
{
	const struct key_pair *x, *w;
	uint8_t pk[HPKE_PUBLIC_MAX], fingerprint[32];

	fresh(ROTATE, KEEP);
	x = &k.now.pair[KEYS_X25519];
	w = &k.now.pair[KEYS_XWING];
	ok(x->kem == HPKE_X25519 && w->kem == HPKE_XWING, "a key of each KEM");
	ok(memcmp(x->sk, w->sk, HPKE_KEY) != 0, "which are not the same");
	for (unsigned i = 0; i < KEYS_PAIRS; i++) {
		const struct key_pair *q = &k.now.pair[i];

		sealed_fingerprint(fingerprint, q->kem, q->pk);
		ok(hpke_public(q->kem, pk, q->sk, &e) == 0 &&
		    memcmp(pk, q->pk, hpke_public_size(q->kem)) == 0 &&
		    memcmp(fingerprint, q->fingerprint, 32) == 0,
		    "%04x: the public key and fingerprint are the key's", q->kem);
		ok(by_key(q) == q, "by which it is found");
	}
}

static void
rotation(void)
{
	struct epoch first, second;

	fresh(ROTATE, KEEP);
	first = k.now;
	is_int(rotated(0), 0, "no new keys at once");
	is_int(rotated(ROTATE - 1), 0, "nor just before their time");
	ok(same_epoch(&k.now, &first) && k.last.number == 0, "they are the same");
	is_int(rotated(ROTATE), 1, "new keys at their time");
	second = k.now;
	ok(k.now.number == 2 && k.now.from == START + ROTATE, "of the next number");
	for (unsigned i = 0; i < KEYS_PAIRS; i++)
		ok(memcmp(k.now.pair[i].sk, first.pair[i].sk, HPKE_KEY) != 0 &&
		    memcmp(k.now.pair[i].fingerprint, first.pair[i].fingerprint,
		    32) != 0, "%04x: another key", k.now.pair[i].kem);
	ok(k.last.number == 1 && same_epoch(&k.last, &first), "the last ones are kept");
	is_int(rotated(ROTATE + 1), 0, "once");
	is_int(rotated(2 * ROTATE), 1, "and again");
	ok(k.now.number == 3 && same_epoch(&k.last, &second), "in their turn");
}

static void
kept(void)
{
	struct epoch first;

	fresh(ROTATE, KEEP);
	first = k.now;
	is_int(rotated(ROTATE), 1, "new keys");
	is_int(rotated(ROTATE + KEEP - 1), 0, "as long as the last ones are kept");
	for (unsigned i = 0; i < KEYS_PAIRS; i++) {
		ok(by_key(&first.pair[i]) == &k.last.pair[i],
		    "%04x: they open inputs", first.pair[i].kem);
		ok(by_key(&k.now.pair[i]) == &k.now.pair[i], "as today's do");
	}
	is_int(rotated(ROTATE + KEEP), 0, "then no longer");
	for (unsigned i = 0; i < KEYS_PAIRS; i++)
		ok(!by_key(&first.pair[i]) && e.status == EX_DATAERR,
		    "%04x: %s", first.pair[i].kem, e.msg);
	ok(no_last(), "and are wiped");
	ok(k.now.number == 2 && by_key(k.now.pair), "today's are not");
}

/* A process that was stopped for long, or keeps nothing. */
static void
late(void)
{
	fresh(ROTATE, KEEP);
	is_int(rotated(5 * ROTATE), 1, "late: new keys");
	ok(k.now.number == 2 && k.now.from == START + 5 * ROTATE,
	    "one epoch, from now on");
	is_int(rotated(6 * ROTATE - 1), 0, "as long as any");
	fresh(ROTATE, 0);
	is_int(rotated(ROTATE), 1, "nothing is kept");
	ok(no_last(),
	    "the last ones are wiped at once");
	fresh(0, 0);
	is_int(rotated(INT64_C(1) << 40), 0, "never rotated");
	is_int(k.now.number, 1, "the first keys stay");
}

static void
statements(void)
{
	fresh(ROTATE, KEEP);
	ok(!by_statement(HPKE_XWING, 1) && e.status == EX_NOPERM, "no statement yet");
	is_str(e.msg, NOT_GIVEN, "and it says so");
	give_out(1, k.now.number);
	ok(by_statement(HPKE_X25519, 1) == &k.now.pair[KEYS_X25519] &&
	    by_statement(HPKE_XWING, 1) == &k.now.pair[KEYS_XWING],
	    "a statement finds the keys of its number, by the KEM");
	ok(!by_statement(0x0010, 1) && e.status == EX_NOPERM, "of no other KEM");
	is_int(rotated(ROTATE), 1, "new keys");
	give_out(2, k.now.number);
	ok(by_statement(HPKE_XWING, 1) == &k.last.pair[KEYS_XWING] &&
	    by_statement(HPKE_XWING, 2) == &k.now.pair[KEYS_XWING],
	    "an older one finds the older keys");
	ok(!by_statement(HPKE_XWING, 3) && e.status == EX_NOPERM,
	    "one that was not given out finds none");
	is_int(rotated(ROTATE + KEEP), 0, "the older keys go");
	ok(!by_statement(HPKE_XWING, 1) && e.status == EX_NOPERM, "with them what "
	    "was sealed");
	is_str(e.msg, "sealed under evidence whose keys are gone", "and it says so");
	ok(by_statement(HPKE_XWING, 2) == &k.now.pair[KEYS_XWING],
	    "today's statement finds its own");
}

/* Its number is that of no keys, as the last ones' is when there are none. */
static void
no_number(void)
{
	fresh(ROTATE, KEEP);
	give_out(4, 0);
	ok(!by_statement(HPKE_XWING, 4) && e.status == EX_NOPERM,
	    "there are no keys of number 0");
}

static void
stated(void)
{
	struct statement s = { 0 };

	fresh(ROTATE, KEEP);
	keys_state(&s, &k);
	is_int(s.nkeys, 2, "a statement names both keys");
	ok(s.keys[0].kem == HPKE_XWING && s.keys[1].kem == HPKE_X25519,
	    "the stronger one first");
	ok(s.keys[0].len == XWING_PUBLIC && memcmp(s.keys[0].key,
	    k.now.pair[KEYS_XWING].pk, XWING_PUBLIC) == 0 &&
	    s.keys[1].len == X25519_KEY && memcmp(s.keys[1].key,
	    k.now.pair[KEYS_X25519].pk, X25519_KEY) == 0, "as they are");
	ok(memcmp(s.fulfiller, k.eth.address, 20) == 0, "and the fulfiller");
}

static void
life(void)
{
	fresh(ROTATE, KEEP);
	is_int(keys_life_s(&k, START, 3600), 14, "as long as its keys open inputs");
	is_int(keys_life_s(&k, START + ROTATE - 1, 3600), 4, "to the second below");
	is_int(keys_life_s(&k, START, 14), 14, "and no longer than was asked:");
	is_int(keys_life_s(&k, START, 13), 13, "less");
	is_int(keys_life_s(&k, START + ROTATE + KEEP, 3600), 0, "none at their end");
	is_int(keys_life_s(&k, START + 9 * ROTATE, 3600), 0, "nor after it");
	fresh(0, 0);
	is_int(keys_life_s(&k, START + 9 * ROTATE, 3600), 3600,
	    "keys that stay bound nothing");
}

/* The public key is another implementation's (OpenSSL). */
static void
loaded(void)
{
	char path[] = "/tmp/keys.XXXXXX";
	const struct key_pair *q = &k.now.pair[KEYS_X25519];
	struct sealed_header xwing = { .kem = HPKE_XWING };
	struct statement s = { 0 };
	FILE *f = fdopen(mkstemp(path), "w");

	memset(&k, 0, sizeof k);
	must(f && fputs("a8abababababababababababababababababababababababababababababab6b\n",
	    f) >= 0 && fclose(f) == 0);
	ok(keys_load(&k, path, &e) == 0 && k.now.number == 1, "a key from a file");
	is_hex(q->pk, 32, "e3712d851a0e5d79b831c5e34ab22b41a198171de209b8b8faca23a11c624859",
	    "its public key");
	ok(by_key(q) == q, "it is found");
	is_int(k.now.pair[KEYS_XWING].kem, 0, "there is none of X-Wing");
	ok(!keys_find(&k, &xwing, &e) && e.status == EX_DATAERR, "nor is one found");
	is_int(rotated(INT64_C(1) << 40), 0, "it stays");
	keys_state(&s, &k);
	ok(s.nkeys == 1 && s.keys[0].kem == HPKE_X25519, "a statement names it alone");
	must(remove(path) == 0);
	memset(&k, 0, sizeof k);
	ok(keys_load(&k, path, &e) < 0 && e.status == EX_NOINPUT, "%s", e.msg);
}

int
main(void)
{
	pairs_differ();
	rotation();
	kept();
	late();
	statements();
	no_number();
	stated();
	life();
	loaded();
	return done_testing();
}
