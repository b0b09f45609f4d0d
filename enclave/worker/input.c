/* The input: opened with tee-keyd's help if it is sealed. */
#include "worker/worker.h"

#include <string.h>

#include "crypto/sealed.h"
#include "wire/network.h"

/* What the libraries say of a fault is made of the bytes that they found: a length, say,
 * is the input's first eight.  It stays here; these texts leave the job. */
#define ALTERED "it is cut, or another's, or was altered after it was sealed"

#define RATIO 256		/* what a byte may unpack to, */
#define FLOOR ((size_t)16 << 20)	/* beyond this */

/* A small one cannot ask for all of the memory. */
uint64_t
input_most(const struct worker *w, size_t n)
{
	uint64_t most = n < w->max_input / RATIO ? n * RATIO : w->max_input;

	if (most < FLOOR)
		most = FLOOR;
	return most < w->max_input ? most : w->max_input;
}

/* As it comes, which may be sealed. */
size_t
input_longest(const struct worker *w)
{
	return sealed_size(HPKE_XWING, w->max_input < SEALED_MAX - 8 ? w->max_input :
	    SEALED_MAX - 8);
}

/* Sealed for this program and requester? */
static int
check_binding(const struct job *j, const struct sealed_header *h,
    struct outcome *o)
{
	struct err e;

	if (sealed_check(h, NULL, j->vk_hash, NULL, &e) < 0)
		return outcome_fail(o, NET_ERR_UNKNOWN,
		    "input_for_another_program",
		    "it is sealed for another program");
	if (sealed_check(h, NULL, NULL, j->requester, &e) < 0)
		return outcome_fail(o, NET_ERR_UNKNOWN,
		    "input_for_another_requester",
		    "it is sealed for another requester");
	return 0;
}

/* Has tee-keyd the key at all?  Where it does not answer, that is not the reason. */
static bool
has_key(const struct worker *w, const struct sealed_header *h)
{
	struct keyd_info now;

	return keyd_info(&now, w->keyd, NULL) < 0 || keyd_has(&now, h);
}

/* m, sealed, becomes what is inside, in its place. */
static int
open_sealed(struct worker *w, struct job *j, struct secmem *m,
    struct outcome *o)
{
	struct sealed_header h;
	struct hpke context;
	struct err e;
	size_t at, len;
	int bad;

	if (sealed_parse(&h, m->p, m->n, &e) < 0)
		return outcome_fail(o, NET_ERR_UNKNOWN, "input_altered",
		    ALTERED);
	if (check_binding(j, &h, o) < 0)
		return -1;
	if (keyd_open(&context, w->keyd, m->p, j->vk_hash, j->requester,
	    &e) < 0) {
		if (e.status == EX_TEMPFAIL || e.status == EX_OSERR) {
			o->patient = true;
			return outcome_later(o, "tee-keyd does not answer");
		}
		if (e.status == EX_NOPERM || !has_key(w, &h))
			return outcome_fail(o, NET_ERR_UNKNOWN,
			    "input_for_another_enclave", h.by_statement ?
			    "it is sealed under evidence that this enclave has not "
			    "given, or to a key that it has no more: attest, and "
			    "seal it anew" : "it is sealed to a key that this "
			    "enclave has not, or has no more: seal it anew");
		return outcome_fail(o, NET_ERR_UNKNOWN, "input_refused",
		    "tee-keyd does not open it");
	}
	bad = sealed_open(m->p, &at, &len, m->p, m->n, &context, &e);
	hpke_wipe(&context);
	if (bad < 0)
		return outcome_fail(o, NET_ERR_UNKNOWN, "input_altered",
		    ALTERED);
	memmove(m->p, m->p + at, len);
	m->n = len;
	return 0;
}

int
input_get(struct worker *w, struct job *j, struct secmem *out,
    struct outcome *o)
{
	struct secmem m = { 0 };
	int bad = proxy_input(w, j, &m, input_longest(w), o);

	if (bad == 0 && sealed_is(m.p, m.n))
		bad = open_sealed(w, j, &m, o);
	if (bad < 0)
		secmem_free(&m);
	else
		*out = m;
	return bad;
}
