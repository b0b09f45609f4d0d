/* bincode -> keys and containers. */
#include "proof/read.h"

#include <string.h>

/* Bytes 0 to 103; in the last recursion stage 112, its commitment a scalar. */
void
read_vk(struct cursor *c, struct vk *vk)
{
	read_kbs(c, vk->pc_start, 3);
	read_kbs(c, vk->sum_x, 7);
	read_kbs(c, vk->sum_y, 7);
	vk->commit = read_digest(c);
	vk->untrusted = read_kb(c);
}

void
read_tail(struct cursor *c, struct proof_tail *t)
{
	t->public_values = read_bytes(c);
	t->version = read_bytes(c);
	t->form = read_left(c) == 0 ? PROOF_NETWORK : PROOF_SAVED;
	if (t->form == PROOF_SAVED && (t->has_tee = read_option(c)))
		t->tee = read_bytes(c);
}

int
shard_proof_read(struct shard_proof *p, struct arena *a, const uint8_t *in,
    size_t len, struct err *e)
{
	struct cursor c = read_begin(a, in, len, e);

	memset(p, 0, sizeof *p);
	read_shard(&c, p);
	return read_end(&c);
}

int
core_proof_read(struct core_proof *p, struct arena *a, const uint8_t *in,
    size_t len, struct err *e)
{
	struct cursor c = read_begin(a, in, len, e);

	memset(p, 0, sizeof *p);
	if (read_uint(&c, 4) != PROOF_CORE)
		read_fail(&c, "not a core proof");
	p->nshards = read_count(&c, MIN_SHARD);
	p->shard = read_space(&c, p->nshards, sizeof *p->shard);
	for (size_t i = 0; !c.bad && i < p->nshards; i++)
		read_shard(&c, &p->shard[i]);
	read_tail(&c, &p->tail);
	return read_end(&c);
}

void
read_recursion(struct cursor *c, struct recursion_proof *p)
{
	read_vk(c, &p->vk);
	read_shard(c, &p->shard);
	p->vk_index = read_u64(c);
	p->vk_path = read_digest_vec(c);
}

int
recursion_proof_read(struct recursion_proof *p, struct arena *a,
    const uint8_t *in, size_t len, struct err *e)
{
	struct cursor c = read_begin(a, in, len, e);

	memset(p, 0, sizeof *p);
	read_recursion(&c, p);
	return read_end(&c);
}

int
compressed_proof_read(struct compressed_proof *p, struct arena *a,
    const uint8_t *in, size_t len, struct err *e)
{
	struct cursor c = read_begin(a, in, len, e);

	memset(p, 0, sizeof *p);
	if (read_uint(&c, 4) != PROOF_COMPRESSED)
		read_fail(&c, "not a compressed proof");
	read_recursion(&c, &p->proof);
	read_tail(&c, &p->tail);
	return read_end(&c);
}

int
wrap_proof_read(struct shard_proof *p, struct arena *a, const uint8_t *in,
    size_t len, struct err *e)
{
	struct cursor c = read_begin(a, in, len, e);

	memset(p, 0, sizeof *p);
	c.bn254 = true;
	read_shard(&c, p);
	return read_end(&c);
}

int
wrap_vk_decode(struct vk *vk, const uint8_t *in, size_t len, struct err *e)
{
	struct cursor c = read_begin(NULL, in, len, e);

	c.bn254 = true;
	read_vk(&c, vk);
	return read_end(&c) ? err_prefix(e, "verifying key") : 0;
}
