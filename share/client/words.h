#ifndef CLIENT_WORDS_H
#define CLIENT_WORDS_H
/*
 * Fields of a record that are names, or numbers where the protocol has grown.
 */
#include "wire/record.h"

#define WORDS_NUMBER 24		/* room for a number, with the NUL */

/* Sets a field to a name, or to the number where that has none here (NULL). */
void words_set(struct record *rec, const char *key, const char *name,
    int number);
/* Such a field: it lives as long as the record, or is a number in room; "not known" for
 * anything else. */
const char *words_of(const struct record *rec, const char *key,
    char room[static WORDS_NUMBER]);

#endif
