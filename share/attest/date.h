#ifndef ATTEST_DATE_H
#define ATTEST_DATE_H
/* Dates in UTC and seconds since 1970, without libc's, which read a time zone first:
 * in a sandbox that has no files. */
#include <stdint.h>

#include "base/err.h"

/* From 1970 to 9999; -1: there is no such second. */
int64_t date_seconds(int year, int month, int day, int hour, int minute,
    int second);
/* "2026-01-31T12:00:00Z", that form and no other; -1 */
CHECKED int date_parse(int64_t *out, const char *text);
/* Writes that form. */
void date_text(char out[static 32], int64_t seconds);

#endif
