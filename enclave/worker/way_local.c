/*
 * sp1-exec | sp1-prove-gpu, as children joined by pipes.
 *
 *	input -> sp1-exec -> records -> sp1-prove-gpu -> proof
 *	             `-> report (its descriptor 3)    `-> progress (its 3)
 *
 * The program is in a file of memory, descriptor 4 of both.  What sp1-exec prints is
 * the guest's, and goes nowhere; nor does what the prover says, which nobody has
 * looked through for the guest's.
 */
#include "worker/way.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "wire/network.h"
#include "wire/record.h"
#include "worker/worker.h"

#define REPORT_MAX RECORD_MAX
#define ELF_PATH "/proc/self/fd/4"

struct buffer {
	uint8_t *p;
	size_t n, room, max;
	bool over;
};

struct run {
	struct worker *w;
	struct job *j;
	int elf;
	int input, report, proof, progress;	/* our ends; -1 closed */
	pid_t exec, prover;			/* 0: has ended */
	int exec_status, prover_status;
	struct buffer report_text, proof_bytes, line;
	struct told told;
	bool late, slow, prover_first;
};

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int
program_file(const struct program *p)
{
	int fd = memfd_create("guest", MFD_CLOEXEC);
	size_t at = 0;

	while (fd >= 0 && at < p->n) {
		ssize_t k = write(fd, p->elf + at, p->n - at);

		if (k <= 0) {
			close(fd);
			return -1;
		}
		at += (size_t)k;
	}
	return fd;
}

/* In the child: in, out and err become 0, 1, 2; third becomes 3, the program 4.
 * Numbers below 10 are out of the way first. */
static void
become(int in, int out, int err, int third, int elf, char *const argv[],
    pid_t parent)
{
	static const struct rlimit none = { 0, 0 };
	sigset_t all;
	int fd[5] = { in, out, err, third, elf };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(EX_OSERR);
	setrlimit(RLIMIT_CORE, &none);
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	signal(SIGPIPE, SIG_DFL);
	for (int i = 0; i < 5; i++)
		if (fd[i] >= 0 && (fd[i] = fcntl(fd[i], F_DUPFD, 10)) < 0)
			_exit(EX_OSERR);
	for (int i = 0; i < 5; i++)
		if (fd[i] >= 0 && dup2(fd[i], i) < 0)
			_exit(EX_OSERR);
	for (int i = 10; i < 40; i++)
		close(i);
	execvp(argv[0], argv);
	_exit(EX_UNAVAILABLE);
}

static pid_t
start(int in, int out, int err, int third, int elf, char *const argv[])
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		become(in, out, err, third, elf, argv, parent);
	return pid;
}

static int
spawn(struct run *r, uint64_t cycle_limit, const char *folder)
{
	char limit[24];
	char *exec[12] = { (char *)r->w->exec, "-p", ELF_PATH, "--records", "-q",
		"--report", "/proc/self/fd/3" };
	char **also = exec + 7;
	char *prover[12] = { (char *)r->w->prover, "-p", ELF_PATH, "-m",
		(char *)net_mode_name(r->j->mode), "--no-verify",
		"--progress=3" };
	char **more = prover + 7;
	int pipes[5][2], null = open("/dev/null", O_RDWR | O_CLOEXEC), n = 0;
	enum { INPUT, RECORDS, REPORT, PROOF, PROGRESS };

	snprintf(limit, sizeof limit, "%llu", (unsigned long long)cycle_limit);
	if (cycle_limit) {
		*also++ = "--max-cycles";
		*also++ = limit;
	}
	if (r->w->max_memory) {
		*also++ = "--max-memory";
		*also++ = (char *)r->w->max_memory;
	}
	if (r->w->threads) {
		*more++ = "-j";
		*more++ = (char *)r->w->threads;
	}
	if (folder) {
		*more++ = "--work";
		*more++ = (char *)folder;
	}
	while (null >= 0 && n < 5 && pipe2(pipes[n], O_CLOEXEC) == 0)
		n++;
	if (n == 5) {
		r->exec = start(pipes[INPUT][0], pipes[RECORDS][1], null,
		    pipes[REPORT][1], r->elf, exec);
		r->prover = r->exec < 0 ? -1 : start(pipes[RECORDS][0],
		    pipes[PROOF][1], null, pipes[PROGRESS][1], r->elf,
		    prover);
	}
	if (null >= 0)
		close(null);
	for (int i = 0; i < n; i++) {
		bool ours_writes = i == INPUT;
		int *mine = i == INPUT ? &r->input : i == REPORT ?
		    &r->report : i == PROOF ? &r->proof : i == PROGRESS ?
		    &r->progress : NULL;

		if (mine && n == 5) {
			*mine = pipes[i][ours_writes];
			fcntl(*mine, F_SETFL, O_NONBLOCK);
			close(pipes[i][!ours_writes]);
		} else {
			close(pipes[i][0]);
			close(pipes[i][1]);
		}
	}
	return n == 5 && r->exec > 0 && r->prover > 0 ? 0 : -1;
}

