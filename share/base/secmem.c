#include "base/secmem.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define DOUBLED ((size_t)16 << 20)	/* what is shorter doubles when it grows */

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

static int
fresh(struct secmem *m, size_t size, struct err *e)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return err_set(e, EX_OSERR, "out of memory");
	if (madvise(p, size, MADV_DONTDUMP) < 0) {
		err_set(e, EX_OSERR, "cannot keep memory out of dumps:");
		munmap(p, size);
		return -1;
	}
	m->p = p;
	m->cap = size;
	return 0;
}

/* The pages themselves move, and stay locked and out of dumps: no copy is left. */
static int
larger(struct secmem *m, size_t size, struct err *e)
{
	void *p = mremap(m->p, m->cap, size, MREMAP_MAYMOVE);

	if (p == MAP_FAILED && errno == EAGAIN && m->locked && !strict) {
		munlock(m->p, m->cap);
		m->locked = false;
		p = mremap(m->p, m->cap, size, MREMAP_MAYMOVE);
	}
	if (p == MAP_FAILED)
		return errno == EAGAIN ? err_set(e, EX_OSERR,
		    "cannot lock %zu bytes of memory (RLIMIT_MEMLOCK):", size) :
		    err_set(e, EX_OSERR, "out of memory");
	m->p = p;
	m->cap = size;
	return 0;
}

int
secmem_need(struct secmem *m, size_t cap, struct err *e)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size;

	if (cap <= m->cap)
		return 0;
	size = cap > m->cap + m->cap / 4 ? cap : m->cap + m->cap / 4;
	if (size > SIZE_MAX / 2)
		return err_set(e, EX_OSERR, "out of memory");
	size = (size + page - 1) / page * page;
	if ((m->p == NULL ? fresh(m, size, e) : larger(m, size, e)) < 0)
		return -1;
	if (m->locked)
		return 0;
	m->locked = mlock2(m->p, m->cap, MLOCK_ONFAULT) == 0;
	if (m->locked || !strict)
		return 0;
	err_set(e, EX_OSERR, "cannot lock %zu bytes of memory (RLIMIT_MEMLOCK):",
	    m->cap);
	secmem_free(m);
	return -1;
}

/* As read(2), but a signal does not end it. */
static ssize_t
get(int fd, void *p, size_t n, const char *name, struct err *e)
{
	ssize_t got;

	do
		got = read(fd, p, n);
	while (got < 0 && errno == EINTR);
	return got < 0 ? err_set(e, EX_IOERR, "cannot read %s:", name) : got;
}

/* Bytes of room where what is there is full: for the rest of a file and its end; for a
 * quarter more of a pipe that is long, since RLIMIT_MEMLOCK counts room, used or not. */
static size_t
more_room(const struct secmem *m, int fd, size_t max)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	size_t want = m->n < DOUBLED ? 2 * m->n + 4096 : m->n + 4096;
	struct stat st;

	if (at >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size > at)
		want = m->n + (size_t)(st.st_size - at) + 1;
	return want < max ? want : max;
}

int
secmem_some(struct secmem *m, int fd, size_t max, const char *name,
    struct err *e)
{
	while (m->n < max) {
		ssize_t got;

		if (m->n == m->cap &&
		    secmem_need(m, more_room(m, fd, max), e) < 0)
			return err_prefix(e, "%s", name);
		got = get(fd, m->p + m->n, (m->cap < max ? m->cap : max) - m->n,
		    name, e);
		if (got <= 0)
			return (int)got;
		m->n += (size_t)got;
	}
	return 1;
}

int
secmem_read(struct secmem *m, int fd, size_t max, const char *name,
    struct err *e)
{
	int r = secmem_some(m, fd, max, name, e);
	uint8_t extra;
	ssize_t got;

	if (r <= 0)
		return r;
	/* One byte more tells that there is one. */
	got = get(fd, &extra, 1, name, e);
	if (got <= 0)
		return (int)got;
	wipe(&extra, 1);
	return err_set(e, EX_DATAERR, "%s: longer than %zu bytes", name, max);
}

void
secmem_daemon(struct secmem *m, size_t cap, bool allowed, const char *what)
{
	struct err e;

	if (!allowed)
		secmem_strict();
	if (secmem_need(m, cap, &e) < 0)
		die(e.status, "%s; see --allow-unlocked", e.msg);
	if (!m->locked)
		log_text(LEVEL_WARN, "not_locked", "memory is not locked: it may be "
		    "swapped to disk", "what=\"%s\"", what);
}

void
secmem_enough(size_t need, bool allowed, const char *what)
{
	struct secmem m = { 0 };
	struct rlimit limit;
	bool held;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0 || limit.rlim_cur >= need)
		return;
	/* Privileged processes may lock more. */
	held = secmem_need(&m, limit.rlim_cur + 65536, NULL) == 0 && m.locked;
	secmem_free(&m);
	if (held)
		return;
	if (!allowed)
		die(EX_OSERR, "only %llu bytes can be locked (RLIMIT_MEMLOCK), "
		    "and %s needs %zu; see --allow-unlocked",
		    (unsigned long long)limit.rlim_cur, what, need);
	log_text(LEVEL_WARN, "not_locked", "less memory can be locked than is "
	    "needed (RLIMIT_MEMLOCK)", "what=%s limit=%llu need=%zu", what,
	    (unsigned long long)limit.rlim_cur, need);
}

/* Wipes pages that are there; others would be made for it. */
static void
wipe_pages(uint8_t *p, size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), k;
	unsigned char there[256];

	for (; n > 0; p += k, n -= k) {
		k = n < sizeof there * page ? n : sizeof there * page;
		if (mincore(p, k, there) < 0)
			memset(there, 1, sizeof there);
		for (size_t i = 0; i < k / page; i++)
			if (there[i] & 1)
				wipe(p + i * page, page);
	}
}

void
secmem_free(struct secmem *m)
{
	if (m->p != NULL) {
		wipe_pages(m->p, m->cap);
		munmap(m->p, m->cap);
	}
	memset(m, 0, sizeof(*m));
}

bool
secmem_give(struct secmem *m, size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	n = (n + page - 1) / page * page;
	if (n >= m->cap) {
		secmem_free(m);
		return true;
	}
	m->cap -= n;
	if (m->n > m->cap)
		m->n = m->cap;
	wipe_pages(m->p + m->cap, n);
	munmap(m->p + m->cap, n);
	return false;
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
