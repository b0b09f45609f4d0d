#include "stark/check.h"

#include <stdarg.h>
#include <stdio.h>

int
check_refuse(struct shard_check *c, const char *fmt, ...)
{
	char msg[sizeof c->err->msg];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	return err_set(c->err, EX_NO, "%s", msg);
}

void *
check_alloc(struct shard_check *c, size_t n, size_t size)
{
	void *v = arena_alloc(&c->tmp, n, size);

	if (v == NULL)
		err_set(c->err, EX_OSERR, "no memory for the verifier");
	return v;
}

ef *
check_point(struct shard_check *c, unsigned n)
{
	ef *point = check_alloc(c, n, sizeof *point);

	for (unsigned i = 0; point != NULL && i < n; i++)
		point[i] = challenger_sample_ef(&c->t);
	return point;
}