/* Reads what is there; false at the end. */
static bool
drain(int fd, struct buffer *b)
{
	for (;;) {
		ssize_t k;

		if (b->n == b->room) {
			size_t room = b->room ? 2 * b->room : 65536;
			uint8_t *p;

			if (room > b->max)
				room = b->max;
			p = b->n < room ? realloc(b->p, room) : NULL;
			if (!p) {
				b->over = true;
				return false;
			}
			b->p = p;
			b->room = room;
		}
		k = read(fd, b->p + b->n, b->room - b->n);
		if (k < 0)
			return errno == EAGAIN || errno == EINTR;
		if (k == 0)
			return false;
		b->n += (size_t)k;
	}
}

/* A line of the prover's --progress. */
static void
take_line(struct told *t, const char *line, size_t n)
{
	const char *step;
	struct record rec;

	if (record_parse(&rec, line, n, NULL) == 0 &&
	    record_str(&rec, "phase", &step, NULL) == 0) {
		snprintf(t->step, sizeof t->step, "%s", step);
		/* What is not told of a shard's phases is not known. */
		if (record_u64(&rec, "done", &t->done, NULL) == 0) {
			if (record_u64(&rec, "shards", &t->shards, NULL) < 0)
				t->shards = 0;
			if (record_u64(&rec, "seconds_left", &t->left,
			    NULL) < 0)
				t->left = UINT64_MAX;
			(void)!record_u64(&rec, "cycles", &t->cycles, NULL);
			(void)!record_u64(&rec, "cycles_per_second", &t->rate,
			    NULL);
		}
	}
	record_free(&rec);
}

static void
watch_progress(struct run *r)
{
	struct buffer *b = &r->line;
	uint8_t *end;
	bool news = false;

	while (b->n && (end = memchr(b->p, '\n', b->n))) {
		take_line(&r->told, (char *)b->p, (size_t)(end - b->p));
		news = true;
		b->n -= (size_t)(end + 1 - b->p);
		memmove(b->p, end + 1, b->n);
	}
	if (b->n == b->max)
		b->n = 0;	/* no line of the prover's is so long */
	if (news)
		beats_tell(r->j->beats, &r->told);
}

static void
reap(pid_t *pid, int *status, int options)
{
	if (*pid > 0 && waitpid(*pid, status, options) == *pid)
		*pid = 0;
}

static void
stop(struct run *r)
{
	if (r->prover > 0) {
		reap(&r->prover, &r->prover_status, WNOHANG);
		r->prover_first = r->prover == 0;
	}
	if (r->exec > 0)
		kill(r->exec, SIGKILL);
	if (r->prover > 0)
		kill(r->prover, SIGKILL);
	reap(&r->exec, &r->exec_status, 0);
	reap(&r->prover, &r->prover_status, 0);
}

