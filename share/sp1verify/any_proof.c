#include "sp1verify/any_proof.h"

#include <string.h>

#include "proof/vk.h"
#include "stark/params.h"

static int
read_core(struct any_proof *p, struct arena *a, const uint8_t *in, size_t len,
    struct err *e)
{
	struct core_proof *c = &p->as.core;

	if (core_proof_read(c, a, in, len, e))
		return -1;
	p->exit_code = core_proof_exit_code(c);
	p->shards = c->nshards;
	p->tail = c->tail;
	return 0;
}

static int
read_compressed(struct any_proof *p, struct arena *a, const uint8_t *in,
    size_t len, struct err *e)
{
	struct compressed_proof *c = &p->as.compressed;

	if (compressed_proof_read(c, a, in, len, e))
		return -1;
	p->exit_code = recursion_proof_exit_code(&c->proof);
	p->shards = recursion_proof_shards(&c->proof);
	p->tail = c->tail;
	return 0;
}

static int
read_snark(struct any_proof *p, struct arena *a, const uint8_t *in, size_t len,
    struct err *e)
{
	struct snark_proof *s = &p->as.snark;

	if (snark_proof_read(s, a, in, len, e))
		return -1;
	p->exit_code = snark_proof_exit_code(s);
	p->tail = s->tail;
	return 0;
}

static int
verify_as_core(const struct any_proof *p, const struct vk *vk,
    const uint8_t bytes32[32], const struct verify_options *o, struct err *e)
{
	return verify_core(air_machine_riscv(), vk, &p->as.core, o, e);
}

static int
verify_as_compressed(const struct any_proof *p, const struct vk *vk,
    const uint8_t bytes32[32], const struct verify_options *o, struct err *e)
{
	digest program;

	if (vk_digest_of(&program, bytes32, e))
		return -1;
	return verify_compressed(&program, &p->as.compressed, o, e);
}

static int
verify_as_snark(const struct any_proof *p, const struct vk *vk,
    const uint8_t bytes32[32], const struct verify_options *o, struct err *e)
{
	struct snark_proof s = p->as.snark;

	if (verify_snark(bytes32, &s, o, e) == 0)
		return 0;
	if (!p->calldata || e->status != EX_NO)
		return -1;
	snark_values_digest(s.input[1], &s.tail.public_values, true);
	return verify_snark(bytes32, &s, o, e);
}

static const struct {
	int (*read)(struct any_proof *p, struct arena *a, const uint8_t *in,
	    size_t len, struct err *e);
	int (*verify)(const struct any_proof *p, const struct vk *vk,
	    const uint8_t bytes32[32], const struct verify_options *o,
	    struct err *e);
	bool by_hash;
} modes[] = {
	[PROOF_CORE] = {read_core, verify_as_core, false},
	[PROOF_COMPRESSED] = {read_compressed, verify_as_compressed, true},
	[PROOF_PLONK] = {read_snark, verify_as_snark, true},
	[PROOF_GROTH16] = {read_snark, verify_as_snark, true},
};

bool
proof_mode_snark(enum proof_mode m)
{
	return m == PROOF_PLONK || m == PROOF_GROTH16;
}

bool
proof_mode_by_hash(enum proof_mode m)
{
	return modes[m].by_hash;
}

/* What is malformed may be sound, and of another version: then that is the word. */
static int
tell_version(const uint8_t *in, size_t len, struct err *e)
{
	static const char ours[] = STARK_VERSION;
	const char *v;
	size_t n;

	if (e->status != EX_DATAERR)
		return -1;
	n = proof_version(&v, in, len);
	if (n == 0 || (n == sizeof ours - 1 && memcmp(v, ours, n) == 0))
		return -1;
	return err_set(e, EX_DATAERR, "a proof of circuit %.*s; this verifies "
	    "%s", (int)n, v, ours);
}

int
any_proof_read(struct any_proof *p, struct arena *a, const uint8_t *in,
    size_t len, struct err *e)
{
	*p = (struct any_proof){0};
	if (proof_mode(&p->mode, in, len, e))
		return tell_version(in, len, e);
	p->known = true;
	if (modes[p->mode].read(p, a, in, len, e))
		return tell_version(in, len, e);
	p->well_formed = true;
	return 0;
}

int
any_proof_from_calldata(struct any_proof *p, const uint8_t bytes32[32],
    const struct byte_vec *values, uint8_t *in, size_t len, struct err *e)
{
	struct snark_proof *s = &p->as.snark;

	*p = (struct any_proof){0};
	if (calldata_read(s, bytes32, values, false, in, len, e))
		return -1;
	p->known = p->well_formed = p->calldata = true;
	p->mode = s->mode;
	p->exit_code = snark_proof_exit_code(s);
	p->tail = s->tail;
	return 0;
}

int
any_proof_verify(const struct any_proof *p, const struct vk *vk,
    const uint8_t bytes32[32], const struct verify_options *o, struct err *e)
{
	uint8_t hash[32];

	must(p->well_formed && (vk != NULL || bytes32 != NULL));
	if (vk == NULL && !modes[p->mode].by_hash)
		return err_set(e, EX_NO, "a %s proof is verified with the "
		    "program's key, not its hash", proof_mode_name(p->mode));
	if (bytes32 == NULL) {
		vk_bytes32(hash, vk);
		bytes32 = hash;
	}
	return modes[p->mode].verify(p, vk, bytes32, o, e);
}

size_t
any_proof_calldata(uint8_t out[static CALLDATA_MAX], const struct any_proof *p)
{
	size_t n = proof_mode_snark(p->mode) ? calldata_size(&p->as.snark) : 0;

	if (n > 0)
		calldata_write(out, &p->as.snark);
	return n;
}

size_t
any_proof_tee_size(const struct any_proof *p)
{
	const struct proof_tail *t = &p->tail;

	return t->form == PROOF_NETWORK ? 0 : t->has_tee ? 9 + t->tee.n : 1;
}
