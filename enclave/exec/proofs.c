/* The proofs that the input carries (sp1-machine(7), Carried proofs). */
#include "exec/exec.h"
#include "proof/carried.h"
#include "stark/verify.h"

static int
take_proof(struct exec *x, struct vm *m, const struct carried_proof *p,
    struct err *e)
{
	digest program = vk_digest(&p->vk);

	if (x->verify && verify_recursion(&p->proof, &program, NULL, e) < 0)
		return err_prefix(e, "carried proof %llu",
		    (unsigned long long)x->nproofs);
	carried_chain(&x->chain, &p->proof);
	x->nproofs++;
	return vm_tell_proof(m, p->bytes, p->n, e);
}

int
exec_proofs(struct exec *x, struct vm *m, struct err *e)
{
	struct vm_proofs all = vm_proofs(m);
	struct carried_proof p;
	struct carried c;
	int got;

	carried_begin(&c, all.n, all.bytes, all.len);
	do {
		struct arena a;

		arena_init(&a, carried_ceiling(&c));
		got = carried_next(&c, &p, &a, e);
		if (got == 1 && take_proof(x, m, &p, e) < 0)
			got = -1;
		arena_free(&a);
	} while (got == 1);
	return got;
}

bool
exec_proofs_match(const struct exec *x, const struct vm_result *r)
{
	for (int i = 0; i < 8; i++)
		if (r->deferred_digest[i] != kb_to(x->chain.c[i]))
			return false;
	return true;
}
