/* The GPUs beside an enclave: genuine, and the ones that its measured start saw. */
#include <stdlib.h>
#include <strings.h>

#include "attest/rim.h"
#include "attest/verify.h"

#define LIST(...) (const enum attest_check[]){ __VA_ARGS__, ATTEST_CHECKS }

/* dstack's event has the SHA-256 of the evidence that its start took; the statement may
 * have it too. */
static int
check_binding(const struct attest_verdict *v, struct bytes text, struct err *e)
{
	uint8_t hash[32];

	if (v->has_statement && check_passed(&v->checks, CHECK_statement_gpu))
		return 0;
	if (!v->has_app || !v->log.app.has_gpu)
		return err_set(e, EX_NO, "nothing that is measured tells of GPU "
		    "evidence");
	sha256(hash, text.p, text.n);
	if (memcmp(hash, v->log.app.gpu_evidence, 32) != 0)
		return err_set(e, EX_NO, "its SHA-256 is not the event "
		    "gpu-attestation's");
	return 0;
}

static int
check_nonce(const struct gpu *g, const struct policy *p, struct err *e)
{
	if (g->has_nonce && memcmp(g->nonce, g->report.nonce, 32) != 0)
		return err_set(e, EX_NO, "the report answers another nonce than the "
		    "one beside it");
	if (!value_listed(&p->gpu_nonce, g->report.nonce))
		return err_set(e, EX_NO, "the report answers another nonce than the "
		    "policy's");
	return 0;
}

static int
check_gpu(const struct gpu *g, const struct attest_input *in,
    enum attest_check c, struct err *e)
{
	switch (c) {
	case CHECK_gpu_chain:
		return gpu_check_chain(g, in->gpu_root, in->now, e);
	case CHECK_gpu_firmware:
		return gpu_check_firmware(g, e);
	case CHECK_gpu_signature:
		return gpu_check_signature(g, e);
	default:
		return check_nonce(g, in->policy, e);
	}
}

/* One check of each GPU: the first that fails. */
static void
each(struct attest_verdict *v, const struct attest_input *in,
    enum attest_check c)
{
	struct err e;
	int r = 0;

	for (size_t i = 0; r == 0 && i < v->gpus.n; i++) {
		r = check_gpu(&v->gpus.of[i], in, c, &e);
		if (r != 0)
			err_prefix(&e, "GPU %zu", i);
	}
	check_result(&v->checks, c, r, &e);
}

/* A driver's version as it names itself, a VBIOS's as people write it. */
static void
driver_version(char out[static 64], const struct gpu_report *r)
{
	size_t n = r->driver.n < 63 ? r->driver.n : 63;

	if (n > 0)
		memcpy(out, r->driver.p, n);
	out[n] = '\0';
}

static void
vbios_version(char out[static 64], const struct gpu_report *r)
{
	const uint8_t *v = r->vbios.p;

	out[0] = '\0';
	if (r->vbios.n >= 5)
		snprintf(out, 64, "%02X.%02X.%02X.%02X.%02X", v[3], v[2], v[1],
		    v[0], v[4]);
}

struct rims {
	size_t n;
	struct rim *of;
	const struct chain *root;
	int64_t now;
};

/* The reference measurements of a version, which must be NVIDIA's; NULL and EX_NO. */
static const struct rim *
find_rim(const struct rims *all, const char *what, const char *version,
    struct err *e)
{
	if (version[0] == '\0') {
		err_set(e, EX_NO, "it tells no version of its %s", what);
		return NULL;
	}
	for (size_t i = 0; i < all->n; i++)
		if (strcasecmp(all->of[i].version, version) == 0)
			return rim_check(&all->of[i], all->root, all->now, e) ?
			    NULL : &all->of[i];
	err_set(e, EX_NO, "no RIM of its %s %.40s is given", what, version);
	return NULL;
}

static bool
is_golden(const struct rim *r, size_t i, const uint8_t *digest)
{
	for (size_t k = 0; k < r->of[i].n; k++)
		if (memcmp(r->of[i].digest[k], digest, 48) == 0)
			return true;
	return false;
}

