#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "test/lib/tap.h"

static struct err e;

static int
entries(void)
{
	DIR *d = opendir(".");
	int n = 0;

	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static void
reading(void)
{
	static uint8_t big[200001];
	uint8_t *p = NULL;
	size_t n;
	int fd[2], i;

	for (i = 0; i < (int)sizeof(big); i++)
		big[i] = (uint8_t)(i * 7);
	ok(out_file("big", 0, -1, big, sizeof(big), &e) == 0, "a file");
	ok(read_file("big", sizeof(big), &p, &n, &e) == 0 &&
	    n == sizeof(big) && memcmp(p, big, n) == 0 && p[n] == 0,
	    "is read, up to its cap");
	free(p);
	ok(read_file("big", sizeof(big) - 1, &p, &n, &e) < 0 &&
	    e.status == EX_DATAERR, "not beyond it");
	is_str(e.msg, "big: longer than 200000 bytes", "with a message");
	ok(read_file("none", 10, &p, &n, &e) < 0 && e.status == EX_NOINPUT,
	    "a file that is not there");
	is_str(e.msg, "cannot open none: No such file or directory",
	    "with a message");
	ok(read_file("/dev/null", 0, &p, &n, &e) == 0 && n == 0, "nothing");
	free(p);
	ok(read_file("/dev/zero", 100000, &p, &n, &e) < 0, "without end");

	must(pipe(fd) == 0);
	if (fork() == 0) {
		close(fd[0]);
		for (i = 0; i < (int)sizeof(big); i += 999)
			if (write_all(fd[1], big + i, sizeof(big) - i < 999 ?
			    sizeof(big) - i : 999, "pipe", NULL) < 0)
				_exit(1);
		_exit(0);
	}
	close(fd[1]);
	ok(read_exact(fd[0], big, 1000, "pipe", &e) == 1, "a piece");
	ok(read_all(fd[0], 1 << 20, "pipe", &p, &n, &e) == 0 &&
	    n == sizeof(big) - 1000 && memcmp(p, big + 1000, n) == 0,
	    "a pipe, in pieces");
	free(p);
	is_int(read_exact(fd[0], big, 1, "pipe", &e), 0, "its end");
	close(fd[0]);
	wait(NULL);
	unlink("big");
}

/* Whatever ends a process leaves nothing of what it writes. */
static void
killed(void)
{
	static const int sigs[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGKILL};
	struct out o;
	int status;

	for (size_t i = 0; i < sizeof sigs / sizeof *sigs; i++) {
		fflush(stdout);
		if (fork() == 0) {
			signal(sigs[i], SIG_DFL);	/* a shell's & ignores some */
			if (out_open(&o, "half", 0, -1, &e) < 0 ||
			    out_write(&o, "1", 1, &e) < 0)
				_exit(1);
			raise(sigs[i]);
			_exit(2);
		}
		wait(&status);
		ok(WIFSIGNALED(status) && WTERMSIG(status) == sigs[i] &&
		    entries() == 1, "signal %d leaves nothing", sigs[i]);
	}
}

/* A limit of the file's size is an error, and leaves nothing. */
static void
limited(void)
{
	struct rlimit most = {4096, 4096};
	struct out o;
	int status;

	fflush(stdout);
	if (fork() == 0) {
		static const char text[8192];

		setrlimit(RLIMIT_FSIZE, &most);
		if (out_open(&o, "half", 0, -1, &e) < 0)
			_exit(1);
		if (out_write(&o, text, sizeof text, &e) == 0)
			_exit(2);
		_exit(e.status == EX_IOERR &&
		    strstr(e.msg, "File too large") != NULL ? 3 : 4);
	}
	wait(&status);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 3,
	    "a file that is too large is an error");
	is_int(entries(), 1, "and leaves nothing");
}

