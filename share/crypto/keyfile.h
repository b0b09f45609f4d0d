#ifndef CRYPTO_KEYFILE_H
#define CRYPTO_KEYFILE_H
/*
 * Key files: bytes as hex digits, an optional 0x before and white space after.
 */
#include "base/err.h"
#include "crypto/hpke.h"

/* A private key of 32 bytes.  EX_NOINPUT: not there; EX_CONFIG: others may read the file, or
 * it holds something else. */
CHECKED int keyfile_secret(uint8_t out[static 32], const char *path,
    struct err *e);

/* The public key to seal to, whose length tells its KEM: anybody may read it.  Fails in the same
 * way. */
CHECKED int keyfile_recipient(int *kem, uint8_t out[static HPKE_PUBLIC_MAX],
    const char *path, struct err *e);

#endif
