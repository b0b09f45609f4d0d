#ifndef CRYPTO_KEYFILE_H
#define CRYPTO_KEYFILE_H
/*
 * Key files: 32 bytes as 64 hex digits, an optional 0x before and white space
 * after.
 */
#include <stdint.h>

#include "base/err.h"

/* A private key.  EX_NOINPUT: not there; EX_CONFIG: others may read the file, or
 * it holds something else. */
CHECKED int keyfile_secret(uint8_t out[static 32], const char *path,
    struct err *e);

/* A public key or fingerprint: anybody may read it. */
CHECKED int keyfile_public(uint8_t out[static 32], const char *path,
    struct err *e);

#endif
