#include "attested/apart.h"

#include <jansson.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/io.h"
#include "base/sandbox.h"

/* What the process says. */
struct said {
	int result;
	struct err why;
	_Alignas(16) uint8_t out[APART_MAX];
};

int
apart(int (*look)(void *out, const void *given, struct err *e), void *out, size_t n,
    const void *given, struct err *e)
{
	struct said s = { 0 };
	int pair[2], k, status;
	pid_t pid;

	must(n <= sizeof s.out);
	json_object_seed(0);	/* it opens /dev/urandom */
	if (pipe(pair) < 0)
		return err_set(e, EX_OSERR, "cannot make a pipe:");
	pid = child_fork();
	if (pid == 0) {
		s.result = sandbox("stdio", &s.why) ||
		    look(s.out, given, &s.why) ? -1 : 0;
		_exit(write_all(pair[1], &s, sizeof s, "a pipe", e) < 0 ? 1 : 0);
	}
	close(pair[1]);
	k = pid < 0 ? -1 : read_exact(pair[0], &s, sizeof s, "a pipe", e);
	close(pair[0]);
	if (pid < 0)
		return err_set(e, EX_OSERR, "cannot start a process");
	if (waitpid(pid, &status, 0) != pid || status != 0 || k != 1)
		return err_set(e, EX_SOFTWARE, "the process that looks at what came "
		    "failed");
	if (s.result == 0)
		memcpy(out, s.out, n);
	else
		*e = s.why;
	return s.result;
}
