#include "worker/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "wire/network.h"
#include "worker/worker.h"

#define LOOK_MS 100	/* how soon a job is seen to have ended */
#define SPLICE (1 << 20)

struct asked {
	struct ask *a;
	pid_t pid;
	int status;
	int out, third;		/* our ends of its descriptors 1 and 3 */
	size_t made;		/* bytes */
	bool cut, slow;
};

/* A pipe's end of ours, which does not block, and the other one. */
static int
open_pipe(int *ours, int *theirs)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	*ours = fd[0];
	*theirs = fd[1];
	return fcntl(fd[0], F_SETFL, O_NONBLOCK);
}

static int
start(struct asked *d, char *const argv[])
{
	struct ask *a = d->a;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), out = -1, third = -1;

	/* That it has ended shows at its descriptor 3, written to or not. */
	if (null >= 0 && open_pipe(&d->third, &third) == 0 &&
	    (a->answer.max == 0 || open_pipe(&d->out, &out) == 0) &&
	    (a->max_made == 0 || (a->made = child_file(NULL, 0)) >= 0))
		d->pid = child_start(a->in >= 0 ? a->in : null, out >= 0 ? out :
		    null, null, third, a->file, argv);
	child_shut(&out);
	child_shut(&third);
	child_shut(&null);
	return d->pid > 0 ? 0 : -1;
}

/* Moves what is there; false at the end. */
static bool
take_made(struct asked *d)
{
	for (;;) {
		uint8_t none[256];
		ssize_t k;

		if (d->made < d->a->max_made)
			k = splice(d->third, NULL, d->a->made, NULL,
			    d->a->max_made - d->made < SPLICE ?
			    d->a->max_made - d->made : SPLICE,
			    SPLICE_F_NONBLOCK);
		else	/* more than is taken: it is not read */
			return (k = read(d->third, none, sizeof none)) < 0 &&
			    errno == EAGAIN;
		if (k < 0)
			return errno == EAGAIN || errno == EINTR;
		if (k == 0)
			return false;
		d->made += (size_t)k;
	}
}

/* Until it has ended, or the job has. */
static void
attend(struct asked *d, const struct worker *w, const struct job *j)
{
	int64_t began = clock_ms();

	while (!d->cut && !d->slow) {
		struct pollfd p[2] = {
			{ .fd = d->third, .events = POLLIN },
			{ .fd = d->out, .events = POLLIN },
		};

		bool ending = d->third < 0 && d->out < 0;

		(void)poll(p, 2, ending ? 1 : LOOK_MS);
		if (p[0].revents && !take_made(d))
			child_shut(&d->third);
		if (p[1].revents && !buffer_drain(&d->a->answer, d->out))
			child_shut(&d->out);
		if (d->third < 0 && d->out < 0) {
			/* It is about to end, unless a stranger's bytes rule it. */
			child_reap(&d->pid, &d->status, WNOHANG);
			if (d->pid == 0)
				return;
		}
		d->cut = w->hurry || j->lost || j->cancelled ||
		    clock_unix() > j->deadline;
		d->slow = (d->a->max_s && (uint64_t)(clock_ms() - began) >
		    d->a->max_s * 1000) || (w->max_seconds && clock_unix() -
		    j->started > w->max_seconds);
	}
}

static int
conclude(const struct asked *d, const char *path, struct outcome *o)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	if (d->cut) {
		o->patient = true;	/* job.c knows the rest */
		return outcome_later(o, "the worker stops");
	}
	if (d->slow)
		return outcome_fail(o, NET_ERR_PROVING, "over_time_limit", "%s",
		    d->a->too_slow);
	if (!WIFEXITED(d->status))
		return outcome_later(o, "%s died of signal %d", name,
		    WTERMSIG(d->status));
	if (d->a->made >= 0 && child_seal(d->a->made) < 0)
		return outcome_later(o, "a file of memory cannot be sealed");
	d->a->status = WEXITSTATUS(d->status);
	return 0;
}

int
ask(struct ask *a, struct worker *w, const struct job *j, char *const argv[],
    struct outcome *o)
{
	struct asked d = { .a = a, .out = -1, .third = -1 };
	int bad;

	a->made = -1;
	if (start(&d, argv) == 0) {
		attend(&d, w, j);
		child_kill(&d.pid, &d.status);
		bad = conclude(&d, argv[0], o);
	} else {
		bad = outcome_later(o, "cannot start %s", argv[0]);
	}
	child_shut(&d.out);
	child_shut(&d.third);
	if (bad < 0)
		child_shut(&a->made);
	return bad;
}
