#include "attest/tcb.h"

#include <stdio.h>

static const char *const names[TCB_STATUSES] = {
	[TCB_UP_TO_DATE] = "UpToDate",
	[TCB_SW_HARDENING_NEEDED] = "SWHardeningNeeded",
	[TCB_CONFIGURATION_NEEDED] = "ConfigurationNeeded",
	[TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED] =
	    "ConfigurationAndSWHardeningNeeded",
	[TCB_OUT_OF_DATE] = "OutOfDate",
	[TCB_OUT_OF_DATE_CONFIGURATION_NEEDED] = "OutOfDateConfigurationNeeded",
	[TCB_TD_RELAUNCH_ADVISED] = "TDRelaunchAdvised",
	[TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED] =
	    "TDRelaunchAdvisedConfigurationNeeded",
	[TCB_REVOKED] = "Revoked",
};

const char *
tcb_status_name(enum tcb_status s)
{
	return names[s];
}

int
tcb_status_parse(enum tcb_status *out, const char *name)
{
	for (int i = 0; i < TCB_STATUSES; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum tcb_status)i;
			return 0;
		}
	return -1;
}

/* Which statuses each kind of table may hold. */
#define BIT(s) (1u << TCB_##s)
#define OF_MODULE (BIT(UP_TO_DATE) | BIT(OUT_OF_DATE) | BIT(REVOKED))
#define OF_QE (OF_MODULE | BIT(CONFIGURATION_NEEDED) | \
	BIT(OUT_OF_DATE_CONFIGURATION_NEEDED))
#define OF_PLATFORM (OF_QE | BIT(SW_HARDENING_NEEDED) | \
	BIT(CONFIGURATION_AND_SW_HARDENING_NEEDED))

static int
parse_advisories(struct tcb_level *l, const json_t *o, struct err *e)
{
	size_t i;
	json_t *id;

	l->advisories = json_object_get(o, "advisoryIDs");
	if (l->advisories == NULL)
		return 0;
	if (!json_is_array(l->advisories))
		return err_set(e, EX_DATAERR, "advisoryIDs is not an array");
	json_array_foreach(l->advisories, i, id)
		if (!json_is_string(id) || json_string_length(id) > 63)
			return err_set(e, EX_DATAERR, "advisoryIDs is not an array "
			    "of names");
	return 0;
}

static int
parse_level(struct tcb_level *l, const json_t *o, unsigned allowed,
    struct err *e)
{
	const char *status = strict_str(o, "tcbStatus", e);

	if (status == NULL || strict_date(o, "tcbDate", &l->date, e) ||
	    parse_advisories(l, o, e))
		return -1;
	if (tcb_status_parse(&l->status, status) ||
	    !(allowed >> l->status & 1))
		return err_set(e, EX_DATAERR, "tcbStatus is %.40s", status);
	return 0;
}

static int
parse_components(uint8_t out[static 16], const json_t *tcb, const char *key,
    struct err *e)
{
	json_t *a = strict_array(tcb, key, e), *o;
	uint64_t svn;
	size_t i;

	if (a == NULL)
		return -1;
	if (json_array_size(a) != 16)
		return err_set(e, EX_DATAERR, "%s has %zu elements, not 16", key,
		    json_array_size(a));
	json_array_foreach(a, i, o) {
		if (strict_uint(o, "svn", UINT8_MAX, &svn, e))
			return -1;
		out[i] = (uint8_t)svn;
	}
	return 0;
}

static int
parse_platform_level(struct tcb_level *l, const json_t *o, bool tdx,
    struct err *e)
{
	json_t *tcb = strict_object(o, "tcb", e);
	uint64_t pcesvn;

	if (tcb == NULL || strict_uint(tcb, "pcesvn", UINT16_MAX, &pcesvn, e) ||
	    parse_components(l->sgx, tcb, "sgxtcbcomponents", e) ||
	    (tdx && parse_components(l->tdx, tcb, "tdxtcbcomponents", e)))
		return -1;
	l->pcesvn = (uint16_t)pcesvn;
	return parse_level(l, o, OF_PLATFORM, e);
}

static int
parse_isv_level(struct tcb_level *l, const json_t *o, unsigned allowed,
    struct err *e)
{
	json_t *tcb = strict_object(o, "tcb", e);
	uint64_t isvsvn;

	if (tcb == NULL || strict_uint(tcb, "isvsvn", UINT16_MAX, &isvsvn, e))
		return -1;
	l->isvsvn = (uint16_t)isvsvn;
	return parse_level(l, o, allowed, e);
}

/* The array of levels in o; NULL when there is none, or too many. */
static json_t *
levels_of(const json_t *o, struct err *e)
{
	json_t *a = strict_array(o, "tcbLevels", e);

	if (a == NULL)
		return NULL;
	if (json_array_size(a) == 0 || json_array_size(a) > TCB_LEVELS) {
		err_set(e, EX_DATAERR, "tcbLevels has %zu elements",
		    json_array_size(a));
		return NULL;
	}
	return a;
}