static void
feed(struct run *r, struct secmem *input, size_t *at)
{
	while (*at < input->n) {
		ssize_t k = write(r->input, input->p + *at, input->n - *at);

		if (k < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (k <= 0)
			break;		/* its report tells why it is gone */
		*at += (size_t)k;
	}
	shut(&r->input);
	secmem_free(input);
}

/* Until both have ended, or there is reason to end them. */
static void
attend(struct run *r, struct secmem *input)
{
	size_t at = 0;

	while (r->report >= 0 || r->proof >= 0) {
		struct pollfd p[4] = {
			{ .fd = r->input, .events = POLLOUT },
			{ .fd = r->report, .events = POLLIN },
			{ .fd = r->proof, .events = POLLIN },
			{ .fd = r->progress, .events = POLLIN },
		};

		(void)poll(p, 4, 500);
		if (r->w->stop)
			return;
		if (p[0].revents)
			feed(r, input, &at);
		if (p[1].revents && !drain(r->report, &r->report_text)) {
			shut(&r->report);
			/* A guest that failed has no proof to wait for. */
			reap(&r->exec, &r->exec_status, 0);
			if (!WIFEXITED(r->exec_status) ||
			    WEXITSTATUS(r->exec_status) != 0)
				return;
		}
		if (p[2].revents && !drain(r->proof, &r->proof_bytes))
			shut(&r->proof);
		if (p[3].revents) {
			if (!drain(r->progress, &r->line) && !r->line.over)
				shut(&r->progress);
			r->line.over = false;
			watch_progress(r);
		}
		if (clock_unix() > r->j->deadline) {
			r->late = true;
			return;
		}
		r->slow = r->w->max_seconds && clock_unix() -
		    r->j->started > r->w->max_seconds;
		if (r->j->lost || r->j->cancelled || r->slow)
			return;
	}
}

static const struct {
	const char *machine;
	int execution;
} causes[] = {
	{ "InvalidMemoryAccess", NET_CAUSE_MEMORY },
	{ "InvalidJump", NET_CAUSE_MEMORY },
	{ "TooMuchMemory", NET_CAUSE_MEMORY },
	{ "Unimplemented", NET_CAUSE_UNIMPLEMENTED },
	{ "UnsupportedSyscall", NET_CAUSE_SYSCALL },
	{ "InvalidSyscallUsage", NET_CAUSE_SYSCALL_USE },
	{ "ExceededCycleLimit", NET_CAUSE_CYCLES },
	{ "ExceededUnconstrainedLimit", NET_CAUSE_CYCLES },
};

static int
guest_failed(struct outcome *o, int cause)
{
	o->execution = cause;
	return outcome_fail(o, NET_ERR_EXECUTION, net_cause_name(cause), "%s",
	    "");
}

/* The less of two limits, of which 0 is none. */
static uint64_t
less(uint64_t a, uint64_t b)
{
	return !a || (b && b < a) ? b : a;
}

/* A limit of the operator's: the guest might well run elsewhere. */
static int
too_much(struct outcome *o, const char *cause)
{
	return outcome_fail(o, NET_ERR_PROVING, cause,
	    "it needs more than this prover's operator allows a job");
}

/* What sp1-exec says of the run: 0 when it can be proved.  Its "detail" goes no further:
 * the addresses, numbers and counts there may follow from the input, and a job's record
 * leaves the enclave. */
static int
read_report(struct run *r, struct outcome *o)
{
	const char *cause;
	struct record rec;
	bool match;
	int bad;

	bad = record_parse(&rec, (const char *)r->report_text.p,
	    r->report_text.n, NULL) < 0 ||
	    record_str(&rec, "cause", &cause, NULL) < 0 ||
	    record_u64(&rec, "exit_code", &o->exit_code, NULL) < 0 ||
	    record_u64(&rec, "cycles", &o->cycles, NULL) < 0 ||
	    record_u64(&rec, "gas", &o->gas, NULL) < 0 ||
	    record_bool(&rec, "proofs_match", &match, NULL) < 0;
	if (!bad)
		snprintf(o->machine, sizeof o->machine, "%s", cause);
	record_free(&rec);
	if (bad)
		return outcome_later(o, "sp1-exec gave no report");
	if (strcmp(o->machine, "HostError") == 0)
		return outcome_later(o, "sp1-exec failed by itself");
	o->ran = true;
	if (strcmp(o->machine, "InvalidProgram") == 0)
		return outcome_fail(o, NET_ERR_VK, "program_malformed",
		    "sp1-exec refuses the program");
	if (strcmp(o->machine, "InvalidInput") == 0)
		return outcome_fail(o, NET_ERR_EXECUTION, "input_malformed",
		    "sp1-exec refuses the input");
	if (strcmp(o->machine, "InvalidProof") == 0)
		return outcome_fail(o, NET_ERR_EXECUTION, "input_proof_invalid",
		    "a proof that the input carries does not hold");
	if (strcmp(o->machine, "Unprovable") == 0)
		return outcome_fail(o, NET_ERR_PROVING, "unprovable",
		    "the guest runs, and SP1 has no proof of such a run");
	if (strcmp(o->machine, "ExceededCycleLimit") == 0 &&
	    r->w->max_cycles && less(r->j->cycle_limit, r->w->max_cycles) !=
	    r->j->cycle_limit)
		return too_much(o, "over_cycle_limit");
	if (strcmp(o->machine, "TooMuchMemory") == 0 && r->w->max_memory)
		return too_much(o, "over_memory_limit");
	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
		if (strcmp(o->machine, causes[i].machine) == 0)
			return guest_failed(o, causes[i].execution);
	if (strcmp(o->machine, "halted") != 0)
		return outcome_fail(o, NET_ERR_EXECUTION, "unknown",
		    "sp1-exec ended in a way that is not known here");
	if (o->exit_code != 0)
		return guest_failed(o, NET_CAUSE_NONZERO_EXIT);
	if (r->j->gas_limit && o->gas > r->j->gas_limit)
		return guest_failed(o, NET_CAUSE_GAS);
	if (r->j->mode != NET_CORE && !match)
		return outcome_fail(o, NET_ERR_PROVING, "unprovable",
		    "the guest did not verify the proofs of its input, all and "
		    "in their order");
	return 0;
}

static int
conclude(struct run *r, struct outcome *o)
{
	int s;

	if (r->j->lost) {
		o->end = END_LOST;
		return -1;
	}
	if (r->w->stop || r->j->cancelled) {
		o->patient = true;	/* job.c knows the rest */
		return outcome_later(o, "the worker stops");
	}
	if (r->slow)
		return too_much(o, "over_time_limit");
	if (r->late) {
		o->end = END_OVER;
		snprintf(o->cause, sizeof o->cause, "deadline_passed");
		o->of_run = true;
		snprintf(o->detail, sizeof o->detail, r->told.shards ?
		    "while proving, shards done: %llu of %llu" :
		    "while proving, shards done: %llu",
		    (unsigned long long)r->told.done,
		    (unsigned long long)r->told.shards);
		return -1;
	}
	s = r->prover_status;
	o->unwritten = WIFEXITED(s) && (WEXITSTATUS(s) == EX_CANTCREAT ||
	    WEXITSTATUS(s) == EX_IOERR);
	/* Without anybody to read its records sp1-exec ends without a word. */
	if (r->report_text.n == 0 && r->prover_first)
		return WIFSIGNALED(s) ? outcome_later(o,
		    "the prover died of signal %d", WTERMSIG(s)) :
		    outcome_later(o, "the prover failed (%d)",
		    WEXITSTATUS(s));
	if (read_report(r, o) < 0)
		return -1;
	if (r->proof_bytes.over)
		return outcome_fail(o, NET_ERR_PROVING, "proof_too_long",
		    "the proof has more than %zu bytes", r->w->max_proof);
	if (WIFSIGNALED(s))
		return outcome_later(o, "the prover died of signal %d",
		    WTERMSIG(s));
	if (WEXITSTATUS(s) == EX_DATAERR)
		return outcome_fail(o, NET_ERR_PROVING, "proving_failed",
		    "the prover refuses the run");
	if (WEXITSTATUS(s) != 0)
		return outcome_later(o, "the prover failed (%d)",
		    WEXITSTATUS(s));
	snprintf(o->cause, sizeof o->cause, "halted");
	return 0;
}

static int
prove(struct worker *w, struct job *j, const struct program *p,
    struct secmem *input, const char *folder, uint8_t **proof, size_t *n,
    struct outcome *o)
{
	struct run r = {
		.w = w, .j = j, .input = -1, .report = -1, .proof = -1,
		.progress = -1, .report_text.max = REPORT_MAX,
		.proof_bytes.max = w->max_proof, .line.max = 65536,
		.told = { .phase = "proving", .left = UINT64_MAX },
	};
	int bad;

	*proof = NULL;
	r.elf = program_file(p);
	bad = r.elf < 0 || spawn(&r, less(j->cycle_limit,
	    w->max_cycles), folder) < 0;
	if (!bad)
		attend(&r, input);
	secmem_free(input);
	/* The prover writes its proof last, and is done with that. */
	if (!bad && r.report < 0 && r.proof < 0 && !r.proof_bytes.over &&
	    r.exec_status == 0)
		reap(&r.prover, &r.prover_status, 0);
	stop(&r);
	shut(&r.elf);
	shut(&r.input);
	shut(&r.report);
	shut(&r.proof);
	shut(&r.progress);
	bad = bad ? outcome_later(o, "cannot start sp1-exec and "
	    "sp1-prove-gpu") : conclude(&r, o);
	/* Public values are in it, which are the client's to publish. */
	if (r.report_text.p)
		wipe(r.report_text.p, r.report_text.room);
	free(r.report_text.p);
	free(r.line.p);
	if (bad < 0) {
		/* It is nobody's now, and tells of the input. */
		if (r.proof_bytes.p)
			wipe(r.proof_bytes.p, r.proof_bytes.room);
		free(r.proof_bytes.p);
		return -1;
	}
	*proof = r.proof_bytes.p;
	*n = r.proof_bytes.n;
	return 0;
}

const struct way way_local = { .prove = prove };
