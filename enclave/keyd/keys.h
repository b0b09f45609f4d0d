#ifndef KEYD_KEYS_H
#define KEYD_KEYS_H
/*
 * The enclave's keys, and the fulfiller's.  Inputs are sealed to a key of each KEM, which make
 * up an epoch.  Epochs follow each other: each is the last one for a while, in which it still
 * opens inputs, and is then wiped.  There are never more than two.
 *
 *	keys_new(&k, clock_ms(), &e);		k.rotate_ms, k.keep_ms are set
 *	...
 *	keys_rotate(&k, clock_ms(), &e);	every now and then
 *
 * All of it is secret: locked memory (base/secmem.h).  Times are those of clock_ms().
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/eth.h"
#include "crypto/hpke.h"
#include "crypto/sealed.h"
#include "crypto/statement.h"

struct key_pair {
	int kem;			/* 0: none */
	uint8_t sk[HPKE_KEY], pk[HPKE_PUBLIC_MAX], fingerprint[32];
};

enum { KEYS_X25519, KEYS_XWING, KEYS_PAIRS };

struct epoch {
	unsigned number;		/* 0: none */
	int64_t from;			/* when its keys were made */
	struct key_pair pair[KEYS_PAIRS];
};

/* keep_ms is at most rotate_ms: one older set of keys is kept, no more. */
struct keys {
	int64_t rotate_ms;		/* new keys so often; 0: never */
	int64_t keep_ms;		/* the last ones open inputs so much longer */
	struct epoch now, last;
	struct eth_key eth;		/* the fulfiller's, which stays */
};

/* The first epoch's keys, made at `now`.  EX_OSERR. */
CHECKED int keys_new(struct keys *k, int64_t now, struct err *e);
/* The first epoch's key of X25519 from a file (crypto/keyfile.h), and none of X-Wing: it stays,
 * so rotate_ms is to be 0.  Fails as keyfile_secret() and hpke_public(). */
CHECKED int keys_load(struct keys *k, const char *path, struct err *e);
/* New keys when it is their time, and the last ones wiped when it is theirs.  1: there are new
 * ones; 0: not.  EX_OSERR: they cannot be made, and nothing can be sealed or opened any more. */
CHECKED int keys_rotate(struct keys *k, int64_t now, struct err *e);

/* The pair that an input is sealed to, as sealed_parse_header() took its header: by the key's
 * fingerprint, or by a statement of ours (issued_has() of keyd/quoter.h).  It is one of k's.
 * NULL and EX_DATAERR: another enclave's; EX_NOPERM: the statement is none that we gave out, or
 * its keys are gone. */
CHECKED const struct key_pair *keys_find(const struct keys *k,
    const struct sealed_header *h, struct err *e);

/* Puts the public keys of today, the stronger one first, and the fulfiller's address into a
 * statement that has no keys yet. */
void keys_state(struct statement *s, const struct keys *k);
/* Seconds that such a statement may hold at `now`: `most`, but no longer than its keys open
 * inputs. */
uint64_t keys_life_s(const struct keys *k, int64_t now, uint64_t most);

#endif
