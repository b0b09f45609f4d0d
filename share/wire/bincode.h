#ifndef WIRE_BINCODE_H
#define WIRE_BINCODE_H
/*
 * bincode 1 as the stock programs use it (sp1-network(7), Bincode):
 * little-endian integers of fixed width, lengths and counts as u64, enum tags
 * as u32, Option and bool as one byte.
 *
 * The reader is sticky: after the first fault every call gives zeros, so that
 * one check, bin_done() or r.failed, is enough.  The message says where the
 * fault is.  What it gives points into the input.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct bin_reader {
	const uint8_t *p;
	size_t n, at;		/* length, and what has been read of it */
	const char *what;	/* begins the message: "SP1Stdin" */
	bool failed;
	struct err *e;		/* EX_DATAERR */
};

/* Begins at p, n bytes; what, e: see above. */
void bin_read(struct bin_reader *r, const void *p, size_t n, const char *what,
    struct err *e);
/* A byte; of this and the next two: 0 after a fault. */
uint8_t bin_u8(struct bin_reader *r);
/* 4 bytes, little-endian. */
uint32_t bin_u32(struct bin_reader *r);
/* 8 bytes, little-endian. */
uint64_t bin_u64(struct bin_reader *r);
bool bin_bool(struct bin_reader *r);	/* other bytes than 0, 1: a fault */
bool bin_option(struct bin_reader *r);	/* whether Some */
/* The next n bytes; NULL after a fault (and perhaps when n is 0). */
const uint8_t *bin_take(struct bin_reader *r, size_t n);
/* A count of items that take at least `least` bytes each: one that the rest
 * cannot hold is a fault, so that it is safe to allocate for.  least > 0. */
size_t bin_count(struct bin_reader *r, size_t least);
/* Vec<u8>: count and bytes. */
const uint8_t *bin_bytes(struct bin_reader *r, size_t *n);
/* String: the same, and UTF-8. */
const char *bin_str(struct bin_reader *r, size_t *n);
/* How many bytes have not been read. */
size_t bin_left(const struct bin_reader *r);
/* Makes a fault of the caller's, at the place read last; returns -1. */
int bin_fault(struct bin_reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* 0 when all was read, and nothing is left. */
CHECKED int bin_done(struct bin_reader *r);

/*
 * The writer fills a buffer of the caller's; with a NULL one it only counts, so
 * that the same code gives the size.  What does not fit is a fault: w.n keeps
 * counting, and bin_written() is -1.
 */
struct bin_writer {
	uint8_t *p;
	size_t n, cap;
};

/* Begins at p, cap bytes; p NULL: only counts. */
void bin_write(struct bin_writer *w, void *p, size_t cap);
/* A byte. */
void bin_put_u8(struct bin_writer *w, uint8_t x);
/* 4 bytes, little-endian. */
void bin_put_u32(struct bin_writer *w, uint32_t x);
/* 8 bytes, little-endian. */
void bin_put_u64(struct bin_writer *w, uint64_t x);
/* n bytes as they are. */
void bin_put(struct bin_writer *w, const void *p, size_t n);
/* Vec<u8>: the count, and n bytes. */
void bin_put_bytes(struct bin_writer *w, const void *p, size_t n);
/* String: the same of a C string. */
void bin_put_str(struct bin_writer *w, const char *s);
/* 0 when everything fitted. */
CHECKED int bin_written(const struct bin_writer *w);

#endif
