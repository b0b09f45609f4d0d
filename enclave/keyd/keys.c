#include "keyd/keys.h"

#include <string.h>

#include "base/secmem.h"
#include "crypto/keyfile.h"
#include "keyd/quoter.h"

static int
make_epoch(struct epoch *ep, unsigned number, int64_t from, struct err *e)
{
	static const int kems[KEYS_PAIRS] = { HPKE_X25519, HPKE_XWING };

	ep->number = number;
	ep->from = from;
	for (unsigned i = 0; i < KEYS_PAIRS; i++) {
		struct key_pair *q = &ep->pair[i];

		q->kem = kems[i];
		if (hpke_generate(q->kem, q->sk, q->pk, e) < 0)
			return -1;
		sealed_fingerprint(q->fingerprint, q->kem, q->pk);
	}
	return 0;
}

int
keys_new(struct keys *k, int64_t now, struct err *e)
{
	return make_epoch(&k->now, 1, now, e);
}

int
keys_load(struct keys *k, const char *path, struct err *e)
{
	struct key_pair *q = &k->now.pair[KEYS_X25519];

	k->now.number = 1;
	q->kem = HPKE_X25519;
	if (keyfile_secret(q->sk, path, e) < 0 ||
	    hpke_public(q->kem, q->pk, q->sk, e) < 0)
		return -1;
	sealed_fingerprint(q->fingerprint, q->kem, q->pk);
	return 0;
}

int
keys_rotate(struct keys *k, int64_t now, struct err *e)
{
	int made = 0;

	if (k->rotate_ms == 0)
		return 0;
	if (now >= k->now.from + k->rotate_ms) {
		k->last = k->now;
		if (make_epoch(&k->now, k->last.number + 1, now, e) < 0)
			return -1;
		made = 1;
	}
	if (k->last.number != 0 && now >= k->now.from + k->keep_ms)
		wipe(&k->last, sizeof k->last);
	return made;
}

static const struct key_pair *
find_pair(const struct epoch *ep, const struct sealed_header *h, unsigned number)
{
	for (unsigned i = 0; i < KEYS_PAIRS; i++) {
		const struct key_pair *q = &ep->pair[i];

		if (q->kem == h->kem && (h->by_statement ? ep->number == number :
		    memcmp(q->fingerprint, h->fingerprint, 32) == 0))
			return q;
	}
	return NULL;
}

const struct key_pair *
keys_find(const struct keys *k, const struct sealed_header *h, struct err *e)
{
	const struct key_pair *q;
	unsigned number = 0;

	if (h->by_statement && !issued_has(h->statement, &number)) {
		err_set(e, EX_NOPERM, "sealed under evidence that this enclave "
		    "has not given, or long ago");
		return NULL;
	}
	q = find_pair(&k->now, h, number);
	if (!q)
		q = find_pair(&k->last, h, number);
	if (!q && h->by_statement)
		err_set(e, EX_NOPERM, "sealed under evidence whose keys are gone");
	else if (!q)
		err_set(e, EX_DATAERR, "sealed for another enclave's key");
	return q;
}

void
keys_state(struct statement *s, const struct keys *k)
{
	for (unsigned i = KEYS_PAIRS; i-- > 0;) {
		const struct key_pair *q = &k->now.pair[i];

		if (q->kem == 0)
			continue;
		s->keys[s->nkeys].kem = (unsigned)q->kem;
		s->keys[s->nkeys].len = hpke_public_size(q->kem);
		memcpy(s->keys[s->nkeys++].key, q->pk, hpke_public_size(q->kem));
	}
	memcpy(s->fulfiller, k->eth.address, sizeof s->fulfiller);
}

uint64_t
keys_life_s(const struct keys *k, int64_t now, uint64_t most)
{
	int64_t left = (k->now.from + k->rotate_ms + k->keep_ms - now) / 1000;

	if (k->rotate_ms == 0 || left >= (int64_t)most)
		return most;
	return left > 0 ? (uint64_t)left : 0;
}
