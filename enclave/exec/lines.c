#include "base/utf8.h"
#include "exec/exec.h"

void
exec_line(FILE *f, bool raw, int fd, const char *text, size_t len)
{
	fputs(fd == 1 ? "stdout: " : "stderr: ", f);
	for (size_t i = 0; i < len;) {
		size_t n = 1;

		while (n < 4 && i + n < len &&
		    !utf8_valid((const uint8_t *)text + i, n))
			n++;
		if (!utf8_valid((const uint8_t *)text + i, n)) {
			fputs("\xef\xbf\xbd", f);
			i++;
		} else if (!raw && (unsigned char)text[i] < 32 &&
		    text[i] != '\t') {
			fprintf(f, "\\x%02x", text[i]);
			i++;
		} else {
			fwrite(text + i, 1, n, f);
			i += n;
		}
	}
	fputc('\n', f);
}
