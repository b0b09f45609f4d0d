#ifndef BASE_PAR_H
#define BASE_PAR_H
/*
 * One pool of threads for a program's data-parallel loops.  Results never
 * depend on the number of threads: a loop's iterations may not communicate.
 */
#include <stddef.h>

#define PAR_MAX 256

/* Starts the pool: n threads in all, the caller among them; 0: one for each
 * processor that this process may use.  Call once, from main; without it every
 * loop runs in the caller. */
void par_start(unsigned n);
/* How many threads there are, the caller among them; 1 without par_start(). */
unsigned par_threads(void);

/* Calls fn(ctx, begin, end, worker) for pieces that cover [0, n), each of at
 * most `grain` iterations (0: n / (4 * threads) or so); worker < par_threads()
 * tells pieces that run at the same time apart.  Returns when all are done.
 * Called from inside a piece it runs serially there, with that piece's worker. */
void par_for(size_t n, size_t grain,
    void (*fn)(void *ctx, size_t begin, size_t end, unsigned worker),
    void *ctx);

#endif
