#include "base/ready.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "base/args.h"

static int ready_fd = -1;
static uint64_t inherited;	/* a bit for each of the first descriptors */

void
ready_start(void)
{
	for (int fd = 3; fd < 64; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			inherited |= (uint64_t)1 << fd;
}

int
ready_set(const char *text)
{
	uint64_t n = 3;

	if (text && (parse_u64(text, &n) < 0 || n >= 64 ||
	    !(inherited >> n & 1)))
		return -1;
	if (inherited >> n & 1) {
		ready_fd = (int)n;
		fcntl(ready_fd, F_SETFD, FD_CLOEXEC);
	}
	return 0;
}

void
ready_tell(const char *fmt, ...)
{
	va_list ap;

	if (ready_fd < 0)
		return;
	va_start(ap, fmt);
	/* Nobody may be reading any more, which is no reason to stop. */
	(void)!vdprintf(ready_fd, fmt, ap);
	va_end(ap);
	close(ready_fd);
	ready_fd = -1;
}
