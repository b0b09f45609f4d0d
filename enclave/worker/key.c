/*
 * A program's verifying key, of sp1-vk: a stranger's ELF is looked into by a process that
 * has no more than its descriptors, and that can be ended.  A large program, or one of
 * many zeros, takes minutes.
 */
#include "worker/worker.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "wire/network.h"
#include "worker/child.h"

#define LOOK_MS 100	/* how soon a job is seen to have ended */

struct maker {
	pid_t pid;
	int status;
	int key;		/* our end of its standard output */
	struct buffer bytes;
	bool cut, slow;
};

static int
start(struct maker *m, const struct worker *w, const struct program *p)
{
	char *argv[6] = { (char *)w->vk, "--raw", CHILD_FILE };
	int elf = child_file(p->elf, p->n), pipes[2] = { -1, -1 };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (w->threads) {
		argv[3] = "-j";
		argv[4] = (char *)w->threads;
	}
	if (elf >= 0 && null >= 0 && pipe2(pipes, O_CLOEXEC) == 0)
		m->pid = child_start(null, pipes[1], null, -1, elf, argv);
	child_shut(&elf);
	child_shut(&null);
	child_shut(&pipes[1]);
	m->key = pipes[0];
	if (m->pid <= 0)
		return -1;
	return fcntl(m->key, F_SETFL, O_NONBLOCK);
}

/* Until it has ended, or the job has. */
static void
attend(struct maker *m, const struct worker *w, const struct job *j)
{
	int64_t began = clock_ms();

	while (!m->cut && !m->slow) {
		struct pollfd p = { .fd = m->key, .events = POLLIN };

		if (poll(&p, 1, LOOK_MS) > 0 &&
		    !buffer_drain(&m->bytes, m->key)) {
			child_reap(&m->pid, &m->status, 0);
			return;
		}
		m->cut = w->hurry || j->lost || j->cancelled ||
		    clock_unix() > j->deadline;
		m->slow = (w->max_setup && (uint64_t)(clock_ms() - began) >
		    w->max_setup * 1000) || (w->max_seconds && clock_unix() -
		    j->started > w->max_seconds);
	}
}

static int
conclude(const struct maker *m, struct program *p, struct outcome *o)
{
	if (m->cut) {
		o->patient = true;	/* job.c knows the rest */
		return outcome_later(o, "the worker stops");
	}
	if (m->slow)
		return outcome_fail(o, NET_ERR_PROVING, "over_time_limit",
		    "its program's key takes longer than this prover's operator "
		    "allows");
	if (WIFEXITED(m->status) && WEXITSTATUS(m->status) == EX_DATAERR)
		return outcome_fail(o, NET_ERR_VK, "program_malformed",
		    PROGRAM_MALFORMED);
	if (!WIFEXITED(m->status) || WEXITSTATUS(m->status) != 0 ||
	    vk_decode(&p->vk, m->bytes.p, m->bytes.n, NULL) < 0)
		return outcome_later(o, "sp1-vk fails");
	return 0;
}

int
program_key(struct worker *w, const struct job *j, struct program *p,
    struct outcome *o)
{
	struct maker m = { .key = -1, .bytes.max = 4096 };
	int bad = start(&m, w, p);

	if (bad == 0)
		attend(&m, w, j);
	child_kill(&m.pid, &m.status);
	child_shut(&m.key);
	bad = bad < 0 ? outcome_later(o, "cannot start sp1-vk") :
	    conclude(&m, p, o);
	free(m.bytes.p);
	return bad;
}
