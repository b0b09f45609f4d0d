#ifndef TEST_LIB_ROWS_H
#define TEST_LIB_ROWS_H
/*
 * A precompile's row alone: do its constraints hold, have its lookups rows in their
 * tables, and are its messages those of the call and of its accesses?
 */
#include <string.h>

#include "rows/calls.h"
#include "rows/trace.h"

#define MAX_VALUES 16
#define MAX_MESSAGES 64

struct message { enum air_kind kind; bool send; unsigned n;
	uint32_t v[MAX_VALUES]; };
struct expected { unsigned n; struct message m[MAX_MESSAGES]; };

/* What the call of an event must send and receive: the call itself and its accesses. */
void expect(struct expected *x, const struct precompile_event *e);

/* 0, or what is wrong with the row; x NULL: any messages will do. */
const char *check_row(const struct air_chip *c, const kb *row, const struct expected *x);

#endif
