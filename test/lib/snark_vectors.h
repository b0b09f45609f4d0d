#ifndef TEST_LIB_SNARK_VECTORS_H
#define TEST_LIB_SNARK_VECTORS_H
/*
 * gnark's own keys and proofs (test/vectors/snark), and ways to alter what is in them.
 *
 * SNARK_V4 may name a folder with the proofs of circuit v4: MODE_vk.bin and
 * MODE-fixture.json
 * (vkey, publicValues, proof), of MODE plonk and groth16.
 */
#include <jansson.h>
#include <openssl/sha.h>

#include "base/hex.h"
#include "base/io.h"
#include "snark/groth16.h"
#include "snark/plonk.h"
#include "test/lib/tap.h"

#define FOLDER "test/vectors/snark/"
#define MAX_INPUTS 5

/* A public proof of SP1's, and what it is of (test/vectors/snark/README). */
#define SP1_PROOF FOLDER "groth16-v6.1.bin"
#define SP1_PROGRAM \
	"00f31d3c82e1ac5e413efe237066f7b6820416878cd71f6c9d4f642b24732a93"

struct sample {
	const char *name;	/* mode */
	uint8_t *key, proof[PLONK_PROOF], raw[1024], prefix[4];
	size_t nkey, nproof, nraw, ninputs;
	uint8_t input[MAX_INPUTS][32];
	union { struct groth16_key groth16; struct plonk_key plonk; } parsed;
	uint8_t linear[32];
};

/* Numbers that are the same in each run. */
uint64_t sample_rnd(void);

/* Groth16 otherwise. */
int is_plonk(const struct sample *s);

/* The bytes of s->key into s->parsed: 0, or -1 and *e. */
int sample_read_key(struct sample *s, struct err *e);

/* With the key that was read: 0, or -1 and *e. */
int sample_verify(struct sample *s, struct err *e);

/* gnark's own form of the proof, against SP1's: 0, or -1 and *e. */
int sample_check_raw(struct sample *s, struct err *e);

/* But for the key, which sample_read_key() reads. */
void sample_load(struct sample *s, const char *name, const char *stem);

/* Two public inputs: the program, and the digest of the public values; the first four
 * bytes of the key's hash go before the proof.  -1: none at hand. */
int sample_load_v4(struct sample *s, const char *mode);

/* Turns a bit over. */
void flip(uint8_t *p, size_t bit);

/* Adds a modulus: the same number, not canonical. */
void add_modulus(uint8_t x[32], const char *modulus);

#define FIELD_Q "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47"
#define FIELD_R "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001"

#endif
