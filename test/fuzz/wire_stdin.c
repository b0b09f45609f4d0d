/* Any bytes as a guest's input, and as the proofs that it carries: what is taken is written
 * back the same. */
#include <stdlib.h>
#include <string.h>

#include "proof/carried.h"
#include "wire/stdin.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

static void
same(const struct carried_proof *p)
{
	uint8_t *out = malloc(p->n);
	digest chain = {{{0}}};

	must(out != NULL && recursion_proof_size(&p->proof) == p->n);
	recursion_proof_write(out, &p->proof);
	must(memcmp(out, p->bytes, p->n) == 0);
	free(out);
	carried_chain(&chain, &p->proof);
}

/* The ceiling is enough for whatever the bytes can hold. */
static void
carried(const struct sp1_stdin *s)
{
	struct carried_proof p;
	struct err e = { 0 };
	struct carried c;
	int got;

	carried_begin(&c, s->nproofs, s->proofs, s->proofs_len);
	do {
		struct arena a;

		arena_init(&a, carried_ceiling(&c));
		got = carried_next(&c, &p, &a, &e);
		if (got == 1)
			same(&p);
		arena_free(&a);
	} while (got == 1);
	must(got == 0 || e.status == EX_DATAERR);
	must(carried_check(s->nproofs, s->proofs, s->proofs_len, &e) == got);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct sp1_stdin s;
	struct arena a;
	struct err e = { 0 };
	uint8_t *out;

	arena_init(&a, 2 * len + 64);
	if (stdin_parse(&s, &a, in, len, &e) < 0)
		must(e.status == EX_DATAERR);
	else {
		must(stdin_size(&s) == len);
		out = malloc(len);
		must(out != NULL);
		stdin_write(out, &s);
		must(memcmp(out, in, len) == 0);
		free(out);
		carried(&s);
	}
	arena_free(&a);
	return 0;
}
