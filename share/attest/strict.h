#ifndef ATTEST_STRICT_H
#define ATTEST_STRICT_H
/*
 * JSON of strangers, read strictly: a name twice in an object, bytes after the end,
 * text that is not UTF-8 are refused.  All failures are EX_DATAERR and name the field.
 * What a json_t gives lives as long as that.
 */
#include <jansson.h>

#include "attest/bytes.h"
#include "base/err.h"

/* To be freed with json_decref(); NULL on failure.  what: for the message. */
CHECKED json_t *strict_load(struct bytes text, const char *what, struct err *e);

/* The text of member key of the object that is all of text, which strict_load() took:
 * the bytes as they were sent, which is what was signed. */
CHECKED int strict_slice(struct bytes *out, struct bytes text, const char *key,
    struct err *e);

/* A member of the kind; NULL when it is not there or is something else. */
CHECKED const char *strict_str(const json_t *o, const char *key, struct err *e);
/* The same, an array; o owns it. */
CHECKED json_t *strict_array(const json_t *o, const char *key, struct err *e);
/* The same, an object; o owns it. */
CHECKED json_t *strict_object(const json_t *o, const char *key, struct err *e);
/* An integer from 0 to max. */
CHECKED int strict_uint(const json_t *o, const char *key, uint64_t max,
    uint64_t *out, struct err *e);
/* n bytes in hexadecimal of either case, without 0x. */
CHECKED int strict_hex(const json_t *o, const char *key, uint8_t *out, size_t n,
    struct err *e);
/* YYYY-MM-DDTHH:MM:SSZ, in seconds since 1970. */
CHECKED int strict_date(const json_t *o, const char *key, int64_t *out,
    struct err *e);

/* As in evidence, where one thing has one spelling: hexadecimal of lower case, without
 * 0x.  The number of bytes; -1 when it is something else. */
long plain_hex_length(const char *text, size_t len);
/* n bytes of it; out is as it was otherwise. */
CHECKED int plain_hex(uint8_t *out, size_t n, const char *text, size_t len);

#endif
