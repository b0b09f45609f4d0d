#define ZSTD_STATIC_LINKING_ONLY	/* for the allocator */
#include "wire/unpack.h"

#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "wire/bincode.h"

static const uint8_t magic[4] = { 0x28, 0xb5, 0x2f, 0xfd };

bool
unpack_is_zstd(const uint8_t *in, size_t n)
{
	return n >= sizeof magic && memcmp(in, magic, sizeof magic) == 0;
}

/* Blocks that know their length, to be wiped; each in memory for secrets. */
struct block {
	struct secmem m;
	max_align_t data[];
};

static void *
take(void *opaque, size_t n)
{
	struct secmem m = { 0 };
	struct block *b;

	if (n > SIZE_MAX - sizeof *b ||
	    secmem_need(&m, sizeof *b + n, NULL) < 0)
		return NULL;
	b = (struct block *)(void *)m.p;
	b->m = m;
	return b->data;
}

static void
give(void *opaque, void *p)
{
	struct secmem m;

	if (!p)
		return;
	m = ((struct block *)(void *)((char *)p -
	    offsetof(struct block, data)))->m;
	secmem_free(&m);
}

static int
inflate(struct secmem *out, ZSTD_DCtx *z, const uint8_t *in, size_t n,
    size_t max, struct err *e)
{
	/* The frame does not tell its content's size, so room is tried: each
	 * time for four times as much. */
	size_t room = n < 16384 ? 65536 : n < max / 4 ? 4 * n : max;

	for (;; room = room < max / 4 ? 4 * room : max) {
		size_t got;

		if (room > max)
			room = max;
		if (secmem_need(out, room ? room : 1, e) < 0)
			return -1;
		got = ZSTD_decompressDCtx(z, out->p, room, in, n);
		if (!ZSTD_isError(got)) {
			out->n = got;
			return 0;
		}
		if (ZSTD_getErrorCode(got) != ZSTD_error_dstSize_tooSmall)
			return err_set(e, EX_DATAERR,
			    "malformed zstd frame: %s",
			    ZSTD_getErrorName(got));
		if (room == max)
			return err_set(e, EX_DATAERR,
			    "zstd frame of more than %zu bytes", max);
	}
}

int
unpack_artifact(struct secmem *out, const uint8_t *in, size_t n, size_t max,
    struct err *e)
{
	ZSTD_DCtx *z;
	int r;

	if (!unpack_is_zstd(in, n)) {
		if (n > max)
			return err_set(e, EX_DATAERR,
			    "more than %zu bytes", max);
		if (secmem_need(out, n ? n : 1, e) < 0)
			return -1;
		memcpy(out->p, in, n);
		out->n = n;
		return 0;
	}
	z = ZSTD_createDCtx_advanced((ZSTD_customMem){ take, give, NULL });
	if (!z)
		return err_set(e, EX_OSERR, "no memory for zstd");
	r = inflate(out, z, in, n, max, e);
	ZSTD_freeDCtx(z);
	return r;
}

int
unpack_program(struct secmem *m, const uint8_t **elf, size_t *len,
    const uint8_t *in, size_t n, size_t max, struct err *e)
{
	struct bin_reader r;

	if (unpack_artifact(m, in, n, max, e) < 0)
		return -1;
	bin_read(&r, m->p, m->n, "program", e);
	*elf = bin_bytes(&r, len);
	return bin_done(&r);
}
