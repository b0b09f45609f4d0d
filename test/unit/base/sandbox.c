#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/par.h"
#include "base/sandbox.h"
#include "test/lib/tap.h"

/* Each gives 0 when the kernel did as asked. */

static int
nothing(void)
{
	return 0;
}

static int
usual(void)
{
	char *p = malloc(1 << 20);
	FILE *f = tmpfile();	/* made before the sandbox in none: NULL */

	if (f != NULL || p == NULL)
		return 1;
	return 0;
}

static int
memory(void)
{
	char *p = malloc(100), *q = malloc(1 << 22);
	struct timespec t;
	char text[64];

	if (p == NULL || q == NULL)
		return 1;
	memset(q, 1, 1 << 22);
	q = realloc(q, 1 << 23);
	free(p);
	free(q);
	clock_gettime(CLOCK_REALTIME, &t);
	snprintf(text, sizeof(text), "%ld", (long)t.tv_sec);
	return write(open("/dev/null", O_RDONLY) < 0 ? 1 : 2, "", 0) < 0;
}

static int
plain(void)
{
	char *p = malloc(100), *q = malloc(1 << 22);
	int fd[2];

	if (p == NULL || q == NULL || pipe(fd) < 0)
		return 1;
	memset(q, 1, 1 << 22);
	free(p);
	free(q);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED || mprotect(p, 4096, PROT_READ) < 0 ||
	    isatty(fd[0]) || write(fd[1], "x", 1) != 1;
}

static int
exec_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int
exec_later(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static int
opens(void)
{
	return open("/dev/null", O_RDONLY) < 0;
}

static int
opens_to_write(void)
{
	return open("/dev/null", O_WRONLY) < 0;
}

static int
creates(void)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "/tmp/sp1-sandbox-%d", (int)getpid());
	fd = open(name, O_WRONLY | O_CREAT, 0600);
	return fd < 0 || unlink(name) < 0;
}

static int
forks(void)
{
	int status = 1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 || wait(&status) < 0 || status != 0;
}

static int
runs(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return 1;
}

static void *
thread(void *arg)
{
	*(int *)arg = 0;
	return NULL;
}

static int
threads(void)
{
	int bad = 1;
	pthread_t t;

	return pthread_create(&t, NULL, thread, &bad) != 0 ||
	    pthread_join(t, NULL) != 0 || bad;
}

/* Much memory of a thread's own, too small a piece for mmap, freed again. */
static void *
thread_memory(void *arg)
{
	char *p[2000];
	int i, n = 0;

	while (n < 2000 && (p[n] = malloc(100000)) != NULL)
		memset(p[n++], 1, 100000);
	for (i = n; i-- > 0;)
		free(p[i]);
	*(int *)arg = n != 2000;
	return NULL;
}

static int
memory_of_threads(void)
{
	int bad = 1;
	pthread_t t;

	return pthread_create(&t, NULL, thread_memory, &bad) != 0 ||
	    pthread_join(t, NULL) != 0 || bad;
}

static int
inet(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0;
}

static int
local(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) < 0;
}

static int
kills_parent(void)
{
	return kill(getppid(), 0);
}

static int
traces(void)
{
	return ptrace(PTRACE_TRACEME, 0, 0, 0) < 0;
}

static int
again(void)
{
	struct err e;

	if (sandbox("stdio", &e) < 0)
		return 1;
	opens();	/* allowed before, now deadly */
	return 0;
}

static int
privileges(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
}

/* The first thread leaves the work to the others. */
static void
work(void *ctx, size_t begin, size_t end, unsigned worker)
{
	if (worker != 0)
		*(int *)ctx = open("/dev/null", O_RDONLY);
	else
		usleep(1000);
}

/* A thread that was there before. */
static int
old_thread(void)
{
	int fd = -1, i;

	for (i = 0; i < 1000 && fd < 0; i++)
		par_for(64, 1, work, &fd);
	return 0;
}

static void
check(const char *promises, int (*fn)(void), const char *what, bool allowed)
{
	struct err e;
	int status, good;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (fn == old_thread)
			par_start(4);
		if (sandbox(promises, &e) < 0) {
			fprintf(stderr, "# %s\n", e.msg);
			_exit(100);
		}
		_exit(fn());
	}
	waitpid(pid, &status, 0);
	good = allowed ? WIFEXITED(status) && WEXITSTATUS(status) == 0 :
	    WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	ok(good, "\"%s\" %s %s", promises, allowed ? "allows" : "forbids",
	    what);
	if (!good)
		diag("status %#x", (unsigned)status);
}

int
main(void)
{
	if (!sandbox_real())
		tap_skip_all("no sandbox in a sanitizer build");
	check("stdio", nothing, "to end", true);
	check("stdio", plain, "memory, pipes, output", true);
	check("stdio", privileges, "no new privileges", true);
	check("stdio rpath", memory, "large memory and the clock", true);
	check("stdio", usual, "temporary files", false);
	check("stdio rpath wpath cpath proc inet unix", exec_memory,
	    "executable memory", false);
	check("stdio rpath wpath cpath proc inet unix", exec_later,
	    "memory made executable", false);
	check("stdio", opens, "opening", false);
	check("stdio rpath", opens, "opening to read", true);
	check("stdio rpath", opens_to_write, "opening to write", false);
	check("stdio rpath wpath", opens_to_write, "opening to write", true);
	check("stdio rpath wpath", creates, "making files", false);
	check("stdio cpath", creates, "making files", true);
	check("stdio", forks, "fork", false);
	check("stdio thread", forks, "fork", false);
	check("stdio proc", forks, "fork", true);
	check("stdio thread", threads, "threads", true);
	check("stdio", threads, "threads", false);
	check("stdio thread", memory_of_threads, "memory of threads", true);
	check("stdio proc", runs, "running programs", false);
	check("stdio rpath proc exec", runs, "running programs", true);
	check("stdio unix", inet, "internet sockets", false);
	check("stdio inet", inet, "internet sockets", true);
	check("stdio inet", local, "local sockets", false);
	check("stdio unix", local, "local sockets", true);
	check("stdio", kills_parent, "signals to others", false);
	check("stdio rpath wpath cpath proc exec inet unix thread", traces,
	    "ptrace", false);
	check("stdio rpath", again, "less than before", false);
	check("stdio thread", old_thread,
	    "opening, to a thread that is older", false);
	return done_testing();
}
