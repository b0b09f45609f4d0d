#ifndef STORE_STORE_H
#define STORE_STORE_H
/*
 * A program's state in a database.  What is committed survives a crash of the program
 * and of the machine.
 *
 * Only this folder calls the database (SQLite: write-ahead log, synced at each commit, or
 * by a thread: store_later()).  A program's SQL, in that dialect, stands in one file,
 * PROGRAM/db.c.
 *
 * Temporary tables are in memory alone.  One store is for one thread at a time.
 * Integers are the bits of a uint64_t; what is compared in SQL must be below 2^63:
 * store_clamp().
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct store;
struct syncs;
struct store_query;	/* one that runs; the store's */

/* Opens or makes the file at path (mode 0600).  schema ends with NULL: its i-th text
 * brings a file of version i to version i + 1.  path must live as long as the store.
 * NULL: EX_CANTCREAT, EX_CONFIG (a newer version, or no database), EX_TEMPFAIL
 * (another process has it), EX_OSERR. */
CHECKED struct store *store_open(const char *path, const char *const *schema,
    struct err *e);
/* NULL is allowed. */
void store_close(struct store *s);

/* From now on no commit waits for the disk.  What is committed survives the program's end at
 * once, and the machine's when store_on_disk() has come to its number.  on_disk() is called
 * in another thread each time that has happened, with 0, or with the error for which it
 * cannot happen any more; it has store_tend() called, in the program's own thread.  EX_OSERR,
 * EX_CANTCREAT, EX_IOERR. */
CHECKED int store_later(struct store *s, void (*on_disk)(int error, void *arg),
    void *arg, struct err *e);
/* The number of the last commit. */
uint64_t store_commits(struct store *s);
/* And of the last that is on the disk. */
uint64_t store_on_disk(struct store *s);
/* The waits for the disk since store_later() (base/syncs.h); the store's. */
const struct syncs *store_syncs(const struct store *s);
/* Sees to the log, soon done. */
void store_tend(struct store *s);

/*
 * types has a letter for each of the statement's parameters:
 *	i uint64_t	t const char * (NULL: null)
 *	b const void *, size_t (copied; NULL pointer: null)	0 nothing: null
 * sql must be a constant: its address names the prepared statement, of which a program
 * may have STORE_STATEMENTS.
 */
#define STORE_STATEMENTS 64

/* Runs it to its end; the number of rows that it changed, or -1 (EX_IOERR,
 * EX_TEMPFAIL). */
CHECKED int store_run(struct store *s, struct err *e, const char *sql,
    const char *types, ...);

/* Starts a query; then store_next() until it is not 1, or store_done().  Never
 * NULL: what goes wrong shows in store_next(). */
struct store_query *store_query(struct store *s, const char *sql,
    const char *types, ...);
/* 1: a row, 0: the end (the query is done with), -1 (it is too). */
CHECKED int store_next(struct store_query *q, struct err *e);
/* Ends it before its last row. */
void store_done(struct store_query *q);

/* Columns of the row, counted from 0.  What they point to lives until the next step or
 * store_done(). */

/* An integer; 0 for null. */
uint64_t store_u64(struct store_query *q, int column);
/* Is it null? */
bool store_null(struct store_query *q, int column);
/* A text; "" for null. */
const char *store_text(struct store_query *q, int column);
/* *n bytes; NULL for none. */
const uint8_t *store_blob(struct store_query *q, int column, size_t *n);
/* Copies a blob of exactly n bytes; zeros when it has another length. */
void store_bytes(struct store_query *q, int column, void *out, size_t n);

/* Begins a transaction; they do not nest. */
CHECKED int store_begin(struct store *s, struct err *e);
/* Ends it; where that fails nothing of it is there. */
CHECKED int store_commit(struct store *s, struct err *e);
/* Takes it back. */
void store_rollback(struct store *s);

uint64_t store_clamp(uint64_t x);	/* to 2^63 - 1 */

#endif
