/*
 * configfs-tsm (Linux 6.7 on): a folder made in its place has the files of one report;
 * inblob takes the data, outblob gives the quote, generation counts what was written.
 */
#include "keyd/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hex.h"

#define QUOTE_MAX ((size_t)64 << 10)
#define TRIES 20		/* others' requests may be under way: EBUSY */

static int
open_at(const char *folder, const char *name, int flags)
{
	char path[512];

	if (snprintf(path, sizeof path, "%s/%s", folder, name) >=
	    (int)sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, flags | O_CLOEXEC);
}

/* A file's bytes, whole; -1 and errno. */
static ssize_t
get(const char *folder, const char *name, uint8_t *out, size_t room)
{
	int fd = open_at(folder, name, O_RDONLY);
	size_t n = 0;
	ssize_t k = 1;

	if (fd < 0)
		return -1;
	while (k > 0 && n < room) {
		k = read(fd, out + n, room - n);
		if (k < 0 && errno == EINTR)
			k = 1;
		else if (k > 0)
			n += (size_t)k;
	}
	close(fd);
	return k < 0 ? -1 : (ssize_t)n;
}

static int
put(const char *folder, const char *name, const uint8_t *p, size_t n)
{
	int fd = open_at(folder, name, O_WRONLY);
	ssize_t k;

	if (fd < 0)
		return -1;
	k = write(fd, p, n);
	close(fd);
	return k == (ssize_t)n ? 0 : -1;
}

/* Again after these, as the kernel's documentation has it. */
static bool
passes(void)
{
	struct timespec t = { 0, 100000000 };

	if (errno != EBUSY && errno != EINTR && errno != ETIMEDOUT &&
	    errno != EWOULDBLOCK)
		return false;
	nanosleep(&t, NULL);
	return true;
}

static int
check_provider(const char *folder, struct err *e)
{
	char text[64];
	ssize_t n = get(folder, "provider", (uint8_t *)text, sizeof text - 1);

	text[n > 0 ? n : 0] = '\0';
	if (strncmp(text, "tdx_guest", 9) != 0)
		return err_set(e, EX_UNAVAILABLE, "configfs-tsm: its provider is "
		    "not tdx_guest");
	return 0;
}

int
tsm_read(const char *folder, const uint8_t data[static 64], struct quoted *out,
    struct err *e)
{
	uint8_t *quote, before[32], after[32];
	ssize_t n = -1, k, m;

	if (check_provider(folder, e) < 0)
		return -1;
	for (int i = 0; put(folder, "inblob", data, 64) < 0; i++)
		if (i == TRIES || !passes())
			return err_set(e, EX_TEMPFAIL, "configfs-tsm: inblob:");
	k = get(folder, "generation", before, sizeof before);
	quote = malloc(QUOTE_MAX);
	if (!quote)
		return err_set(e, EX_OSERR, "out of memory");
	for (int i = 0; (n = get(folder, "outblob", quote, QUOTE_MAX)) < 0; i++)
		if (i == TRIES || !passes())
			break;
	m = get(folder, "generation", after, sizeof after);
	if (n <= 0 || n == (ssize_t)QUOTE_MAX)
		err_set(e, EX_TEMPFAIL, "configfs-tsm gives no quote");
	else if (k <= 0 || k != m || memcmp(before, after, (size_t)k) != 0)
		err_set(e, EX_TEMPFAIL, "configfs-tsm: another wrote meanwhile");
	else if (!(out->quote = malloc(2 * (size_t)n + 1)))
		err_set(e, EX_OSERR, "out of memory");
	else
		hex_encode(out->quote, quote, (size_t)n);
	free(quote);
	return out->quote ? 0 : -1;
}

static int
tsm_quote(const char *path, const uint8_t data[static 64], struct quoted *out,
    struct err *e)
{
	static unsigned count;
	char folder[400];
	int r;

	if (snprintf(folder, sizeof folder, "%s/sp1-private-%d-%u", path,
	    (int)getpid(), count++) >= (int)sizeof folder)
		return err_set(e, EX_USAGE, "%s is too long", path);
	if (mkdir(folder, 0700) < 0)
		return err_set(e, EX_TEMPFAIL, "configfs-tsm: cannot make %s:",
		    folder);
	r = tsm_read(folder, data, out, e);
	rmdir(folder);
	return r;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	    access(path, W_OK) == 0;
}

const struct source source_tsm = {
	"configfs-tsm", tsm_quote, NULL, is_folder, "stdio rpath wpath cpath"
};
