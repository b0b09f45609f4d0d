#ifndef EXEC_EXEC_H
#define EXEC_EXEC_H
/*
 * sp1-exec's inside.  The guest's program and input are looked into by a child alone,
 * which can do nothing but use the descriptors that it was given; the parent makes the
 * files, never has the input, and gives the outcome.  Both say on standard error why it is none.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/secmem.h"
#include "poly/hash.h"
#include "vm/vm.h"

struct exec {
	struct vm_config config;	/* but for its hooks, which are exec_run()'s */
	const uint8_t *elf;
	size_t nelf;
	int fd;				/* gives the input, */
	uint64_t max_input;		/* so many bytes at most, packed or not */
	struct secmem in;		/* the child's, until the machine has it, */
	struct err unread;		/* status 0, or why it has not */
	const char *program, *input;	/* their names, for messages */
	int out;			/* takes the public values, or */
	bool records;			/* the stream of run/record.h */
	int report;			/* takes the report; -1: nobody wants it */
	const char *report_name;
	bool brief;			/* without the public values */
	bool quiet;			/* what the guest prints is not shown, */
	bool raw;			/* or with its control characters */
	bool verbose;			/* cycles, gas and time are said */
	bool confined;			/* the child is */
	bool verify;			/* the proofs that the input carries, */
	uint64_t nproofs;		/* of which there are so many, */
	digest chain;			/* and this is the digest */
	struct err unwritten;		/* status 0, or why the records could not be */
};

/* child.c */
/* Has a child do exec_run(), which ends with this process.  *status: the exit status.
 * A child that a signal ended is EX_SOFTWARE and the report says so; SIGPIPE ends this
 * process too, if it may.  -1: EX_OSERR, there is no child. */
CHECKED int exec_child(struct exec *x, int *status, struct err *e);

/* input.c */
/* Reads the input; x->unread tells how that went. */
void exec_read(struct exec *x);
/* Bytes that it may unpack to. */
uint64_t exec_input_most(const struct exec *x);
/* Takes it out of its frame, if it is in one, and gives it to the machine.  EX_DATAERR: it is
 * none, or longer than it may be; EX_OSERR. */
CHECKED int exec_input(struct exec *x, struct vm *m, struct err *e);

/* run.c */
/* All of the child's work: loads the program, runs it on the input, writes public values
 * or records, and the report.  The exit status: 0, EX_NO for a guest that halted with
 * another code than 0, EX_DATAERR for one that failed, or why it did not run. */
CHECKED int exec_run(struct exec *x);

/* proofs.c */
/* Verifies the proofs that the machine's input carries, each with the key beside it, and
 * has the record stream tell them; fills nproofs and chain.  EX_NO: one does not hold, as
 * stock would have it; EX_DATAERR: one is malformed. */
CHECKED int exec_proofs(struct exec *x, struct vm *m, struct err *e);
/* Is what the guest gave to COMMIT_DEFERRED_PROOFS their digest?  Otherwise it verified
 * others, or not all of them, which no compressed proof can show. */
CHECKED bool exec_proofs_match(const struct exec *x, const struct vm_result *r);

/* report.c */
/* How it ended, as a line of JSON, to the report, if it is wanted.  r: NULL when the guest
 * did not run.  EX_IOERR, EX_OSERR. */
CHECKED int exec_report(const struct exec *x, const char *cause,
    const char *detail, const struct vm_result *r, struct err *e);
/* Whether the report is whole: it is one line.  Of what is no file, nothing is known. */
CHECKED bool exec_report_whole(int fd);

/* lines.c */
/* A line that the guest printed to its descriptor 1 or 2, as stock shows it: "stdout: " or
 * "stderr: ", then the text, with U+FFFD for what is no UTF-8; without raw also with \x.. for
 * control characters. */
void exec_line(FILE *f, bool raw, int fd, const char *text, size_t len);

#endif
