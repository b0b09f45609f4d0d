/*
 * Any bytes as a Groth16 or PLONK proof: read, written back, verified for the program that
 * they claim; and as what is inside: points, keys, proofs as contracts take them.
 */
#include <stdlib.h>
#include <string.h>

#include "snark/groth16.h"
#include "snark/plonk.h"
#include "snark/sp1.h"
#include "snark/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

static void
container(const uint8_t *in, size_t len)
{
	struct verify_options o = {.allow_exit_code = 1};
	struct snark_proof p;
	struct arena arena;
	struct err e = {0};
	uint8_t *out;

	arena_init(&arena, core_proof_ceiling(len));
	if (snark_proof_read(&p, &arena, in, len, &e) == 0) {
		must(snark_proof_size(&p) == len);
		out = malloc(len);
		must(out != NULL);
		snark_proof_write(out, &p);
		must(memcmp(in, out, len) == 0);
		free(out);
		must(verify_snark(p.input[0], &p, &o, &e) == 0 ||
		    e.status == EX_NO);
	} else
		must(e.status == EX_DATAERR);
	arena_free(&arena);
}

/* Past what a container must agree on. */
static void
statement(const uint8_t *in, size_t len, enum snark_kind kind)
{
	static const uint8_t input[SNARK_INPUTS][32];
	static struct plonk_key plonk;
	static struct groth16_key groth16;
	static int ready;
	uint8_t linear[32];
	struct err e = {0};
	const uint8_t *key;
	size_t n;

	if (!ready) {
		key = snark_key(SNARK_PLONK, &n);
		must(plonk_key_read(&plonk, key, n, &e) == 0);
		key = snark_key(SNARK_GROTH16, &n);
		must(groth16_key_read(&groth16, key, n, &e) == 0);
		ready = 1;
	}
	if (kind == SNARK_PLONK)
		must(plonk_verify(&plonk, input, SNARK_INPUTS, in, len, linear,
		    &e) == -1 && e.status == EX_NO);
	else
		must(groth16_verify(&groth16, input, SNARK_INPUTS, in, len,
		    &e) == -1 && e.status == EX_NO);
}

static void
keys(const uint8_t *in, size_t len)
{
	static struct plonk_key plonk;
	static struct groth16_key groth16;
	struct err e = {0};

	must(groth16_key_read(&groth16, in, len, &e) == 0 ||
	    e.status == EX_DATAERR);
	must(plonk_key_read(&plonk, in, len, &e) == 0 ||
	    e.status == EX_DATAERR);
}

static void
points(const uint8_t *in, size_t len)
{
	uint8_t out[G2_RAW];
	struct err e = {0};
	struct g1 p;
	struct g2 q;

	if (len >= G1_RAW && g1_read(&p, in, "it", &e) == 0) {
		g1_write(out, &p);
		must(memcmp(in, out, G1_RAW) == 0);
	}
	if (len >= G2_RAW && g2_read(&q, in, "it", &e) == 0) {
		g2_write(out, &q);
		must(memcmp(in, out, G2_RAW) == 0);
	}
	if (len >= G1_PACKED && g1_unpack(&p, in, "it", &e) == 0)
		must(g1_on_curve(&p));
	if (len >= G2_PACKED && g2_unpack(&q, in, "it", &e) == 0)
		must(g2_on_curve(&q) && g2_in_subgroup(&q));
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	container(in, len);
	keys(in, len);
	points(in, len);
	statement(in, len, SNARK_PLONK);
	statement(in, len, SNARK_GROTH16);
	return 0;
}