static int
check_measurements(const struct gpu_report *g, const struct rim *driver,
    const struct rim *vbios, struct err *e)
{
	for (size_t i = 0; i < RIM_MEASUREMENTS; i++) {
		const struct rim *r = driver->of[i].active ? driver : vbios;

		if (driver->of[i].active && vbios->of[i].active)
			return err_set(e, EX_NO, "measurement %zu is in both RIMs",
			    i + 1);
		if (!r->of[i].active || (i + 1 == 36 && g->decoder_off))
			continue;
		if (i >= g->nblocks || !is_golden(r, i, g->block[i]))
			return err_set(e, EX_NO, "measurement %zu is not the "
			    "%s's", i + 1, r == driver ? "driver" : "VBIOS");
	}
	return 0;
}

static int
judge_gpu(struct attest_checks *k, const struct gpu_report *g, size_t at,
    const struct rims *all)
{
	const struct rim *driver, *vbios;
	char version[64];
	struct err e;

	driver_version(version, g);
	driver = find_rim(all, "driver", version, &e);
	if (driver == NULL)
		check_fail(k, CHECK_gpu_driver_rim, "GPU %zu: %s", at, e.msg);
	vbios_version(version, g);
	vbios = find_rim(all, "VBIOS", version, &e);
	if (vbios == NULL)
		check_fail(k, CHECK_gpu_vbios_rim, "GPU %zu: %s", at, e.msg);
	if (driver == NULL || vbios == NULL)
		return -1;
	if (check_measurements(g, driver, vbios, &e))
		check_fail(k, CHECK_gpu_measurements, "GPU %zu: %s", at, e.msg);
	return 0;
}

/* Each GPU's measurements are the reference ones of its driver and VBIOS. */
static void
judge_rims(struct attest_verdict *v, const struct rims *all)
{
	struct attest_checks *k = &v->checks;
	bool found = true;

	for (size_t i = 0; i < v->gpus.n; i++)
		found = judge_gpu(k, &v->gpus.of[i].report, i, all) == 0 && found;
	check_pass(k, CHECK_gpu_driver_rim, "%s", "");
	check_pass(k, CHECK_gpu_vbios_rim, "%s", "");
	if (found)
		check_pass(k, CHECK_gpu_measurements, "%s", "");
	else
		check_skip(k, CHECK_gpu_measurements, "needs the RIMs");
}

static void
verify_rims(struct attest_verdict *v, const struct attest_input *in)
{
	struct rims all = { .root = in->rim_root, .now = in->now };
	struct err e;
	int r = 0;

	all.of = calloc(in->evidence->nrims + 1, sizeof *all.of);
	must(all.of != NULL);
	while (r == 0 && all.n < in->evidence->nrims) {
		r = rim_parse(&all.of[all.n], in->evidence->rims[all.n], &e);
		all.n++;
	}
	if (r != 0) {
		check_error(&v->checks, CHECK_gpu_driver_rim, &e);
		check_skip(&v->checks, CHECK_gpu_vbios_rim, "needs the RIMs");
		check_skip(&v->checks, CHECK_gpu_measurements, "needs the RIMs");
	} else {
		judge_rims(v, &all);
	}
	for (size_t i = 0; i < all.n; i++)
		rim_free(&all.of[i]);
	free(all.of);
}

void
verify_gpus(struct attest_verdict *v, const struct attest_input *in)
{
	struct attest_checks *k = &v->checks;
	struct bytes text = in->evidence->gpus;
	struct err e;

	if (text.p == NULL) {
		if (in->policy->gpu_required)
			check_fail(k, CHECK_gpu_format, "there is no GPU evidence");
		return;
	}
	check_result(k, CHECK_gpu_format, gpus_parse(&v->gpus, text, &e), &e);
	if (!check_needs(k, LIST(CHECK_gpu_format), LIST(CHECK_gpu_binding,
	    CHECK_gpu_chain, CHECK_gpu_firmware, CHECK_gpu_signature,
	    CHECK_gpu_nonce, CHECK_gpu_driver_rim, CHECK_gpu_vbios_rim,
	    CHECK_gpu_measurements)))
		return;
	check_result(k, CHECK_gpu_binding, check_binding(v, text, &e), &e);
	each(v, in, CHECK_gpu_chain);
	each(v, in, CHECK_gpu_nonce);
	if (check_needs(k, LIST(CHECK_gpu_chain),
	    LIST(CHECK_gpu_firmware, CHECK_gpu_signature))) {
		each(v, in, CHECK_gpu_firmware);
		each(v, in, CHECK_gpu_signature);
	}
	verify_rims(v, in);
}
