#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include <stdint.h>

/* Milliseconds of a clock that is never set: for intervals and deadlines; the same in
 * seconds. */
int64_t clock_ms(void);
double clock_s(void);

#endif
