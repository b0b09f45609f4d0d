#include "wire/pack.h"

#include <stdlib.h>
#include <zstd.h>

#define LEVEL 3

int
pack_zstd(uint8_t **out, size_t *out_len, const struct pack_part *parts,
    size_t n, struct err *e)
{
	ZSTD_CStream *z = ZSTD_createCStream();
	ZSTD_outBuffer to = { NULL, 0, 0 };
	size_t total = 0, left = 0;

	for (size_t i = 0; i < n; i++)
		total += parts[i].n;
	to.size = ZSTD_compressBound(total) + 64;
	to.dst = malloc(to.size);
	if (!z || !to.dst ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel,
	    LEVEL))) {
		ZSTD_freeCStream(z);
		free(to.dst);
		return err_set(e, EX_OSERR, "out of memory");
	}
	/* The end comes apart from the data: else zstd would know the size, and
	 * write it. */
	for (size_t i = 0; i < n && !ZSTD_isError(left); i++) {
		ZSTD_inBuffer from = { parts[i].p, parts[i].n, 0 };

		while (from.pos < from.size && !ZSTD_isError(left))
			left = ZSTD_compressStream2(z, &to, &from,
			    ZSTD_e_continue);
	}
	if (!ZSTD_isError(left)) {
		ZSTD_inBuffer none = { NULL, 0, 0 };

		do
			left = ZSTD_compressStream2(z, &to, &none, ZSTD_e_end);
		while (!ZSTD_isError(left) && left);
	}
	ZSTD_freeCStream(z);
	if (ZSTD_isError(left)) {
		free(to.dst);
		return err_set(e, EX_SOFTWARE, "zstd: %s",
		    ZSTD_getErrorName(left));
	}
	*out = to.dst;
	*out_len = to.pos;
	return 0;
}
