/* Waits for the disk are counted, seen while they last, and told where they are slow. */
#include "base/syncs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "test/lib/tap.h"

int
main(void)
{
	struct syncs s = { .of = "inputs" };
	char said[512] = "";
	FILE *log = tmpfile();
	int old = dup(2);

	must(log && old >= 0 && dup2(fileno(log), 2) == 2);
	progname = "p";
	ok(syncs_now(&s) == 0, "none lasts at first");
	syncs_begin(&s);
	syncs_end(&s);
	ok(s.n == 1, "one is counted");
	/* unless this machine stood still in between */
	ok((pread(fileno(log), said, sizeof said - 1, 0) > 0) ==
	    (s.ms >= SYNCS_SLOW_MS), "a short one is not told");
	syncs_begin(&s);
	s.began -= 70000;	/* it began so long ago */
	ok(syncs_now(&s) >= 70 && s.n == 1, "one is seen while it lasts");
	errno = EIO;
	syncs_end(&s);
	ok(errno == EIO, "errno is kept");
	ok(syncs_now(&s) == 0 && s.n == 2 && s.ms >= 70000,
	    "and counted at its end");
	must(pread(fileno(log), said, sizeof said - 1, 0) > 0);
	dup2(old, 2);
	ok(strstr(said, " level=warn prog=p event=slow_disk of=inputs seconds=7"),
	    "a slow one is told");
	if (!strstr(said, "slow_disk"))
		diag("%s", said);
	return done_testing();
}
