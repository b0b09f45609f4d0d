#ifndef SP1VERIFY_SP1VERIFY_H
#define SP1VERIFY_SP1VERIFY_H
/*
 * libsp1verify: is this a proof of a run of that program?  See libsp1verify(3).
 *
 * It reads no file, opens no connection, prints nothing, keeps nothing between
 * calls but its tables, and any number of threads may call it at once.  Link with
 * -lsp1verify -lcrypto.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SP1VERIFY_KEY_BYTES 104
#define SP1VERIFY_REASON_BYTES 256

/* As sp1-verify(1) exits. */
#define SP1VERIFY_VALID 0
#define SP1VERIFY_INVALID 1	/* well-formed, and proves nothing of the kind */
#define SP1VERIFY_MALFORMED 65
#define SP1VERIFY_NO_MEMORY 71	/* no verdict */

#define SP1VERIFY_CORE 0
#define SP1VERIFY_COMPRESSED 1
#define SP1VERIFY_PLONK 2
#define SP1VERIFY_GROTH16 3

/* Flags: accept a program that halted with another code than 0. */
#define SP1VERIFY_ALLOW_EXIT_CODE 1u

/* Of a proof that is not valid, all but verdict and reason are only claims. */
struct sp1verify_result {
	int32_t verdict;	/* SP1VERIFY_VALID ... */
	int32_t mode;		/* SP1VERIFY_CORE ...; -1: none of them */
	uint32_t well_formed;	/* 1: what follows is there */
	uint32_t exit_code;	/* that the program halted with */
	uint64_t shards;	/* of a compressed proof: made from how many; of
				 * a SNARK, which does not tell: 0 */
	const uint8_t *public_values;	/* in the caller's copy of the proof */
	size_t public_values_len;
	char reason[SP1VERIFY_REASON_BYTES];	/* "" for a valid one */
};

/* Verifies len bytes, an SP1ProofWithPublicValues or ProofFromNetwork, against
 * a program's key.  Fills *r and returns r->verdict. */
int sp1verify(const uint8_t key[SP1VERIFY_KEY_BYTES], const uint8_t *proof,
    size_t len, unsigned flags, struct sp1verify_result *r);

/* The same of a compressed proof or a SNARK (Groth16, PLONK), for which the key's hash
 * is enough: bytes32 as contracts and `sp1-vk` have it.  A core proof it calls invalid. */
int sp1verify_snark(const uint8_t bytes32[32], const uint8_t *proof, size_t len,
    unsigned flags, struct sp1verify_result *r);

/* Groth16 and PLONK proofs as contracts take them: four bytes that select the circuit,
 * exit code, root, nonce, proof. */
#define SP1VERIFY_CALLDATA_MAX 964

/* Verifies len bytes of calldata, of the program with this hash and these public
 * values.  r->public_values is `values`. */
int sp1verify_calldata(const uint8_t bytes32[32], const uint8_t *values,
    size_t values_len, const uint8_t *calldata, size_t len, unsigned flags,
    struct sp1verify_result *r);

/* The calldata of a Groth16 or PLONK proof in its container, which is not verified:
 * returns its bytes, at most SP1VERIFY_CALLDATA_MAX; 0: it has none. */
size_t sp1verify_to_calldata(uint8_t *out, const uint8_t *proof, size_t len);

/* The key of the program in an ELF file's bytes: SP1VERIFY_VALID, or
 * SP1VERIFY_MALFORMED or SP1VERIFY_NO_MEMORY with the reason (which may be
 * NULL).  A second's work and some hundred megabytes: keep the key. */
int sp1verify_key(uint8_t key[SP1VERIFY_KEY_BYTES], const uint8_t *elf,
    size_t len, char reason[SP1VERIFY_REASON_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
