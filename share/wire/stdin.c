#include "wire/stdin.h"

#include <string.h>

#include "wire/bincode.h"

int
stdin_parse(struct sp1_stdin *s, struct arena *a, const uint8_t *in, size_t n,
    struct err *e)
{
	struct bin_reader r;
	struct sp1_stdin t = { 0 };
	size_t i;

	memset(s, 0, sizeof(*s));
	bin_read(&r, in, n, "SP1Stdin", e);
	t.n = bin_count(&r, 8);
	if (r.failed)
		return -1;
	t.item = arena_alloc(a, t.n, sizeof(*t.item));
	if (t.item == NULL)
		return err_set(e, EX_OSERR, "SP1Stdin: out of memory");
	for (i = 0; i < t.n && !r.failed; i++)
		t.item[i].p = bin_bytes(&r, &t.item[i].n);
	t.ptr = bin_u64(&r);
	t.nproofs = bin_u64(&r);
	if (t.nproofs > 0) {
		t.proofs_len = bin_left(&r);
		t.proofs = bin_take(&r, t.proofs_len);
		if (t.nproofs > t.proofs_len)
			bin_fault(&r, "more proofs than bytes");
	}
	if (bin_done(&r) < 0)
		return -1;
	*s = t;
	return 0;
}

static void
put(struct bin_writer *w, const struct sp1_stdin *s)
{
	size_t i;

	bin_put_u64(w, s->n);
	for (i = 0; i < s->n; i++)
		bin_put_bytes(w, s->item[i].p, s->item[i].n);
	bin_put_u64(w, s->ptr);
	bin_put_u64(w, s->nproofs);
	bin_put(w, s->proofs, s->proofs_len);
}

size_t
stdin_size(const struct sp1_stdin *s)
{
	struct bin_writer w;

	bin_write(&w, NULL, 0);
	put(&w, s);
	return w.n;
}

void
stdin_write(uint8_t *out, const struct sp1_stdin *s)
{
	struct bin_writer w;

	bin_write(&w, out, SIZE_MAX);
	put(&w, s);
}
