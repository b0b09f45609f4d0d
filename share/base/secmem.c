#include "base/secmem.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static bool strict;

void
secmem_strict(void)
{
	strict = true;
}

void
wipe(void *p, size_t n)
{
	if (n > 0)
		explicit_bzero(p, n);
}

int
secmem_need(struct secmem *m, size_t cap, struct err *e)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size;
	struct secmem new = { .n = m->n };

	if (cap <= m->cap)
		return 0;
	/* At least twice as much, so that growing costs no more than once. */
	size = m->cap > SIZE_MAX / 4 || cap > 2 * m->cap ? cap : 2 * m->cap;
	if (size > SIZE_MAX / 2)
		return err_set(e, EX_OSERR, "out of memory");
	new.cap = (size + page - 1) / page * page;
	new.p = mmap(NULL, new.cap, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (new.p == MAP_FAILED)
		return err_set(e, EX_OSERR, "out of memory");
	if (madvise(new.p, new.cap, MADV_DONTDUMP) < 0) {
		err_set(e, EX_OSERR, "cannot keep memory out of dumps:");
		munmap(new.p, new.cap);
		return -1;
	}
	new.locked = mlock(new.p, new.cap) == 0;
	if (!new.locked && strict) {
		err_set(e, EX_OSERR,
		    "cannot lock %zu bytes of memory (RLIMIT_MEMLOCK):",
		    new.cap);
		munmap(new.p, new.cap);
		return -1;
	}
	if (m->n > 0)
		memcpy(new.p, m->p, m->n);
	secmem_free(m);
	*m = new;
	return 0;
}

int
secmem_read(struct secmem *m, int fd, size_t max, const char *name,
    struct err *e)
{
	uint8_t extra;
	ssize_t got;

	for (;;) {
		if (m->n < max && m->n == m->cap && secmem_need(m,
		    m->n < max / 2 ? 2 * m->n + 4096 : max, e) < 0)
			return err_prefix(e, "%s", name);
		/* At the limit one byte more tells that there is one. */
		if (m->n < max)
			got = read(fd, m->p + m->n,
			    (m->cap < max ? m->cap : max) - m->n);
		else
			got = read(fd, &extra, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(e, EX_IOERR, "cannot read %s:", name);
		if (got == 0)
			return 0;
		if (m->n >= max) {
			wipe(&extra, 1);
			return err_set(e, EX_DATAERR,
			    "%s: longer than %zu bytes", name, max);
		}
		m->n += (size_t)got;
	}
}

void
secmem_free(struct secmem *m)
{
	if (m->p != NULL) {
		wipe(m->p, m->cap);
		munmap(m->p, m->cap);
	}
	memset(m, 0, sizeof(*m));
}

int
no_dumps(struct err *e)
{
	static const struct rlimit none;

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    setrlimit(RLIMIT_CORE, &none) < 0)
		return err_set(e, EX_OSERR, "cannot turn core dumps off:");
	return 0;
}
