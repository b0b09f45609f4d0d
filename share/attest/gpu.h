#ifndef ATTEST_GPU_H
#define ATTEST_GPU_H
/*
 * Evidence of NVIDIA's GPUs (Hopper, Blackwell): an SPDM request and the answer to
 * it, which the GPU signed with a key that a chain of certificates names.  As
 * nvattest writes it: an array of objects with certificate (PEM) and evidence, both
 * base64, and nonce, hexadecimal.
 */
#include "attest/chain.h"
#include "attest/strict.h"

#define GPUS_MAX 16
#define GPU_EVIDENCE_MAX ((size_t)4 << 20)
#define GPU_BLOCKS 64

struct gpu_report {
	const uint8_t *nonce;		/* 32: the request's */
	struct bytes signed_part;	/* request and answer */
	const uint8_t *signature;	/* 96: r, s of P-384 */
	size_t nblocks;
	const uint8_t *block[GPU_BLOCKS];	/* 48 each: measurement i + 1 */
	struct bytes driver, vbios;	/* versions; n 0: not told */
	struct bytes firmware;		/* FWID, 48; n 0: not told */
	bool decoder_off;		/* measurement 36 is of what is off */
};

struct gpu {
	uint8_t *bytes;			/* the report's, owned */
	struct gpu_report report;
	struct chain chain;
	bool has_nonce;
	uint8_t nonce[32];		/* that the file says was asked with */
};

struct gpus {
	json_t *root;
	size_t n;
	struct gpu of[GPUS_MAX];
};

/* EX_DATAERR; gpus_free() either way. */
CHECKED int gpus_parse(struct gpus *g, struct bytes text, struct err *e);
/* Frees reports, chains and the JSON, not *g, and clears it. */
void gpus_free(struct gpus *g);
/* One report; EX_DATAERR. */
CHECKED int gpu_report_parse(struct gpu_report *r, struct bytes in,
    struct err *e);

/* Each EX_NO.  The chain: to NVIDIA's root, which is built in, of its time at `now`. */
CHECKED int gpu_check_chain(const struct gpu *g, const struct chain *root,
    int64_t now, struct err *e);
/* The firmware that the leaf was issued for is the one that reported. */
CHECKED int gpu_check_firmware(const struct gpu *g, struct err *e);
/* The leaf's key signed request and answer: ECDSA of P-384 over SHA-384. */
CHECKED int gpu_check_signature(const struct gpu *g, struct err *e);
/* NVIDIA's root of devices as built in, DER. */
struct bytes nvidia_root(void);

#endif
