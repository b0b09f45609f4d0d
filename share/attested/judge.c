#include <stdlib.h>
#include <string.h>

#include "attest/rim.h"
#include "attested/apart.h"
#include "attested/attested.h"
#include "attested/files.h"
#include "attested/pcs.h"
#include "base/clock.h"
#include "crypto/hpke.h"

#define RIMS 64

static const char *rim_path[RIMS];
static size_t nrims;

void
attested_add_rim(const char *path)
{
	if (nrims == RIMS)
		die(EX_USAGE, "more than %d files of measurements", RIMS);
	rim_path[nrims++] = path;
}

int
attested_check(const char *collateral, const char *pccs, struct err *e)
{
	return collateral == NULL || pccs == NULL ? 0 :
	    err_set(e, EX_USAGE, "--collateral and --pccs exclude each other");
}

void
attested_no_collateral(struct err *e)
{
	err_set(e, EX_NO, "there is no collateral: --collateral gives it, and --pccs "
	    "asks for it");
}

/* All that is read before anything is looked at. */
struct given {
	struct bytes evidence, policy, collateral, root, rims[RIMS];
	const struct attested_options *o;
	struct attest_asked asked;
	int64_t now;
};

static int
read_given(struct given *g, const struct attested_options *o, struct err *e)
{
	g->o = o;
	for (size_t i = 0; i < nrims; i++)
		if (attested_read(&g->rims[i], rim_path[i], RIM_MAX, e))
			return -1;
	return attested_read(&g->policy, o->policy, POLICY_MAX, e) ||
	    attested_read(&g->collateral, o->collateral, COLLATERAL_MAX, e) ||
	    attested_read(&g->root, o->root, ROOT_MAX, e) ? -1 : 0;
}

static void
free_given(struct given *g)
{
	free((void *)g->evidence.p);
	free((void *)g->policy.p);
	free((void *)g->collateral.p);
	free((void *)g->root.p);
	for (size_t i = 0; i < nrims; i++)
		free((void *)g->rims[i].p);
}

static int
conclude(struct attested *a, const struct attest_verdict *v, struct bytes statement,
    struct err *e)
{
	enum attest_check c = check_first_failed(&v->checks);
	const struct statement_key *k;

	if (!v->valid || !v->has_statement)
		return err_set(e, v->malformed ? EX_DATAERR : EX_NO,
		    "the evidence is not accepted: %s: %s", c < ATTEST_CHECKS ?
		    attest_check_name(c) : "statement", c < ATTEST_CHECKS ?
		    v->checks.of[c].detail : "not every check was made");
	k = statement_key(&v->statement, HPKE_XWING);
	if (k == NULL)
		k = statement_key(&v->statement, HPKE_X25519);
	must(k != NULL && k->len == hpke_public_size((int)k->kem));
	a->kem = (int)k->kem;
	memcpy(a->key, k->key, k->len);
	statement_sha256(a->statement, (const char *)statement.p, statement.n);
	a->has_tls_key = check_passed(&v->checks, CHECK_statement_tls_key);
	memcpy(a->tls_key, v->statement.spki.v, 32);
	a->not_after = v->statement.not_after;
	return 0;
}

/* The judgement, once everything that it needs is read from JSON and certificates. */
static int
verify(struct attested *a, const struct given *g, const struct policy *p,
    struct evidence *ev, const struct chain *roots, struct err *e)
{
	struct attest_checks checks = { 0 };
	struct attest_input in = { .evidence = ev, .asked = &g->asked,
	    .root = &roots[0], .gpu_root = &roots[1], .rim_root = &roots[2],
	    .policy = p, .now = g->now, .collateral_checks = &checks };
	struct attest_verdict v;
	struct collateral c = { 0 };
	struct err missing;
	int k;

	attested_no_collateral(&missing);
	if (g->collateral.p != NULL && collateral_parse(&c, g->collateral,
	    &roots[0], &missing) == 0) {
		collateral_verify(&checks, &c, &roots[0], g->now);
		in.collateral = &c;
	}
	in.missing = &missing;
	ev->rims = g->rims;
	ev->nrims = nrims;
	attest_verify(&v, &in);
	k = conclude(a, &v, ev->statement, e);
	attest_verdict_free(&v);
	collateral_free(&c);
	return k;
}

static int
take_root(struct chain *out, struct bytes given, struct bytes built_in, struct err *e)
{
	return chain_one(out, given.p != NULL ? given : built_in, e);
}

static int
judge(void *out, const void *given, struct err *e)
{
	const struct given *g = given;
	struct chain roots[3] = { 0 };
	struct policy p;
	struct evidence ev = { 0 };
	int k = -1;

	if (policy_parse(&p, g->policy, e) == 0 &&
	    take_root(&roots[0], g->root, intel_root(), e) == 0 &&
	    take_root(&roots[1], (struct bytes){ 0 }, nvidia_root(), e) == 0 &&
	    take_root(&roots[2], (struct bytes){ 0 }, nvidia_rim_root(), e) == 0 &&
	    evidence_parse(&ev, g->evidence, e) == 0)
		k = verify(out, g, &p, &ev, roots, e);
	evidence_free(&ev);
	policy_free(&p);
	for (size_t i = 0; i < 3; i++)
		chain_free(&roots[i]);
	return k;
}

/* With --pccs: what Intel says of the platform that the evidence is of.  What is wrong with
 * the evidence itself the judgement tells. */
static int
ask_collateral(struct given *g, struct err *e)
{
	struct chain root = { 0 };
	struct pcs_need need;
	uint8_t *p;
	int k;

	if (g->o->pccs == NULL || pcs_need(&need, g->evidence, e))
		return 0;
	k = take_root(&root, g->root, intel_root(), e) ||
	    pcs_get(&p, &g->collateral.n, &need, g->o->pccs, &root,
	    (int64_t)clock_unix(), e) ? -1 : 0;
	if (k == 0)
		g->collateral.p = p;
	chain_free(&root);
	return k;
}

int
attested_now(struct attested *out, const struct rpc_cli *cli,
    const struct attested_options *o, struct err *e)
{
	struct given g = { 0 };
	uint8_t *text = NULL;
	int k;

	k = read_given(&g, o, e) || (nrims > 0 && rim_start(e)) ||
	    attested_fetch(cli, &g.asked, &text, &g.evidence.n, e) ? -1 : 0;
	g.evidence.p = text;
	if (k == 0)
		k = ask_collateral(&g, e);
	g.now = (int64_t)clock_unix();
	if (k == 0)
		k = apart(judge, out, sizeof *out, &g, e);
	free_given(&g);
	return k;
}
