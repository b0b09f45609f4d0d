#include "base/clock.h"
#include "base/io.h"
#include "exec/exec.h"
#include "riscv/rv.h"

static void
on_line(void *ctx, int fd, const char *text, size_t len)
{
	const struct exec *x = ctx;

	exec_line(stderr, x->raw, fd, text, len);
}

static int
on_records(void *ctx, const void *bytes, size_t len)
{
	struct exec *x = ctx;

	return write_all(x->out, bytes, len, "the records", &x->unwritten);
}

/* Says why; the exit status. */
static int
told(const struct err *e)
{
	complain("%s", e->msg);
	return e->status;
}

/* The program or the input, of that name, is none: the exit status. */
static int
refused(const struct exec *x, const char *cause, const char *name,
    const struct err *why)
{
	struct err e;

	if (exec_report(x, cause, why->msg, NULL, &e))
		return told(&e);
	complain("%s: %s", name, why->msg);
	return why->status;
}

/* The guest ran, but did not halt: the exit status. */
static int
failed(const struct exec *x, const struct vm_result *r)
{
	if (x->unwritten.status)
		return told(&x->unwritten);
	complain("the guest failed at 0x%llx after %llu cycles: %s: %s",
	    (unsigned long long)r->pc, (unsigned long long)r->cycles,
	    vm_cause_name(r->cause), r->detail);
	return r->cause == VM_HostError ? EX_OSERR : EX_DATAERR;
}

/* What the input carries is none, or does not hold: the exit status. */
static int
refused_proofs(const struct exec *x, struct err *e)
{
	if (e->status == EX_OSERR)
		return refused(x, "HostError", x->input, e);
	if (e->status != EX_NO)
		return refused(x, "InvalidInput", x->input, e);
	e->status = EX_DATAERR;
	return refused(x, "InvalidProof", x->input, e);
}

static void
warn_of(const struct exec *x, const struct vm_result *r)
{
	if (!x->records && !vm_committed(r))
		complain("warning: the guest did not give COMMIT the hash "
		    "of its public values: such a run has no proof");
	if (!exec_proofs_match(x, r))
		complain("warning: the guest did not verify the proofs of its "
		    "input, all and in their order: such a run has no "
		    "compressed proof");
}

/* It halted: the exit status. */
static int
halted(const struct exec *x, const struct vm_result *r)
{
	warn_of(x, r);
	if (r->exit_code == 0)
		return 0;
	complain("the guest halted with code %llu",
	    (unsigned long long)r->exit_code);
	return EX_NO;
}

/* The exit status, and all that is said and written of the run. */
static int
outcome(const struct exec *x, const struct vm_result *r, double seconds)
{
	struct err e;
	int status;

	if (x->verbose)
		complain("%llu cycles, %llu gas, %.3f s",
		    (unsigned long long)r->cycles, (unsigned long long)r->gas,
		    seconds);
	if (r->cause == VM_halted && !x->records && write_all(x->out,
	    r->public_values, r->npublic_values, "the public values", &e))
		return told(&e);
	status = r->cause == VM_halted ? halted(x, r) : failed(x, r);
	if (exec_report(x, vm_cause_name(r->cause), x->unwritten.status ?
	    x->unwritten.msg : r->detail, r, &e))
		return told(&e);
	return status;
}

int
exec_run(struct exec *x)
{
	struct vm_config c = x->config;
	const struct vm_result *r;
	struct rv_program p;
	struct err e;
	struct vm *m;
	double start;
	int status;

	c.on_line = x->quiet ? NULL : on_line;
	c.on_records = x->records ? on_records : NULL;
	c.ctx = x;
	if (rv_load(&p, x->elf, x->nelf, &e))
		return refused(x, "InvalidProgram", x->program, &e);
	if (x->unread.status && x->unread.status != EX_DATAERR)
		return told(&x->unread);
	if (x->unread.status)
		return refused(x, "InvalidInput", x->input, &x->unread);
	m = vm_new(&p, &c, &e);
	if (!m)
		return told(&e);
	if (exec_input(x, m, &e))
		return refused(x, e.status == EX_DATAERR ? "InvalidInput" :
		    "HostError", x->input, &e);
	if (exec_proofs(x, m, &e))
		return refused_proofs(x, &e);
	start = clock_s();
	r = vm_run(m);
	fflush(stderr);
	status = outcome(x, r, clock_s() - start);
	vm_free(m);
	rv_free(&p);
	return status;
}