static int
parse_isv_levels(struct tcb_table *t, const json_t *o, unsigned allowed,
    struct err *e)
{
	json_t *a = levels_of(o, e), *level;

	if (a == NULL)
		return -1;
	json_array_foreach(a, t->n, level)
		if (parse_isv_level(&t->level[t->n], level, allowed, e))
			return -1;
	return 0;
}

static int
parse_module(struct tdx_module *m, const json_t *o, struct err *e)
{
	return o == NULL || strict_hex(o, "mrsigner", m->mrsigner, 48, e) ||
	    strict_hex(o, "attributes", m->attributes, 8, e) ||
	    strict_hex(o, "attributesMask", m->mask, 8, e) ? -1 : 0;
}

static int
parse_identity(struct tdx_module *m, const json_t *o, struct err *e)
{
	const char *id = strict_str(o, "id", e);
	char again[16];
	unsigned version;

	if (id == NULL)
		return -1;
	if (sscanf(id, "TDX_%2x", &version) != 1 || snprintf(again,
	    sizeof again, "TDX_%02X", version) < 0 || strcmp(again, id) != 0)
		return err_set(e, EX_DATAERR, "no TDX module is named %.20s", id);
	m->version = (uint8_t)version;
	return parse_module(m, o, e) ? -1 :
	    parse_isv_levels(&m->levels, o, OF_MODULE, e);
}

static int
parse_modules(struct tcb_info *t, struct err *e)
{
	json_t *a = json_object_get(t->root, "tdxModuleIdentities"), *o;

	if (parse_module(&t->module, strict_object(t->root, "tdxModule", e), e))
		return -1;
	if (a == NULL)
		return 0;
	if (!json_is_array(a) || json_array_size(a) > TCB_MODULES)
		return err_set(e, EX_DATAERR, "tdxModuleIdentities is not an array "
		    "of at most %d", TCB_MODULES);
	json_array_foreach(a, t->nmodules, o) {
		if (parse_identity(&t->modules[t->nmodules], o, e))
			return -1;
		for (size_t i = 0; i < t->nmodules; i++)
			if (t->modules[i].version ==
			    t->modules[t->nmodules].version)
				return err_set(e, EX_DATAERR, "two modules have "
				    "one name");
	}
	return 0;
}

static int
parse_info(struct tcb_info *t, struct err *e)
{
	const char *id = strict_str(t->root, "id", e);
	json_t *a, *level;
	uint64_t version, type;

	if (id == NULL || strict_uint(t->root, "version", 99, &version, e) ||
	    strict_uint(t->root, "tcbType", 99, &type, e) ||
	    strict_date(t->root, "issueDate", &t->issued, e) ||
	    strict_date(t->root, "nextUpdate", &t->next, e) ||
	    strict_hex(t->root, "fmspc", t->fmspc, 6, e) ||
	    strict_hex(t->root, "pceId", t->pce_id, 2, e) ||
	    strict_uint(t->root, "tcbEvaluationDataNumber", UINT32_MAX,
	    &t->evaluation, e))
		return -1;
	t->tdx = strcmp(id, "TDX") == 0;
	if (version != 3 || type != 0 || (!t->tdx && strcmp(id, "SGX") != 0))
		return err_set(e, EX_DATAERR, "%.20s, version %u, type %u is not "
		    "known", id, (unsigned)version, (unsigned)type);
	if (t->tdx && parse_modules(t, e))
		return -1;
	a = levels_of(t->root, e);
	if (a == NULL)
		return -1;
	json_array_foreach(a, t->levels.n, level)
		if (parse_platform_level(&t->levels.level[t->levels.n], level,
		    t->tdx, e))
			return -1;
	return 0;
}

int
tcb_info_parse(struct tcb_info *t, struct bytes text, struct err *e)
{
	memset(t, 0, sizeof *t);
	t->root = strict_load(text, "tcb_info", e);
	if (t->root == NULL)
		return -1;
	return parse_info(t, e) ? err_prefix(e, "tcb_info") : 0;
}

/* Written big-endian, held little-endian. */
static void
reverse(uint8_t p[static 4])
{
	uint8_t t[4] = { p[3], p[2], p[1], p[0] };

	memcpy(p, t, 4);
}

