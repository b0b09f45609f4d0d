#ifndef TEST_LIB_LOOKUP_H
#define TEST_LIB_LOOKUP_H
/* The table of byte lookups, without the table. */
#include <stdbool.h>
#include <stdint.h>

/* Has the table this row: operation, a, b, c? */
bool lookup_holds(const uint32_t v[4]);

#endif
