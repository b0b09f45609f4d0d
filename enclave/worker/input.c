/* The input: opened with tee-keyd's help if it is sealed, unpacked, checked. */
#include "worker/worker.h"

#include <string.h>

#include "crypto/sealed.h"
#include "wire/network.h"
#include "wire/stdin.h"
#include "wire/unpack.h"

/* Sealed for this enclave, program and requester? */
static int
check_binding(struct worker *w, const struct job *j,
    const struct sealed_header *h, struct outcome *o)
{
	struct err e;

	if (sealed_check(h, w->fingerprint, NULL, NULL, &e) < 0)
		return outcome_fail(o, NET_ERR_UNKNOWN,
		    "input_for_another_enclave", "%s", e.msg);
	if (sealed_check(h, NULL, j->vk_hash, NULL, &e) < 0)
		return outcome_fail(o, NET_ERR_UNKNOWN,
		    "input_for_another_program", "%s", e.msg);
	if (sealed_check(h, NULL, NULL, j->requester, &e) < 0)
		return outcome_fail(o, NET_ERR_UNKNOWN,
		    "input_for_another_requester", "%s", e.msg);
	return 0;
}

/* m, sealed, becomes what is inside. */
static int
open_sealed(struct worker *w, struct job *j, struct secmem *m,
    struct outcome *o)
{
	struct sealed_header h;
	struct secmem plain = { 0 };
	struct hpke context;
	struct err e;
	size_t at, len;
	int bad;

	if (sealed_parse(&h, m->p, m->n, &e) < 0)
		return outcome_fail(o, NET_ERR_UNKNOWN, "input_altered", "%s",
		    e.msg);
	if (check_binding(w, j, &h, o) < 0)
		return -1;
	if (keyd_open(&context, w->keyd, m->p, j->vk_hash, j->requester,
	    &e) < 0) {
		if (e.status == EX_TEMPFAIL || e.status == EX_OSERR)
			return outcome_later(o, "%s", e.msg);
		return outcome_fail(o, NET_ERR_UNKNOWN, "input_refused", "%s",
		    e.msg);
	}
	if (secmem_need(&plain, h.padded, &e) < 0) {
		hpke_wipe(&context);
		return outcome_later(o, "%s", e.msg);
	}
	plain.n = h.padded;
	bad = sealed_open(plain.p, &at, &len, m->p, m->n, &context, &e);
	hpke_wipe(&context);
	if (bad < 0) {
		secmem_free(&plain);
		return outcome_fail(o, NET_ERR_UNKNOWN, "input_altered", "%s",
		    e.msg);
	}
	memmove(plain.p, plain.p + at, len);
	plain.n = len;
	secmem_free(m);
	*m = plain;
	return 0;
}

/* What sp1-exec would refuse is refused here, with less ado. */
static int
check_stdin(const struct secmem *m, struct outcome *o)
{
	struct sp1_stdin s;
	struct arena a;
	struct err e;
	int bad;

	arena_init(&a, 2 * m->n + 4096);
	bad = stdin_parse(&s, &a, m->p, m->n, &e);
	arena_free(&a);
	if (bad < 0)
		return outcome_fail(o, NET_ERR_EXECUTION, "input_malformed",
		    "%s", e.msg);
	if (s.nproofs)
		return outcome_fail(o, NET_ERR_EXECUTION, "input_unsupported",
		    "inputs with proofs are not proved here yet");
	return 0;
}

int
input_get(struct worker *w, struct job *j, struct secmem *out,
    struct outcome *o)
{
	struct secmem m = { 0 };
	struct err e;
	int bad = proxy_input(w, j, &m, o);

	if (bad == 0 && sealed_is(m.p, m.n))
		bad = open_sealed(w, j, &m, o);
	if (bad == 0 && unpack_artifact(out, m.p, m.n, w->max_input, &e) < 0)
		bad = e.status == EX_OSERR ? outcome_later(o, "%s", e.msg) :
		    outcome_fail(o, NET_ERR_EXECUTION, "input_malformed",
		    "%s", e.msg);
	secmem_free(&m);
	if (bad == 0)
		bad = check_stdin(out, o);
	if (bad < 0)
		secmem_free(out);
	return bad;
}
