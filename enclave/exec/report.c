#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "exec/exec.h"

static void
counts(struct jw *j, const struct vm_result *r)
{
	jw_object(j, "opcodes");
	for (int op = 0; op < RV_NOPCODES; op++)
		if (r->opcodes[op] > 0)
			jw_u64(j, rv_name(op), r->opcodes[op]);
	jw_end(j);
	jw_object(j, "syscalls");
	for (size_t i = 0; i < r->nsyscalls; i++)
		jw_u64(j, r->syscalls[i].name, r->syscalls[i].count);
	jw_end(j);
}

static void
proofs(struct jw *j, const struct exec *x, const struct vm_result *r)
{
	jw_big(j, "proofs", x->nproofs);
	jw_u64(j, "verify_calls", r->verify_calls);
	jw_hex(j, "deferred_digest", r->deferred_digest,
	    sizeof r->deferred_digest);
	jw_bool(j, "proofs_match", exec_proofs_match(x, r));
}

int
exec_report(const struct exec *x, const char *cause, const char *detail,
    const struct vm_result *r, struct err *e)
{
	static const struct vm_result nothing;
	struct jw j;
	FILE *f;
	int k;

	if (x->report < 0)
		return 0;
	if (!r)
		r = &nothing;
	f = fdopen(dup(x->report), "w");
	if (!f)
		return err_set(e, EX_OSERR, "cannot write %s:", x->report_name);
	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_str(&j, "cause", cause);
	jw_str(&j, "detail", detail);
	jw_big(&j, "exit_code", r->exit_code);
	jw_u64(&j, "cycles", r->cycles);
	jw_u64(&j, "gas", r->gas);
	if (!x->brief)
		jw_hex(&j, "public_values", r->public_values,
		    r->npublic_values);
	jw_hex(&j, "committed_digest", r->digest, sizeof r->digest);
	proofs(&j, x, r);
	counts(&j, r);
	jw_end(&j);
	k = jw_finish(&j, x->report_name, e);
	fclose(f);
	return k;
}

bool
exec_report_whole(int fd)
{
	struct stat st;
	char last = '\n';

	return fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) == 1 &&
	    last == '\n');
}
