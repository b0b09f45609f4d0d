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

/* The text of a file, without the white space after it; "" where it is longer than there is
 * room for. */
static int
load(char *text, size_t room, const char *path, int secret, struct err *e)
{
	struct stat st;
	size_t len = 0;
	ssize_t n;
	int fd;

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
	while (len < room && (n = read(fd, text + len, room - len)) > 0)
		len += (size_t)n;
	close(fd);
	while (len > 0 && len < room && blank(text[len - 1]))
		len--;
	text[len < room ? len : 0] = '\0';
	return 0;
}

int
keyfile_secret(uint8_t out[static 32], const char *path, struct err *e)
{
	char text[128];
	int r = load(text, sizeof text, path, 1, e);

	if (r == 0 && hex_decode(out, 32, text))
		r = err_set(e, EX_CONFIG, "key file %s does not hold 32 bytes in hex",
		    path);
	wipe(text, sizeof text);
	return r;
}

int
keyfile_recipient(int *kem, uint8_t out[static HPKE_PUBLIC_MAX], const char *path,
    struct err *e)
{
	static const int kems[] = { HPKE_X25519, HPKE_XWING };
	char text[2 * HPKE_PUBLIC_MAX + 64];

	if (load(text, sizeof text, path, 0, e))
		return -1;
	for (size_t i = 0; i < sizeof kems / sizeof *kems; i++) {
		*kem = kems[i];
		if (hex_decode(out, hpke_public_size(*kem), text) == 0)
			return 0;
	}
	return err_set(e, EX_CONFIG, "key file %s does not hold %zu or %zu bytes in "
	    "hex: a key of X25519 or X-Wing", path, hpke_public_size(kems[0]),
	    hpke_public_size(kems[1]));
}
