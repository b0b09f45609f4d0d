#ifndef STORE_STORE_H
#define STORE_STORE_H
/*
 * A program's state in SQLite.  What is committed survives a crash of the program
 * and of the machine (write-ahead log, synced at each commit).
 *
 * One store is for one thread at a time.  Integers are the bits of a uint64_t; what
 * is compared in SQL must be below 2^63: store_clamp().
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define STORE_STATEMENTS 64

struct store {
	sqlite3 *db;
	const char *path;
	size_t n;		/* statements kept ready, by their text's address */
	const char *sql[STORE_STATEMENTS];
	sqlite3_stmt *stmt[STORE_STATEMENTS];
};

/* Opens or makes the file at path (mode 0600).  schema ends with NULL: its i-th text
 * brings a file of version i to version i + 1.  EX_CANTCREAT, EX_CONFIG (a newer
 * version, or no database), EX_TEMPFAIL (another process has it). */
CHECKED int store_open(struct store *s, const char *path,
    const char *const *schema, struct err *e);
void store_close(struct store *s);

/*
 * types has a letter for each of the statement's parameters:
 *	i uint64_t	t const char * (NULL: null)
 *	b const void *, size_t (copied; NULL pointer: null)	0 nothing: null
 * sql must be a constant: its address names the prepared statement.
 */

/* Runs it to its end; the number of rows that it changed, or -1 (EX_IOERR,
 * EX_TEMPFAIL). */
CHECKED int store_run(struct store *s, struct err *e, const char *sql,
    const char *types, ...);

/* Starts a query; then store_next() until it is not 1, or store_done().  Never
 * NULL: what goes wrong shows in store_next(). */
sqlite3_stmt *store_query(struct store *s, const char *sql,
    const char *types, ...);
/* 1: a row, 0: the end (the query is done with), -1. */
CHECKED int store_next(struct store *s, sqlite3_stmt *q, struct err *e);
void store_done(sqlite3_stmt *q);

/* Columns of the row; what they point to lives until the next step. */
uint64_t store_u64(sqlite3_stmt *q, int column);
bool store_null(sqlite3_stmt *q, int column);
const char *store_text(sqlite3_stmt *q, int column);	/* "" for null */
const uint8_t *store_blob(sqlite3_stmt *q, int column, size_t *n);
/* Copies a blob of exactly n bytes; zeros when it has another length. */
void store_bytes(sqlite3_stmt *q, int column, void *out, size_t n);

CHECKED int store_begin(struct store *s, struct err *e);
CHECKED int store_commit(struct store *s, struct err *e);
void store_rollback(struct store *s);

uint64_t store_clamp(uint64_t x);	/* to 2^63 - 1 */

#endif
