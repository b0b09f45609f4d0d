#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/progress.h"
#include "test/lib/tap.h"

static char text[4096];

/* What a child says on stderr: a file, or a terminal. */
static int
says(void (*fn)(void), int tty)
{
	struct winsize w = { .ws_row = 24, .ws_col = 20 };
	int fd[2], status;
	size_t n = 0;
	ssize_t got;

	if (tty) {
		fd[0] = posix_openpt(O_RDWR | O_NOCTTY);
		if (fd[0] < 0 || grantpt(fd[0]) < 0 || unlockpt(fd[0]) < 0 ||
		    (fd[1] = open(ptsname(fd[0]), O_RDWR | O_NOCTTY)) < 0)
			return -1;
		ioctl(fd[1], TIOCSWINSZ, &w);
	} else if (pipe(fd) < 0)
		return -1;
	fflush(stdout);
	if (fork() == 0) {
		dup2(fd[1], 2);
		fn();
		_exit(0);
	}
	close(fd[1]);
	while ((got = read(fd[0], text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	close(fd[0]);
	wait(&status);
	return status;
}

static void
dies(void)
{
	errno = ENOENT;
	die(EX_NOINPUT, "cannot open %s:", "x");
}

static void
fails(void)
{
	must(1 + 1 == 3);
}

/* Waits until ms after from. */
static void
wait_until(int64_t from, int64_t ms)
{
	struct timespec t = { 0, 1000000 };

	while (clock_ms() - from < ms)
		nanosleep(&t, NULL);
}

/* Ends with 1 where the machine was too busy to be too soon. */
static void
shows(void)
{
	int64_t began;
	bool late;

	progress("before");
	progress_start();
	began = clock_ms();
	progress("one");
	progress("too soon");
	late = clock_ms() - began >= 100;
	wait_until(clock_ms(), 101);
	progress("a line that is much too long");
	complain("oops");
	progress_clear();
	if (late)
		_exit(1);
}

int
main(void)
{
	struct err e = { 0 };
	int status;

	errno = ENOENT;
	is_int(err_set(&e, EX_DATAERR, "%d things:", 2), -1, "err_set");
	ok(e.status == EX_DATAERR, "status");
	is_str(e.msg, "2 things: No such file or directory", "message");
	is_int(err_prefix(&e, "in %s", "x"), -1, "err_prefix");
	is_str(e.msg, "in x: 2 things: No such file or directory", "prefixed");
	is_int(err_set(NULL, 1, "x"), -1, "nobody wants to know");
	is_int(err_prefix(NULL, "x"), -1, "nor its prefix");
	err_set(&e, 1, "%0500d", 1);
	is_int(strlen(e.msg), sizeof(e.msg) - 1, "a message too long is cut");
	err_prefix(&e, "%0500d", 1);
	is_int(strlen(e.msg), sizeof(e.msg) - 1, "so is a prefix");

	status = says(dies, 0);
	is_int(WEXITSTATUS(status), EX_NOINPUT, "die");
	is_str(text, "sp1: cannot open x: No such file or directory\n",
	    "says why");
	status = says(fails, 0);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "must");
	ok(strstr(text, "must hold: 1 + 1 == 3") != NULL, "says what");

	ok(WIFEXITED(says(shows, 0)), "progress in a file");
	is_str(text, "sp1: oops\n", "is nothing");
	for (int i = 0; i < 20 && (status = says(shows, 1)) > 0; i++)
		;
	if (status < 0)
		tap_skip("no pseudo-terminal");
	else
		is_str(text, "\r\033[Kone\r\033[Ka line that is much"
		    "\r\033[Ksp1: oops\r\n",
		    "on a terminal it is a line that changes");
	return done_testing();
}
