#ifndef FETCH_DOWNLOAD_H
#define FETCH_DOWNLOAD_H
/*
 * The proof that a record names, downloaded.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "rpc/cli.h"
#include "wire/record.h"

/* A server for the record: the one that c or the record names, else the proof's own, as any
 * would do: proof_uri is a whole URL.  NULL: EX_USAGE, a bad URL; EX_DATAERR, no
 * proof_uri; EX_OSERR. */
CHECKED struct rpc *download_server(const struct rpc_cli *c,
    const struct record *rec, struct err *e);

/* The bytes at proof_uri, to be freed with free().  Where that is refused (401, 403), as a
 * presigned URL that has expired, the network is asked for a new one, once, if c or the
 * record names it and the record the request; what comes of that is said on standard error.
 * Fails as rpc_get(). */
CHECKED int download_proof(struct rpc *r, const struct rpc_cli *c,
    const struct record *rec, uint8_t **proof, size_t *n, struct err *e);

#endif
