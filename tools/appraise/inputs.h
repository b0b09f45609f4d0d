#ifndef APPRAISE_INPUTS_H
#define APPRAISE_INPUTS_H
/*
 * Everything that sp1-attest reads and asks for, before it looks at anything.
 */
#include "appraise/domain.h"
#include "appraise/options.h"

/* p NULL: not given. */
struct inputs {
	struct bytes policy, root, gpu_root, rim_root;
	struct bytes log, compose, gpus;	/* of the one quote */
	size_t nrims;
	struct bytes *rims;			/* reference measurements */
	struct domain_inputs domain;
};

/* Reads all files, into *in, which is all zero, and o's quotes, collaterals and reference
 * measurements; a quote that is a URL is asked for.  Fails as read_file() and attested_fetch()
 * do, and domain_read(). */
CHECKED int inputs_read(struct inputs *in, struct options *o, struct err *e);
/* Frees what the domain has and the list of reference measurements: what was read stays until
 * the program's end. */
void inputs_free(struct inputs *in);

#endif
