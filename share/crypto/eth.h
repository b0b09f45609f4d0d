#ifndef CRYPTO_ETH_H
#define CRYPTO_ETH_H
/*
 * The network's identities: secp256k1 keys, addresses, and EIP-191 signatures over
 * encoded bodies (sp1-network(7), Signatures).  Signatures are deterministic (RFC
 * 6979, low s), so a key and a body always give the same 65 bytes r, s, v.
 *
 * struct eth_key holds a secret: keep it in locked memory (base/secmem.h) where the
 * process can, and eth_key_wipe() it.
 */
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#include "crypto/keccak.h"

#define ETH_ADDRESS 20
#define ETH_SIG 65

struct eth_key {
	uint8_t secret[32];
	uint8_t address[ETH_ADDRESS];
};

/* EX_DATAERR if the 32 bytes are no key (0, or not below the group order). */
CHECKED int eth_key_set(struct eth_key *k, const uint8_t secret[static 32],
    struct err *e);
/* A fresh key.  EX_OSERR: no random numbers. */
CHECKED int eth_key_generate(struct eth_key *k, struct err *e);

/* From a file (crypto/keyfile.h); EX_CONFIG, too, if it holds no such key. */
CHECKED int eth_key_load(struct eth_key *k, const char *path, struct err *e);
/* Wipes the secret and the address. */
void eth_key_wipe(struct eth_key *k);

/* keccak256("\x19Ethereum Signed Message:\n" + decimal length + body) */
void eth_hash191(uint8_t out[static 32], const void *body, size_t len);

/* v = 27 or 28. */
CHECKED int eth_sign(uint8_t sig[static ETH_SIG], const struct eth_key *k,
    const void *body, size_t len, struct err *e);

/* The same for a body too long to hold: eth_hash191_init(&k, len), then its len
 * bytes by keccak_update(), keccak_final(), eth_sign_hash(). */
void eth_hash191_init(struct keccak *k, uint64_t len);
/* Signs such a hash; v = 27 or 28. */
CHECKED int eth_sign_hash(uint8_t sig[static ETH_SIG], const struct eth_key *k,
    const uint8_t hash[static 32], struct err *e);

/* CreateArtifact signs the text create_artifact; the SDK adds 27 to a v that is
 * 27 or 28 already, so the wire has 54 or 55. */
CHECKED int eth_sign_artifact(uint8_t sig[static ETH_SIG],
    const struct eth_key *k, struct err *e);

/* The signer of body.  v may be 0, 1, 27, 28; for CreateArtifact 54 and 55 too.
 * EX_NOPERM: no such signature. */
CHECKED int eth_recover(uint8_t address[static ETH_ADDRESS], const uint8_t *sig,
    size_t sig_len, const void *body, size_t len, struct err *e);
/* The signer of the text of eth_sign_artifact(); v may be 54 and 55 too. */
CHECKED int eth_recover_artifact(uint8_t address[static ETH_ADDRESS],
    const uint8_t *sig, size_t sig_len, struct err *e);

#endif
