#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secmem.h"
#include "test/lib/tap.h"

/* The sanitizers make nothing of mlock(). */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LOCKS 0
#else
#define LOCKS 1
#endif

static struct err e;

/* Whether the mapping that holds p is left out of core dumps ("dd"), or
 * locked ("lo"); -1: this kernel does not tell. */
static int
has_flag(const void *p, const char *flag)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	unsigned long from = 0, to = 0, a, b, at = (unsigned long)p;
	char line[512];
	int found = -1;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%lx-%lx ", &a, &b) == 2) {
			from = a;
			to = b;
		}
		if (from <= at && at < to &&
		    strncmp(line, "VmFlags:", 8) == 0)
			found = strstr(line, flag) != NULL;
	}
	if (f != NULL)
		fclose(f);
	return found;
}

static void
growing(void)
{
	struct secmem m = { 0 };
	uint8_t big[10000];
	int fd[2], i;

	ok(secmem_need(&m, 10, &e) == 0 && m.cap >= 10, "some memory");
	memcpy(m.p, "0123456789", 10);
	m.n = 10;
	if (has_flag(m.p, " dd") < 0 || !LOCKS)
		tap_skip("no VmFlags in smaps, or a sanitizer build");
	else
		ok(has_flag(m.p, " dd") == 1 &&
		    has_flag(m.p, " lo") == m.locked,
		    "is left out of core dumps, and locked as it says");
	ok(secmem_need(&m, 100000, &e) == 0 && m.cap >= 100000 &&
	    m.n == 10 && memcmp(m.p, "0123456789", 10) == 0, "grows");
	if (has_flag(m.p, " dd") < 0 || !LOCKS)
		tap_skip("no VmFlags in smaps, or a sanitizer build");
	else
		ok(has_flag(m.p, " dd") == 1 &&
		    has_flag(m.p, " lo") == m.locked &&
		    has_flag(m.p + m.cap - 1, " dd") == 1 &&
		    has_flag(m.p + m.cap - 1, " lo") == m.locked,
		    "is still left out, and locked");

	memset(big, 7, sizeof(big));
	must(pipe(fd) == 0);
	must(write(fd[1], big, sizeof(big)) == sizeof(big));
	close(fd[1]);
	ok(secmem_read(&m, fd[0], 10010, "pipe", &e) == 0 && m.n == 10010 &&
	    m.p[9] == '9' && memcmp(m.p + 10, big, sizeof(big)) == 0,
	    "reads on, up to its maximum");
	close(fd[0]);
	secmem_free(&m);
	ok(m.p == NULL && m.n == 0 && m.cap == 0, "freed");

	i = open("/dev/zero", O_RDONLY);
	ok(secmem_read(&m, i, 20000, "zero", &e) < 0 &&
	    e.status == EX_DATAERR, "no more than the maximum");
	is_str(e.msg, "zero: longer than 20000 bytes", "with a message");
	close(i);
	secmem_free(&m);
	i = open("/dev/null", O_RDONLY);
	ok(secmem_read(&m, i, 0, "null", &e) == 0 && m.n == 0, "nothing");
	close(i);
	secmem_free(&m);
}

/* What is locked counts, used or not. */
static void
no_more_than_needed(void)
{
	static uint8_t piece[1 << 20];
	struct secmem m = { 0 };
	int fd[2];
	FILE *f = tmpfile();

	must(f && fwrite(piece, sizeof piece, 1, f) == 1);
	rewind(f);
	must(lseek(fileno(f), 1000, SEEK_SET) == 1000);
	ok(secmem_read(&m, fileno(f), 1 << 30, "file", &e) == 0 &&
	    m.n == sizeof piece - 1000 && m.cap <= sizeof piece + 4096,
	    "a file takes as much as it has");
	fclose(f);
	secmem_free(&m);
	must(pipe(fd) == 0);
	fflush(stdout);
	if (fork() == 0) {
		for (int i = 0; i < 36; i++)
			must(write(fd[1], piece, sizeof piece) == sizeof piece);
		_exit(0);
	}
	close(fd[1]);
	ok(secmem_read(&m, fd[0], 1 << 30, "pipe", &e) == 0 &&
	    m.n == 36 << 20 && m.cap <= 46 << 20,
	    "a pipe of 36 MiB no more than a quarter more");
	close(fd[0]);
	wait(NULL);
	secmem_free(&m);
}

/* Pages of m that are there. */
static int
pages(const struct secmem *m)
{
	unsigned char there[1024];
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int n = 0;

	must(m->cap / page <= sizeof there && mincore(m->p, m->cap, there) == 0);
	for (size_t i = 0; i < m->cap / page; i++)
		n += there[i] & 1;
	return n;
}

/* Much is had at once, and given back by and by. */
static void
much(void)
{
	struct secmem m = { 0 };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *p;

	ok(secmem_need(&m, 256 * page, &e) == 0, "256 pages");
	if (LOCKS)
		is_int(pages(&m), 0, "none is there");
	else
		tap_skip("a sanitizer build");
	p = m.p;
	m.n = 100 * page;
	memset(p, 1, m.n);
	ok(!secmem_give(&m, 200 * page) && m.cap == 56 * page && m.n == m.cap &&
	    m.p == p, "200 are given back");
	ok(p[0] == 1 && p[m.cap - 1] == 1, "the others are as they were");
	if (LOCKS)
		is_int(pages(&m), 56, "and there");
	else
		tap_skip("a sanitizer build");
	ok(secmem_give(&m, 1 << 30) && !m.p && !m.cap && !m.n, "all are given back");
}

/* As root the limit counts for nothing. */
static void
unlocked(void)
{
	static const struct rlimit none;
	struct secmem m = { 0 };
	int status;

	if (!LOCKS) {
		tap_skip("a sanitizer build");
		return;
	}
	fflush(stdout);
	if (fork() == 0) {
		if ((geteuid() == 0 && setuid(65534) < 0) ||
		    setrlimit(RLIMIT_MEMLOCK, &none) < 0)
			_exit(100);
		if (secmem_need(&m, 10, &e) < 0 || m.locked)
			_exit(1);
		secmem_strict();
		secmem_free(&m);
		_exit(secmem_need(&m, 10, &e) == 0 || m.p != NULL ||
		    strstr(e.msg, "cannot lock") == NULL);
	}
	wait(&status);
	is_int(WEXITSTATUS(status), 0, "where memory cannot be locked");
}

int
main(void)
{
	struct rlimit core;
	uint8_t key[32];

	growing();
	no_more_than_needed();
	much();
	unlocked();
	memset(key, 1, sizeof(key));
	wipe(key, sizeof(key));
	ok(key[0] == 0 && memcmp(key, key + 1, 31) == 0, "wiped");
	ok(no_dumps(&e) == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	    getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0,
	    "no core dumps");
	return done_testing();
}
