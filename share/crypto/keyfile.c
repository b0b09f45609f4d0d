#include "crypto/keyfile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/secmem.h"

static int
blank(int c)
{
	return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

static int
load(uint8_t out[static 32], const char *path, int secret, struct err *e)
{
	char text[128];
	struct stat st;
	size_t len = 0;
	ssize_t n;
	int fd, r = -1;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set(e, EX_NOINPUT, "cannot open %s:", path);
	if (fstat(fd, &st) < 0) {
		err_set(e, EX_OSERR, "cannot examine %s:", path);
		close(fd);
		return -1;
	}
	if (secret && S_ISREG(st.st_mode) && (st.st_mode & 077)) {
		err_set(e, EX_CONFIG, "key file %s is open to others "
		    "(mode %03o, want 600)", path, st.st_mode & 0777);
		close(fd);
		return -1;
	}
	while (len < sizeof text &&
	    (n = read(fd, text + len, sizeof text - len)) > 0)
		len += (size_t)n;
	close(fd);
	while (len > 0 && len < sizeof text && blank(text[len - 1]))
		len--;
	if (len < sizeof text)
		text[len] = '\0';
	if (len < sizeof text && hex_decode(out, 32, text) == 0)
		r = 0;
	else
		err_set(e, EX_CONFIG, "key file %s does not hold 32 bytes in hex",
		    path);
	wipe(text, sizeof text);
	return r;
}

int
keyfile_secret(uint8_t out[static 32], const char *path, struct err *e)
{
	return load(out, path, 1, e);
}

int
keyfile_public(uint8_t out[static 32], const char *path, struct err *e)
{
	return load(out, path, 0, e);
}