static void
writing(void)
{
	struct stat st;
	struct out o;
	uint8_t *p = NULL;
	size_t n;
	int in, status;

	umask(022);
	ok(out_open(&o, "new", 0, -1, &e) == 0 &&
	    out_write(&o, "1", 1, &e) == 0, "opened and written");
	ok(access("new", F_OK) < 0, "not there before it is whole");
	is_int(out_commit(&o, &e), 0, "committed");
	ok(stat("new", &st) == 0 && st.st_size == 1 &&
	    (st.st_mode & 0777) == 0644, "there then, with the usual mode");
	ok(out_open(&o, "new", OUT_PRIVATE, -1, &e) == 0 &&
	    out_write(&o, "22", 2, &e) == 0, "over an old one");
	out_abort(&o);
	ok(stat("new", &st) == 0 && st.st_size == 1, "abort keeps the old");
	is_int(entries(), 1, "and leaves nothing");
	ok(out_file("new", OUT_PRIVATE, -1, "22", 2, &e) == 0 &&
	    stat("new", &st) == 0 && st.st_size == 2 &&
	    (st.st_mode & 0777) == 0600, "private");

	must(chmod("new", 0640) == 0);
	ok(out_file("new", 0, -1, "22", 2, &e) == 0 && stat("new", &st) == 0 &&
	    (st.st_mode & 0777) == 0640, "a file keeps its mode");
	ok(out_file("new", OUT_PRIVATE, -1, "22", 2, &e) == 0 &&
	    stat("new", &st) == 0 && (st.st_mode & 0777) == 0600,
	    "but what is private");
	killed();
	limited();

	fflush(stdout);
	if (fork() == 0) {
		if (out_open(&o, "half", 0, -1, &e) < 0 ||
		    out_write(&o, "1", 1, &e) < 0)
			_exit(1);
		dup2(open("/dev/null", O_WRONLY), 1);
		dup2(1, 2);
		die(3, "on the way");
	}
	wait(&status);
	is_int(WEXITSTATUS(status), 3, "a program that dies");
	is_int(entries(), 1, "leaves nothing");

	in = in_open("new", &e);
	ok(in >= 0 && out_open(&o, "new", 0, in, &e) < 0 &&
	    e.status == EX_USAGE, "output is the input");
	is_str(e.msg, "new is the input file too", "with a message");
	close(in);

	must(symlink("new", "link") == 0);
	ok(out_file("link", 0, -1, "333", 3, &e) == 0 &&
	    lstat("link", &st) == 0 && S_ISLNK(st.st_mode) &&
	    stat("new", &st) == 0 && st.st_size == 3,
	    "through a symbolic link");
	ok(out_file("/dev/null", 0, -1, "x", 1, &e) == 0 &&
	    stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode),
	    "a device stays what it is");
	ok(out_file("no/such/folder", 0, -1, "x", 1, &e) < 0 &&
	    e.status == EX_CANTCREAT, "no folder");
	ok(read_file("new", 10, &p, &n, &e) == 0 && n == 3 &&
	    strcmp((char *)p, "333") == 0, "ends with a NUL");
	free(p);
	unlink("link");
	unlink("new");
}

/* A terminal for standard output. */
static void
terminal(void)
{
	struct out o;
	int pty = posix_openpt(O_RDWR | O_NOCTTY), status, tty;

	if (pty < 0 || grantpt(pty) < 0 || unlockpt(pty) < 0 ||
	    (tty = open(ptsname(pty), O_RDWR | O_NOCTTY)) < 0) {
		tap_skip("no pseudo-terminal");
		return;
	}
	fflush(stdout);
	if (fork() == 0) {
		dup2(tty, 1);
		_exit((out_open(&o, NULL, OUT_BINARY, -1, &e) < 0 &&
		    e.status == EX_USAGE) |
		    (out_open(&o, "-", OUT_BINARY, -1, &e) == 0) << 1 |
		    (out_open(&o, NULL, 0, -1, &e) == 0) << 2);
	}
	wait(&status);
	is_int(WEXITSTATUS(status), 7,
	    "binary goes to a terminal only when asked for by -");
	close(tty);
	close(pty);
}

int
main(void)
{
	char dir[] = "/tmp/sp1-io-XXXXXX";

	must(mkdtemp(dir) != NULL && chdir(dir) == 0);
	reading();
	writing();
	terminal();
	is_int(entries(), 0, "nothing is left over");
	must(chdir("/") == 0 && rmdir(dir) == 0);
	return done_testing();
}
