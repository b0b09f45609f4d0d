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
#include "worker/child.h"
#include "worker/worker.h"

#define REPORT_MAX RECORD_MAX

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

static int
spawn(struct run *r, uint64_t cycle_limit, size_t input, const char *folder)
{
	char limit[24], most[24];
	char *exec[18] = { (char *)r->w->exec, "-p", CHILD_FILE, "--records", "-q",
		"--report", "/proc/self/fd/3", "--brief", "--max-output",
		(char *)r->w->max_output, "--max-input", most };
	char **also = exec + 12;
	char *prover[12] = { (char *)r->w->prover, "-p", CHILD_FILE, "-m",
		(char *)net_mode_name(r->j->mode), "--no-verify",
		"--progress=3" };
	char **more = prover + 7;
	int pipes[5][2], null = open("/dev/null", O_RDWR | O_CLOEXEC), n = 0;
	enum { INPUT, RECORDS, REPORT, PROOF, PROGRESS };

	snprintf(limit, sizeof limit, "%llu", (unsigned long long)cycle_limit);
	snprintf(most, sizeof most, "%llu",
	    (unsigned long long)input_most(r->w, input));
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
		r->exec = child_start(pipes[INPUT][0], pipes[RECORDS][1], null,
		    pipes[REPORT][1], r->elf, exec);
		r->prover = r->exec < 0 ? -1 : child_start(pipes[RECORDS][0],
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
stop(struct run *r)
{
	if (r->prover > 0) {
		child_reap(&r->prover, &r->prover_status, WNOHANG);
		r->prover_first = r->prover == 0;
	}
	child_kill(&r->exec, &r->exec_status);
	child_kill(&r->prover, &r->prover_status);
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
	child_shut(&r->input);
	secmem_free(input);
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
read_report(const struct run *r, struct outcome *o)
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
	if (bad && WIFSIGNALED(r->exec_status))
		return outcome_later(o, "sp1-exec died of signal %d",
		    WTERMSIG(r->exec_status));
	if (bad)
		return outcome_later(o, "sp1-exec gave no report");
	if (strcmp(o->machine, "HostError") == 0)
		return outcome_later(o, "sp1-exec failed by itself");
	if (strcmp(o->machine, "InvalidProgram") == 0)
		return outcome_fail(o, NET_ERR_VK, "program_malformed",
		    "sp1-exec refuses the program");
	if (strcmp(o->machine, "InvalidInput") == 0)
		return outcome_fail(o, NET_ERR_EXECUTION, "input_malformed",
		    "it is no SP1Stdin (bincode, or that inside one zstd frame), or "
		    "too long");
	if (strcmp(o->machine, "InvalidProof") == 0)
		return outcome_fail(o, NET_ERR_EXECUTION, "input_proof_invalid",
		    "a proof that the input carries does not hold");
	o->ran = true;
	if (strcmp(o->machine, "Unprovable") == 0)
		return outcome_fail(o, NET_ERR_PROVING, "unprovable",
		    "the guest runs, and SP1 has no proof of such a run");
	if (strcmp(o->machine, "ExceededCycleLimit") == 0 &&
	    r->w->max_cycles && less(r->j->cycle_limit, r->w->max_cycles) !=
	    r->j->cycle_limit)
		return too_much(o, "over_cycle_limit");
	if (strcmp(o->machine, "TooMuchMemory") == 0 && r->w->max_memory)
		return too_much(o, "over_memory_limit");
	if (strcmp(o->machine, "TooMuchOutput") == 0)
		return too_much(o, "over_output_limit");
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
	if (r->w->max_gas && o->gas > r->w->max_gas)
		return too_much(o, "over_gas_limit");
	if (r->j->mode != NET_CORE && !match)
		return outcome_fail(o, NET_ERR_PROVING, "unprovable",
		    "the guest did not verify the proofs of its input, all and "
		    "in their order");
	return 0;
}

/* Is the run, which has ended well, one to be proved? */
static bool
will_do(const struct run *r)
{
	struct outcome o = { 0 };

	return read_report(r, &o) == 0;
}

/* Nothing more comes of it: its end is looked for, however long it takes. */
static bool
ending(int fd, pid_t pid)
{
	return fd < 0 && pid > 0;
}

/* What has ended by itself; false when there is no proof to wait for: of a guest that
 * failed, or did too much. */
static bool
reap(struct run *r)
{
	if (ending(r->proof, r->prover)) {
		child_reap(&r->prover, &r->prover_status, WNOHANG);
		r->prover_first = r->prover == 0;
	}
	if (!ending(r->report, r->exec))
		return true;
	child_reap(&r->exec, &r->exec_status, WNOHANG);
	return r->exec > 0 || (WIFEXITED(r->exec_status) &&
	    WEXITSTATUS(r->exec_status) == 0 && will_do(r));
}

/* Until both have ended, or there is reason to end them. */
static void
attend(struct run *r, struct secmem *input)
{
	size_t at = 0;

	while (r->exec > 0 || r->prover > 0) {
		struct pollfd p[4] = {
			{ .fd = r->input, .events = POLLOUT },
			{ .fd = r->report, .events = POLLIN },
			{ .fd = r->proof, .events = POLLIN },
			{ .fd = r->progress, .events = POLLIN },
		};

		(void)poll(p, 4, ending(r->report, r->exec) ||
		    ending(r->proof, r->prover) ? 1 : 500);
		if (r->w->stop)
			return;
		if (p[0].revents)
			feed(r, input, &at);
		if (p[1].revents && !buffer_drain(&r->report_text, r->report))
			child_shut(&r->report);
		if (p[2].revents && !buffer_drain(&r->proof_bytes, r->proof))
			child_shut(&r->proof);
		if (!reap(r))
			return;
		if (p[3].revents) {
			if (!buffer_drain(&r->line, r->progress) && !r->line.over)
				child_shut(&r->progress);
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
		.w = w, .j = j, .elf = p->elf, .input = -1, .report = -1, .proof = -1,
		.progress = -1, .report_text.max = REPORT_MAX,
		.proof_bytes.max = w->max_proof, .line.max = 65536,
		.told = { .phase = "proving", .left = UINT64_MAX },
	};
	int bad;

	*proof = NULL;
	bad = spawn(&r, less(j->cycle_limit, w->max_cycles), input->n, folder) < 0;
	if (!bad)
		attend(&r, input);
	secmem_free(input);
	stop(&r);
	child_shut(&r.input);
	child_shut(&r.report);
	child_shut(&r.proof);
	child_shut(&r.progress);
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
