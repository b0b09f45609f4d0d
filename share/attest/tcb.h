#ifndef ATTEST_TCB_H
#define ATTEST_TCB_H
/*
 * What Intel says of platforms: TCB information (version 3, SGX and TDX) and the
 * quoting enclaves' identities (version 2), and how a platform is judged by them:
 * Intel's quote verification library, whose rules these are.
 */
#include "attest/quote.h"
#include "attest/strict.h"

#define TCB_LEVELS 64		/* of a table; more are refused */
#define TCB_MODULES 16

enum tcb_status {
	TCB_UP_TO_DATE,
	TCB_SW_HARDENING_NEEDED,
	TCB_CONFIGURATION_NEEDED,
	TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED,
	TCB_OUT_OF_DATE,
	TCB_OUT_OF_DATE_CONFIGURATION_NEEDED,
	TCB_TD_RELAUNCH_ADVISED,
	TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
	TCB_REVOKED,
	TCB_STATUSES
};

/* Intel's word. */
const char *tcb_status_name(enum tcb_status s);
/* -1: none of them. */
CHECKED int tcb_status_parse(enum tcb_status *out, const char *name);

struct tcb_level {
	uint8_t sgx[16], tdx[16];	/* tdx: zero in SGX's information */
	uint16_t pcesvn;
	uint16_t isvsvn;		/* of modules and quoting enclaves */
	int64_t date;
	enum tcb_status status;
	json_t *advisories;		/* an array of strings, or NULL */
};

struct tcb_table {
	size_t n;
	struct tcb_level level[TCB_LEVELS];
};

struct tdx_module {
	uint8_t version;		/* 3 of "TDX_03" */
	uint8_t mrsigner[48], attributes[8], mask[8];
	struct tcb_table levels;
};

/* Strings in it are *root's. */
struct tcb_info {
	json_t *root;
	bool tdx;
	uint8_t fmspc[6], pce_id[2];
	int64_t issued, next;
	uint64_t evaluation;
	struct tdx_module module;	/* of version 0; TDX alone */
	size_t nmodules;
	struct tdx_module modules[TCB_MODULES];
	struct tcb_table levels;
};

struct qe_identity {
	json_t *root;
	bool tdx;			/* "TD_QE", not "QE" */
	int64_t issued, next;
	uint64_t evaluation;
	uint8_t miscselect[4], miscselect_mask[4];	/* as in the report */
	uint8_t attributes[16], attributes_mask[16];
	uint8_t mrsigner[32];
	uint16_t isvprodid;
	struct tcb_table levels;
};

/* Reads Intel's TCB information; EX_DATAERR, free either way. */
CHECKED int tcb_info_parse(struct tcb_info *t, struct bytes text,
    struct err *e);
/* The same of a quoting enclave's identity; EX_DATAERR, free either way. */
CHECKED int qe_identity_parse(struct qe_identity *q, struct bytes text,
    struct err *e);
/* Frees what strings and advisories are in. */
void tcb_info_free(struct tcb_info *t);
/* Frees what advisories are in. */
void qe_identity_free(struct qe_identity *q);

/* The highest level that the platform reaches; NULL: none.  sgx, pcesvn: from its
 * certificate; tdx: TEE_TCB_SVN, NULL for SGX. */
const struct tcb_level *tcb_find(const struct tcb_info *t,
    const uint8_t sgx[static 16], uint16_t pcesvn, const uint8_t *tdx);
/* The same of a module's or quoting enclave's version. */
const struct tcb_level *isv_find(const struct tcb_table *t, uint16_t isvsvn);
/* That Intel describes for a TEE_TCB_SVN; NULL: none. */
const struct tdx_module *tdx_module_find(const struct tcb_info *t,
    const uint8_t tdx[static 16]);

/* The platform's status with that of its module, or of its quoting enclave. */
enum tcb_status tcb_converge(enum tcb_status platform, enum tcb_status part);
/* That of a TD 1.5, which started under one TCB and runs under another. */
enum tcb_status tcb_relaunch(enum tcb_status launch, enum tcb_status now);

#endif
