#include "verify/verdict.h"

#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"

#define OUT "standard output"

static void
claims(struct jw *j, const struct any_proof *p, const struct subject *s)
{
	const struct proof_tail *t = &p->tail;
	uint8_t hash[32];

	jw_strn(j, "version", (const char *)t->version.v, t->version.n);
	if (s->kind != SUBJECT_HASH) {
		vk_network_hash(hash, &s->vk);
		jw_hex(j, "vk_hash", hash, sizeof hash);
	} else
		jw_hex(j, "bytes32", s->bytes32, sizeof s->bytes32);
	jw_hex(j, "public_values", t->public_values.v, t->public_values.n);
	jw_u64(j, "exit_code", p->exit_code);
	if (p->shards > 0)
		jw_u64(j, "shards", p->shards);
}

static int
write_record(const char *path, const struct any_proof *p, bool valid,
    const struct subject *s, struct err *e)
{
	struct jw j;

	jw_start(&j, stdout);
	jw_object(&j, NULL);
	if (path != NULL)
		jw_str(&j, "proof", path);
	if (p->known)
		jw_str(&j, "mode", proof_mode_name(p->mode));
	jw_bool(&j, "valid", valid);
	if (p->well_formed)
		claims(&j, p, s);
	jw_end(&j);
	return jw_finish(&j, OUT, e);
}

static int
write_calldata(bool fixture, const struct any_proof *p,
    const struct subject *s, struct err *e)
{
	const struct byte_vec *v = &p->tail.public_values;
	uint8_t out[CALLDATA_MAX];
	size_t n = any_proof_calldata(out, p);
	struct jw j;

	if (n == 0)
		return err_set(e, EX_DATAERR, "contracts take groth16 and plonk "
		    "proofs alone");
	if (!fixture)
		return write_all(STDOUT_FILENO, out, n, OUT, e);
	jw_start(&j, stdout);
	jw_object(&j, NULL);
	jw_hex(&j, "vkey", s->bytes32, sizeof s->bytes32);
	jw_hex(&j, "publicValues", v->v, v->n);
	jw_hex(&j, "proof", out, n);
	jw_end(&j);
	return jw_finish(&j, OUT, e);
}

int
verdict_write(enum verdict_form form, const char *path,
    const struct any_proof *p, bool valid, const struct subject *s,
    struct err *e)
{
	const struct byte_vec *v = &p->tail.public_values;

	if (form == VERDICT_RECORD)
		return write_record(path, p, valid, s, e);
	if (!valid)
		return 0;
	if (form == VERDICT_PUBLIC_VALUES)
		return write_all(STDOUT_FILENO, v->v, v->n, OUT, e);
	return write_calldata(form == VERDICT_FIXTURE, p, s, e);
}
