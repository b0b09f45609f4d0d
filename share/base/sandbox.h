#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H
/*
 * What the process may ask of the kernel from here on, in the manner of
 * OpenBSD's pledge(2).  Anything else kills it (SIGSYS).  Threads that exist are
 * confined too, children inherit it, and no set-user-id program gains anything.
 *
 *	stdio	use of open descriptors, memory that is not executable, time,
 *		random numbers, polling, signals to itself, its end
 *	thread	new threads
 *	rpath	files opened for reading
 *	wpath	existing files opened for writing; locks, sync, truncation
 *	cpath	files and folders made, renamed, removed
 *	proc	fork, wait for and signal children
 *	exec	programs run (and memory mapped executable, which these need)
 *	inet	sockets of the internet
 *	unix	sockets of this machine
 *
 * A program that a confined one runs has the same bounds.  In sanitizer builds,
 * whose run-time does other things, only set-user-id is switched off.
 */
#include <stdbool.h>

#include "base/err.h"

/* Confines the process, its threads and its children to the promises, words of those
 * above, from now on.  EX_OSERR with the reason: the kernel has no filters, or refuses. */
CHECKED int sandbox(const char *promises, struct err *e);
/* The option of a program that goes without one at its user's word: its files are his
 * own, and where it runs there are no filters (base/args.h). */
#define SANDBOX_OPTION(set) \
	{ 0, "no-sandbox", NULL, "run unconfined, where the kernel has no seccomp " \
	    "filters: with files that are your own", .flag = &(set) }

/* Whether sandbox() confines in this build. */
CHECKED bool sandbox_real(void);

#endif
