#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attest/rim.h"
#include "attested/attested.h"
#include "attested/files.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/sandbox.h"
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

/* All that is read before anything is looked at. */
struct given {
	struct bytes evidence, policy, collateral, root, rims[RIMS];
	const struct attested_options *o;
	struct attest_asked asked;
	int64_t now;
};

/* What the process says. */
struct said {
	bool good;
	struct attested a;
	struct err why;
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

static void
conclude(struct said *s, const struct attest_verdict *v, struct bytes statement)
{
	enum attest_check c = check_first_failed(&v->checks);
	const struct statement_key *k;

	s->good = v->valid && v->has_statement;
	if (!s->good) {
		err_set(&s->why, v->malformed ? EX_DATAERR : EX_NO,
		    "the evidence is not accepted: %s: %s", c < ATTEST_CHECKS ?
		    attest_check_name(c) : "statement", c < ATTEST_CHECKS ?
		    v->checks.of[c].detail : "not every check was made");
		return;
	}
	k = statement_key(&v->statement, HPKE_XWING);
	if (k == NULL)
		k = statement_key(&v->statement, HPKE_X25519);
	must(k != NULL && k->len == hpke_public_size((int)k->kem));
	s->a.kem = (int)k->kem;
	memcpy(s->a.key, k->key, k->len);
	statement_sha256(s->a.statement, (const char *)statement.p, statement.n);
	s->a.has_tls_key = check_passed(&v->checks, CHECK_statement_tls_key);
	memcpy(s->a.tls_key, v->statement.spki.v, 32);
	s->a.not_after = v->statement.not_after;
}

/* The judgement, once everything that it needs is read from JSON and certificates. */
static void
verify(struct said *s, const struct given *g, const struct policy *p,
    struct evidence *ev, const struct chain *roots)
{
	struct attest_checks checks = { 0 };
	struct attest_input in = { .evidence = ev, .asked = &g->asked,
	    .root = &roots[0], .gpu_root = &roots[1], .rim_root = &roots[2],
	    .policy = p, .now = g->now, .collateral_checks = &checks };
	struct attest_verdict v;
	struct collateral c = { 0 };
	struct err missing;

	err_set(&missing, EX_NO, "there is no collateral");
	if (g->collateral.p != NULL && collateral_parse(&c, g->collateral,
	    &roots[0], &missing) == 0) {
		collateral_verify(&checks, &c, &roots[0], g->now);
		in.collateral = &c;
	}
	in.missing = &missing;
	ev->rims = g->rims;
	ev->nrims = nrims;
	attest_verify(&v, &in);
	conclude(s, &v, ev->statement);
	attest_verdict_free(&v);
	collateral_free(&c);
}

static int
take_root(struct chain *out, struct bytes given, struct bytes built_in, struct err *e)
{
	return chain_one(out, given.p != NULL ? given : built_in, e);
}

static void
judge(struct said *s, const struct given *g)
{
	struct chain roots[3] = { 0 };
	struct policy p;
	struct evidence ev = { 0 };

	if (policy_parse(&p, g->policy, &s->why) == 0 &&
	    take_root(&roots[0], g->root, intel_root(), &s->why) == 0 &&
	    take_root(&roots[1], (struct bytes){ 0 }, nvidia_root(), &s->why) == 0 &&
	    take_root(&roots[2], (struct bytes){ 0 }, nvidia_rim_root(),
	    &s->why) == 0 &&
	    evidence_parse(&ev, g->evidence, &s->why) == 0)
		verify(s, g, &p, &ev, roots);
	evidence_free(&ev);
	policy_free(&p);
	for (size_t i = 0; i < 3; i++)
		chain_free(&roots[i]);
}

/* The child: it says what it found, and ends. */
_Noreturn static void
judge_alone(int to, const struct given *g)
{
	struct said s = { 0 };
	struct err e;

	if (sandbox("stdio", &s.why) == 0)
		judge(&s, g);
	_exit(write_all(to, &s, sizeof s, "a pipe", &e) < 0 ? 1 : 0);
}

static int
judge_apart(struct attested *out, const struct given *g, struct err *e)
{
	struct said s;
	int pair[2], k, status;
	pid_t pid;

	if (pipe(pair) < 0)
		return err_set(e, EX_OSERR, "cannot make a pipe:");
	pid = fork();
	if (pid == 0)
		judge_alone(pair[1], g);
	close(pair[1]);
	k = pid < 0 ? -1 : read_exact(pair[0], &s, sizeof s, "a pipe", e);
	close(pair[0]);
	if (pid > 0 && waitpid(pid, &status, 0) == pid && (status != 0 || k != 1))
		return err_set(e, EX_SOFTWARE, "the process that judges the evidence "
		    "failed");
	if (k != 1)
		return err_set(e, EX_OSERR, "cannot start a process");
	if (!s.good) {
		*e = s.why;
		return -1;
	}
	*out = s.a;
	return 0;
}

int
attested_now(struct attested *out, const struct rpc_cli *cli,
    const struct attested_options *o, struct err *e)
{
	struct given g = { 0 };
	uint8_t *text = NULL;
	int k;

	json_object_seed(0);	/* it opens /dev/urandom */
	k = read_given(&g, o, e) || (nrims > 0 && rim_start(e)) ||
	    attested_fetch(cli, &g.asked, &text, &g.evidence.n, e) ? -1 : 0;
	g.evidence.p = text;
	g.now = (int64_t)clock_unix();
	if (k == 0)
		k = judge_apart(out, &g, e);
	free_given(&g);
	return k;
}
