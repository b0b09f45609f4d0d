/*
 * Nothing is submitted that we would not take ourselves.  sp1-verify looks at it: a proof is
 * made of what a stranger's program did.
 */
#include "worker/worker.h"

#include "wire/network.h"
#include "worker/ask.h"

/* The exit status of a proof that is none, and of one that does not hold. */
static bool
is_no(int status)
{
	return status == EX_NO || status == EX_DATAERR;
}

int
check_proof(struct worker *w, const struct job *j, const struct program *p,
    const uint8_t *proof, size_t n, struct outcome *o)
{
	char *argv[8] = { (char *)w->verify, "-k", CHILD_FILE, "-m",
		(char *)net_mode_name(j->mode) };
	uint8_t key[VK_BYTES];
	struct ask a = { .too_slow = "it needs more than this prover's operator "
		    "allows a job" };
	int bad;

	if (w->threads) {
		argv[5] = "-j";
		argv[6] = (char *)w->threads;
	}
	vk_encode(key, &p->vk);
	a.in = child_file(proof, n);
	a.file = child_file(key, sizeof key);
	bad = a.in < 0 || a.file < 0 ?
	    outcome_later(o, "no memory for the proof") :
	    ask(&a, w, j, argv, o);
	child_shut(&a.in);
	child_shut(&a.file);
	if (bad < 0 || a.status == 0)
		return bad;
	return is_no(a.status) ? outcome_fail(o, NET_ERR_VERIFICATION,
	    "proof_invalid", "our own proof does not verify") :
	    outcome_later(o, "sp1-verify fails");
}
