#ifndef WIRE_RECORD_H
#define WIRE_RECORD_H
/*
 * Records, the text that programs hand each other: one JSON object a line.  A
 * program copies all fields through, in their order, and adds its own, so that a
 * record that was saved resumes the pipeline anywhere.
 *
 * Bytes are lowercase hexadecimal with 0x; integers above 2^53 are strings of
 * decimal digits; a number may be given either way.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

/* A longer line is refused. */
#define RECORD_MAX ((size_t)64 << 20)

struct record {
	json_t *o;
	bool failed;		/* a record_set_*() was out of memory */
};

/* An empty one. */
void record_init(struct record *r);
/* It is empty then. */
void record_free(struct record *r);

/* EX_DATAERR; r is then empty.  Free it either way. */
CHECKED int record_parse(struct record *r, const char *p, size_t n,
    struct err *e);
/* The next line's; 1, 0 at the end, or -1.  Lines of blanks are passed over.
 * r must be fresh or freed. */
CHECKED int record_next(struct record *r, FILE *f, const char *name,
    struct err *e);

/* The file of records that an operand names: NULL or "-" for standard input.  NULL:
 * EX_NOINPUT. */
CHECKED FILE *record_open(const char *path, struct err *e);
/* The next record of a file that must have one more: else EX_DATAERR. */
CHECKED int record_need(struct record *r, FILE *f, const char *name,
    struct err *e);

/* Each record of the file that an operand names, which is freed after its call.  EX_NOINPUT;
 * EX_DATAERR: a bad line, after the calls for those before it, or no record at all. */
CHECKED int record_each(const char *path,
    void (*on_record)(struct record *r, void *ctx), void *ctx, struct err *e);

/* Is there anything under the key? */
bool record_has(const struct record *r, const char *key);
/* A string as record_str(), or NULL where there is nothing under the key. */
CHECKED int record_opt_str(const struct record *r, const char *key,
    const char **out, struct err *e);
/* What the record has under a key; EX_DATAERR with the key's name when it is
 * not there or is something else. */
CHECKED int record_str(const struct record *r, const char *key,
    const char **out, struct err *e);
/* A number, or a string of decimal digits. */
CHECKED int record_u64(const struct record *r, const char *key, uint64_t *out,
    struct err *e);
/* true or false. */
CHECKED int record_bool(const struct record *r, const char *key, bool *out,
    struct err *e);
/* Exactly n bytes. */
CHECKED int record_hex(const struct record *r, const char *key, uint8_t *out,
    size_t n, struct err *e);
/* Any number of bytes, to be freed with free(). */
CHECKED int record_bytes(const struct record *r, const char *key, uint8_t **out,
    size_t *n, struct err *e);

/* A field that is there already keeps its place. */
void record_set_str(struct record *r, const char *key, const char *value);
/* The same of a number: above 2^53 as a string. */
void record_set_u64(struct record *r, const char *key, uint64_t value);
/* The same of a truth value. */
void record_set_bool(struct record *r, const char *key, bool value);
/* The same of n bytes, in hexadecimal with 0x. */
void record_set_hex(struct record *r, const char *key, const void *p, size_t n);
/* Takes the reference. */
void record_set_json(struct record *r, const char *key, json_t *value);
/* Removes the field, if it is there. */
void record_unset(struct record *r, const char *key);

/* Compact, without a newline; NULL when out of memory.  Free with free(). */
char *record_format(const struct record *r);
/* With a newline, flushed. */
CHECKED int record_write(const struct record *r, FILE *f, const char *name,
    struct err *e);

#endif
