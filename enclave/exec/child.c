#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/sandbox.h"
#include "exec/exec.h"

/* Besides the machine's own count: should that be wrong, the child ends, not the host.  A
 * page of the guest's takes no more than what is counted; then there are the program, the
 * input, the trace of a shard, and what the library keeps for itself. */
static void
bound(const struct exec *x)
{
	const uint64_t more = (uint64_t)4 << 30;
	uint64_t memory = x->config.max_memory ? x->config.max_memory :
	    VM_MAX_MEMORY;
	struct rlimit all = { .rlim_cur = memory + 16 * (uint64_t)x->nelf +
		4 * exec_input_most(x) + more }, none = { 0, 0 };

	all.rlim_max = all.rlim_cur;
	/* A sanitizer's shadow memory is larger than any machine. */
	if (sandbox_real())
		(void)setrlimit(RLIMIT_AS, &all);
	(void)setrlimit(RLIMIT_NPROC, &none);
}

static _Noreturn void
be_child(struct exec *x)
{
	struct err e;
	int status;

	exec_read(x);
	bound(x);
	if (x->confined && sandbox("stdio", &e)) {
		complain("%s", e.msg);
		status = e.status;
	} else
		status = exec_run(x);
	fflush(NULL);
	_exit(status);
}

/* The machine is gone, and its report with it: the exit status. */
static int
died(const struct exec *x, int sig)
{
	char detail[48];
	struct err e;

	if (sig == SIGPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	if (x->report >= 0 && ftruncate(x->report, 0) == 0)
		lseek(x->report, 0, SEEK_SET);
	snprintf(detail, sizeof detail, "the machine died of signal %d", sig);
	if (exec_report(x, "HostError", detail, NULL, &e)) {
		complain("%s", e.msg);
		return e.status;
	}
	complain("%s", detail);
	return EX_SOFTWARE;
}

int
exec_child(struct exec *x, int *status, struct err *e)
{
	pid_t child;
	int how;

	fflush(NULL);
	child = child_fork();
	if (child < 0)
		return err_set(e, EX_OSERR, "cannot fork:");
	if (child == 0)
		be_child(x);
	while (waitpid(child, &how, 0) < 0)
		if (errno != EINTR)
			return err_set(e, EX_OSERR,
			    "cannot wait for the guest:");
	*status = WIFEXITED(how) ? WEXITSTATUS(how) : died(x, WTERMSIG(how));
	return 0;
}
