/* The guest's input, which nobody but the child has: as it came, then taken out of its frame,
 * and in the end the machine's, in one copy. */
#include "exec/exec.h"
#include "wire/bincode.h"
#include "wire/unpack.h"

#define ITEM 64			/* bytes that an item counts for, at least */

/* A table of the items is made before they are looked at. */
static int
few_items(const struct secmem *in, uint64_t max, struct err *e)
{
	struct bin_reader r;
	uint64_t items;

	bin_read(&r, in->p, in->n, "SP1Stdin", NULL);
	items = bin_u64(&r);
	return items > max / ITEM && items <= in->n / 8 ?
	    err_set(e, EX_DATAERR, "more than %llu items",
	    (unsigned long long)max / ITEM) : 0;
}

void
exec_read(struct exec *x)
{
	/* What cannot be packed is longer in its frame. */
	size_t most = x->max_input + x->max_input / 128 + 1024;

	(void)!secmem_read(&x->in, x->fd, most, x->input, &x->unread);
	/* Its message has the name, as that of others has not. */
	if (x->unread.status == EX_DATAERR || (x->unread.status == 0 &&
	    x->in.n > x->max_input && !unpack_is_zstd(x->in.p, x->in.n)))
		err_set(&x->unread, EX_DATAERR, "longer than %llu bytes",
		    (unsigned long long)x->max_input);
}

uint64_t
exec_input_most(const struct exec *x)
{
	return unpack_is_zstd(x->in.p, x->in.n) ? x->max_input : x->in.n;
}

int
exec_input(struct exec *x, struct vm *m, struct err *e)
{
	struct secmem out = { 0 };

	if (unpack_is_zstd(x->in.p, x->in.n)) {
		int bad = unpack_artifact(&out, x->in.p, x->in.n, x->max_input, e);

		secmem_free(&x->in);
		x->in = out;
		if (bad < 0)
			return -1;
	}
	return few_items(&x->in, x->max_input, e) < 0 ? -1 :
	    vm_take_input(m, &x->in, e);
}
