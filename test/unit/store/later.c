/* Commits that a thread brings to the disk: none is lost, and the log is cut. */
#include "store/store.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test/lib/tap.h"

#define ROWS 3000

static const char *const schema[] = {
	"CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)", NULL
};
static const char insert[] = "INSERT INTO t (text) VALUES (?)",
    count[] = "SELECT count(*) FROM t";
static char path[64], wal[80];
static atomic_int told, failed;

static void
on_disk(int error, void *arg)
{
	atomic_fetch_add(&told, 1);
	atomic_fetch_add(&failed, error != 0);
}

static void
add(struct store *s, int rows)
{
	struct err e;

	for (int i = 0; i < rows; i++)
		must(store_run(s, &e, insert, "t", "a text that takes some room") ==
		    1);
}

static uint64_t
rows(struct store *s)
{
	struct store_query *q = store_query(s, count, "");
	struct err e;
	uint64_t n;

	must(store_next(q, &e) == 1);
	n = store_u64(q, 0);
	store_done(q);
	return n;
}

static void
rest(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
}

static long
log_size(void)
{
	struct stat st;

	return stat(wal, &st) == 0 ? (long)st.st_size : -1;
}

static void
goes_there(void)
{
	struct err e;
	struct store *s = store_open(path, schema, &e);

	ok(s && store_later(s, on_disk, NULL, &e) == 0, "a thread sees to the disk");
	is_int(store_commits(s), 0, "no commit yet");
	add(s, ROWS);
	is_int(store_commits(s), ROWS, "each is counted");
	for (int i = 0; i < 3000 && store_on_disk(s) < ROWS; i++)
		rest();
	ok(store_on_disk(s) == ROWS && told && !failed, "and gets there");
	ok(log_size() > 1000 * 4096, "the log has all of them");
	ok(!store_open(path, schema, &e) && e.status == EX_TEMPFAIL,
	    "nobody else may open it: %s", e.msg);
	for (int i = 0; i < 3000 && log_size() > 0; i++) {
		rest();
		store_tend(s);
	}
	is_int(log_size(), 0, "it is cut when it has been copied");
	is_int(rows(s), ROWS, "and nothing is lost");
	add(s, 1);
	ok(log_size() > 0, "it begins anew");
	store_close(s);
}

/* A process that is killed with commits that the disk does not have: the kernel has. */
static void
is_killed(void)
{
	struct err e;
	struct store *s;
	int how;
	pid_t pid = fork();

	if (pid == 0) {
		s = store_open(path, schema, &e);
		must(s && store_later(s, on_disk, NULL, &e) == 0);
		add(s, ROWS);
		kill(getpid(), SIGKILL);
	}
	must(waitpid(pid, &how, 0) == pid);
	ok(WIFSIGNALED(how), "another process is killed");
	s = store_open(path, schema, &e);
	ok(s != NULL, "a third opens the database");
	is_int(rows(s), 2 * ROWS + 1, "and finds all of its commits");
	store_close(s);
	is_int(log_size(), -1, "the log is gone with the last");
}

int
main(void)
{
	char dir[] = "/tmp/later.XXXXXX";

	must(mkdtemp(dir) != NULL);
	snprintf(path, sizeof path, "%s/db", dir);
	snprintf(wal, sizeof wal, "%s-wal", path);
	goes_there();
	is_killed();
	unlink(path);
	rmdir(dir);
	return done_testing();
}
