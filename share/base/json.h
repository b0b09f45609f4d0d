#ifndef BASE_JSON_H
#define BASE_JSON_H
/*
 * Writes JSON as it goes, compact, one value a line.  Errors are sticky: nothing
 * needs a check before jw_finish().  Inside an object each value has a key;
 * inside an array the key is NULL.  The names begin with jw_, since jansson has
 * the json_ ones.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

#define JW_DEPTH 16

struct jw {
	FILE *f;
	int depth;
	bool array[JW_DEPTH + 1], more[JW_DEPTH + 1];
	bool failed;
};

/* Writes to f, which is the caller's. */
void jw_start(struct jw *j, FILE *f);
void jw_object(struct jw *j, const char *key);	/* { */
void jw_array(struct jw *j, const char *key);	/* [ */
void jw_end(struct jw *j);				/* } or ] */

/* What is not UTF-8 becomes U+FFFD. */
void jw_str(struct jw *j, const char *key, const char *s);
/* The same of n bytes. */
void jw_strn(struct jw *j, const char *key, const char *s, size_t n);
/* A number, in decimal. */
void jw_u64(struct jw *j, const char *key, uint64_t x);
/* The same with its sign. */
void jw_i64(struct jw *j, const char *key, int64_t x);
/* As a string above 2^53, where JavaScript and jq lose digits. */
void jw_big(struct jw *j, const char *key, uint64_t x);
void jw_double(struct jw *j, const char *key, double x);	/* finite */
void jw_bool(struct jw *j, const char *key, bool x);
/* null */
void jw_null(struct jw *j, const char *key);
/* Bytes, as a string of hexadecimal. */
void jw_hex(struct jw *j, const char *key, const void *p, size_t n);

/* A newline, and flushed; EX_IOERR when anything was not written.  Everything
 * that was begun must have ended. */
CHECKED int jw_finish(struct jw *j, const char *name, struct err *e);

#endif
