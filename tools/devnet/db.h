#ifndef DEVNET_DB_H
#define DEVNET_DB_H
/*
 * The devnet's database: accounts, artifacts, programs, requests.  All of its SQL is in
 * db.c.
 *
 * Where no more is said, a function gives 0, or -1 with *e (EX_IOERR, EX_TEMPFAIL).
 * Times are unix time in seconds.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "proof/proof.h"
#include "store/id.h"
#include "store/store.h"
#include "wire/network.h"

/* Opens or makes it; NULL as store_open(). */
CHECKED struct store *db_open(const char *path, struct err *e);

/* ---- accounts ---- */

/* The next nonce of the address: 0 for one that is new. */
CHECKED int db_nonce(struct store *s, const uint8_t address[static 20],
    uint64_t *nonce, struct err *e);
/* Sets it. */
CHECKED int db_set_nonce(struct store *s, const uint8_t address[static 20],
    uint64_t nonce, struct err *e);

/* ---- artifacts ---- */

/* A new one without bytes, which the token's holder may bring until `expires`. */
CHECKED int db_artifact_add(struct store *s, const char *id, int type,
    const uint8_t owner[static 20], const char *token, uint64_t expires,
    struct err *e);
/* A new one, with its bytes. */
CHECKED int db_artifact_keep(struct store *s, const char *id, int type,
    const uint8_t owner[static 20], const void *p, size_t n, struct err *e);
/* Who may bring its bytes: 1, 0 there is none of that type, -1. */
CHECKED int db_artifact_token(struct store *s, const char *id, int type,
    char token[static ID_TOKEN], uint64_t *expires, struct err *e);
/* Its bytes; p must not be NULL. */
CHECKED int db_artifact_put(struct store *s, const char *id, const void *p,
    size_t n, struct err *e);
/* A copy of its bytes, to be freed: 1, 0 there are none, -1 (EX_OSERR too). */
CHECKED int db_artifact_get(struct store *s, const char *id, int type,
    uint8_t **out, size_t *n, struct err *e);

/* ---- programs ---- */

struct db_program {
	struct pb_bytes vk, uri, owner;
	uint64_t created_at;
};
/* Adds it, if it is new. */
CHECKED int db_program_add(struct store *s, const uint8_t vk_hash[static 32],
    struct pb_bytes vk, const char *uri, const uint8_t owner[static 20],
    uint64_t now, struct err *e);
/* 1 it is known, 0, -1. */
CHECKED int db_program_known(struct store *s, struct pb_bytes vk_hash,
    struct err *e);
/* 1 found: *out lives until store_done(*q); 0 not, -1. */
CHECKED int db_program_get(struct store *s, struct pb_bytes vk_hash,
    struct db_program *out, struct store_query **q, struct err *e);

/* ---- requests ---- */

/* What a new one has besides its body's fields. */
struct db_new_request {
	const uint8_t *id, *tx;		/* 32 bytes */
	const uint8_t *requester;	/* 20 bytes */
	const uint8_t *fulfiller;	/* 20 bytes; NULL: nobody */
	struct pb_bytes body;		/* as it came */
	int fulfillment;
};
/* A new one. */
CHECKED int db_request_add(struct store *s, const struct db_new_request *r,
    const struct net_proof_body *b, uint64_t now, struct err *e);

/* What a fulfiller's call is held against. */
struct db_assigned {
	bool has_fulfiller;
	uint8_t fulfiller[20], vk[VK_BYTES], vk_hash[32];
	int fulfillment, mode, execution;
};
/* 1 found, 0 not, -1. */
CHECKED int db_assigned(struct store *s, struct pb_bytes id,
    struct db_assigned *a, struct err *e);

/* The columns of a request, as these two give it, one row a request. */
enum {
	C_ID, C_BODY, C_REQUESTER, C_TX, C_FULFILLER, C_FULFILLMENT,
	C_EXECUTION, C_CAUSE, C_ERROR, C_CREATED, C_UPDATED, C_FULFILLED,
	C_FULFILL_TX, C_PROOF, C_PUBLIC_VALUES, C_CYCLES, C_GAS, C_URI, C_TRACE,
};
/* That of the id. */
struct store_query *db_request(struct store *s, struct pb_bytes id);
/* Those that the filter lets through, the oldest first; `limit` of them, after `skip`. */
struct store_query *db_requests(struct store *s, const struct net_filter *m,
    uint64_t limit, uint64_t skip);

/* Those whose deadline has passed have expired. */
CHECKED int db_expire(struct store *s, uint64_t now, struct err *e);
/* It has its proof, which is the artifact of that name. */
CHECKED int db_fulfilled(struct store *s, struct pb_bytes id,
    const char *proof, const uint8_t tx[static 32], uint64_t now,
    struct err *e);
/* It will have none, as the body says. */
CHECKED int db_failed(struct store *s, const struct net_fail_body *b,
    uint64_t now, struct err *e);
/* It was executed, as the body says. */
CHECKED int db_executed(struct store *s, const struct net_execute_body *b,
    uint64_t now, struct err *e);
/* It cannot be. */
CHECKED int db_unexecutable(struct store *s, struct pb_bytes id, int cause,
    uint64_t now, struct err *e);

#endif
