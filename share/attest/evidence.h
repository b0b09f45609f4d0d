#ifndef ATTEST_EVIDENCE_H
#define ATTEST_EVIDENCE_H
/*
 * What an enclave shows for itself, as a source gave it: here files, in any of the
 * forms in which people keep them.  A source over a connection fills the same struct.
 */
#include "attest/strict.h"

#define EVIDENCE_MAX ((size_t)16 << 20)

struct evidence {
	struct bytes quote;		/* Intel's bytes */
	struct bytes event_log;		/* dstack's, JSON; p NULL: none */
	struct bytes compose;		/* app-compose.json; p NULL: none */
	struct bytes gpus;		/* of GPUs, JSON; p NULL: none */
	struct bytes statement;		/* sp1-evidence(5)'s; p NULL: none */
	size_t nrims;
	const struct bytes *rims;	/* their reference measurements, XML */
	bool has_report_data;
	uint8_t report_data[64];	/* that the source says the quote has */
	/* What the above is in, beside the caller's bytes. */
	uint8_t *decoded;
	json_t *root;
};

/* From a quote's bytes; the same in hexadecimal (lower case, without 0x); a JSON
 * array of its bytes as numbers; a JSON object with `quote`, either of the latter
 * two, whose event_log and report_data are taken too; where it has a statement
 * (sp1-evidence(5)) app_compose and gpu_evidence besides.  text must stay.  EX_DATAERR;
 * evidence_free() either way. */
CHECKED int evidence_parse(struct evidence *ev, struct bytes text,
    struct err *e);
/* Frees decoded bytes and the JSON, not the caller's text, and clears it. */
void evidence_free(struct evidence *ev);

#endif
