#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include <stdint.h>

/* Milliseconds of a clock that is never set: for intervals and deadlines of this
 * process. */
int64_t clock_ms(void);
/* The same clock in seconds. */
double clock_s(void);

/* Unix time in seconds: for what other machines are told, and what outlives the
 * process.  It may be set, and so go back. */
uint64_t clock_unix(void);
/* The same in milliseconds. */
uint64_t clock_unix_ms(void);

#endif