static int
parse_qe(struct qe_identity *q, struct err *e)
{
	const char *id = strict_str(q->root, "id", e);
	uint64_t version, isvprodid;

	if (id == NULL || strict_uint(q->root, "version", 99, &version, e) ||
	    strict_date(q->root, "issueDate", &q->issued, e) ||
	    strict_date(q->root, "nextUpdate", &q->next, e) ||
	    strict_uint(q->root, "tcbEvaluationDataNumber", UINT32_MAX,
	    &q->evaluation, e) ||
	    strict_hex(q->root, "miscselect", q->miscselect, 4, e) ||
	    strict_hex(q->root, "miscselectMask", q->miscselect_mask, 4, e) ||
	    strict_hex(q->root, "attributes", q->attributes, 16, e) ||
	    strict_hex(q->root, "attributesMask", q->attributes_mask, 16, e) ||
	    strict_hex(q->root, "mrsigner", q->mrsigner, 32, e) ||
	    strict_uint(q->root, "isvprodid", UINT16_MAX, &isvprodid, e) ||
	    parse_isv_levels(&q->levels, q->root, OF_QE, e))
		return -1;
	q->tdx = strcmp(id, "TD_QE") == 0;
	q->isvprodid = (uint16_t)isvprodid;
	reverse(q->miscselect);
	reverse(q->miscselect_mask);
	if (version != 2 || (!q->tdx && strcmp(id, "QE") != 0))
		return err_set(e, EX_DATAERR, "%.20s, version %u, is not known",
		    id, (unsigned)version);
	return 0;
}

int
qe_identity_parse(struct qe_identity *q, struct bytes text, struct err *e)
{
	memset(q, 0, sizeof *q);
	q->root = strict_load(text, "qe_identity", e);
	if (q->root == NULL)
		return -1;
	return parse_qe(q, e) ? err_prefix(e, "qe_identity") : 0;
}

void
tcb_info_free(struct tcb_info *t)
{
	json_decref(t->root);
	t->root = NULL;
}

void
qe_identity_free(struct qe_identity *q)
{
	json_decref(q->root);
	q->root = NULL;
}

static bool
reaches(const uint8_t *has, const uint8_t *needs, size_t from)
{
	for (size_t i = from; i < 16; i++)
		if (has[i] < needs[i])
			return false;
	return true;
}

/* Which of two levels comes first: SGX's components, PCESVN, TDX's components. */
static int
compare(const struct tcb_level *a, const struct tcb_level *b)
{
	int d = memcmp(a->sgx, b->sgx, 16);

	if (d == 0)
		d = (a->pcesvn > b->pcesvn) - (a->pcesvn < b->pcesvn);
	return d != 0 ? d : memcmp(a->tdx, b->tdx, 16);
}

const struct tcb_level *
tcb_find(const struct tcb_info *t, const uint8_t sgx[static 16],
    uint16_t pcesvn, const uint8_t *tdx)
{
	const struct tcb_level *best = NULL, *l;
	/* The first two of a module with a version are judged with its identity. */
	size_t from = tdx != NULL && tdx[1] > 0 ? 2 : 0;

	for (size_t i = 0; i < t->levels.n; i++) {
		l = &t->levels.level[i];
		if (!reaches(sgx, l->sgx, 0) || pcesvn < l->pcesvn ||
		    (tdx != NULL && !reaches(tdx, l->tdx, from)))
			continue;
		if (best == NULL || compare(l, best) > 0)
			best = l;
	}
	return best;
}

const struct tcb_level *
isv_find(const struct tcb_table *t, uint16_t isvsvn)
{
	const struct tcb_level *best = NULL;

	for (size_t i = 0; i < t->n; i++)
		if (t->level[i].isvsvn <= isvsvn &&
		    (best == NULL || t->level[i].isvsvn > best->isvsvn))
			best = &t->level[i];
	return best;
}

const struct tdx_module *
tdx_module_find(const struct tcb_info *t, const uint8_t tdx[static 16])
{
	if (tdx[1] == 0)
		return &t->module;
	for (size_t i = 0; i < t->nmodules; i++)
		if (t->modules[i].version == tdx[1])
			return &t->modules[i];
	return NULL;
}

static bool
needs_configuration(enum tcb_status s)
{
	return s == TCB_CONFIGURATION_NEEDED ||
	    s == TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED ||
	    s == TCB_OUT_OF_DATE_CONFIGURATION_NEEDED;
}

static bool
is_out_of_date(enum tcb_status s)
{
	return s == TCB_OUT_OF_DATE || s == TCB_OUT_OF_DATE_CONFIGURATION_NEEDED;
}

/* Intel's library looks at a part's OutOfDate alone; a quoting enclave that is
 * OutOfDateConfigurationNeeded is no less out of date. */
enum tcb_status
tcb_converge(enum tcb_status platform, enum tcb_status part)
{
	if (part == TCB_REVOKED || platform == TCB_REVOKED)
		return TCB_REVOKED;
	if (!is_out_of_date(part) || is_out_of_date(platform))
		return platform;
	return needs_configuration(platform) ?
	    TCB_OUT_OF_DATE_CONFIGURATION_NEEDED : TCB_OUT_OF_DATE;
}

enum tcb_status
tcb_relaunch(enum tcb_status launch, enum tcb_status now)
{
	if (launch == TCB_REVOKED || now == TCB_REVOKED)
		return TCB_REVOKED;
	if (!is_out_of_date(launch) || is_out_of_date(now))
		return launch;
	if (needs_configuration(launch) || needs_configuration(now))
		return TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED;
	return TCB_TD_RELAUNCH_ADVISED;
}
