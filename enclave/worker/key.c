/*
 * A program's verifying key, of sp1-vk: what a stranger packed is taken out, and his ELF
 * looked into, by a process that has no more than its descriptors, and that can be ended.  A
 * large program, or one of many zeros, takes minutes.
 */
#include "worker/worker.h"

#include <stdlib.h>

#include "wire/network.h"
#include "worker/ask.h"

static int
read_answer(const struct ask *a, struct program *p, struct outcome *o)
{
	if (a->status == EX_DATAERR)
		return outcome_fail(o, NET_ERR_VK, "program_malformed",
		    PROGRAM_MALFORMED);
	if (a->status != 0 ||
	    vk_decode(&p->vk, a->answer.p, a->answer.n, NULL) < 0)
		return outcome_later(o, "sp1-vk fails");
	return 0;
}

int
program_key(struct worker *w, const struct job *j, struct program *p,
    int artifact, struct outcome *o)
{
	char *argv[10] = { (char *)w->vk, "--raw", "--unpack", "/proc/self/fd/3" },
	    **end = argv + 4;
	struct ask a = { .in = -1, .file = artifact, .max_s = w->max_setup,
		.too_slow = "its program's key takes longer than this prover's "
		    "operator allows",
		.answer.max = 4096, .max_made = w->max_elf };
	int bad;

	if (w->threads) {
		*end++ = "-j";
		*end++ = (char *)w->threads;
	}
	*end = CHILD_FILE;
	bad = ask(&a, w, j, argv, o);
	if (bad == 0)
		bad = read_answer(&a, p, o);
	if (bad == 0)
		p->elf = a.made;
	else
		child_shut(&a.made);
	free(a.answer.p);
	return bad;
}
