#include "proof/carried.h"

#include <stdlib.h>
#include <string.h>

#include "proof/read.h"

void
carried_begin(struct carried *c, uint64_t n, const uint8_t *p, size_t len)
{
	*c = (struct carried){p, len, n, 0};
}

/* What one may have of the rest. */
static size_t
most(const struct carried *c)
{
	return c->n < CARRIED_MAX + VK_BYTES ? c->n : CARRIED_MAX + VK_BYTES;
}

size_t
carried_ceiling(const struct carried *c)
{
	return core_proof_ceiling(most(c));
}

static int
read_pair(struct carried *c, struct carried_proof *out, struct arena *a,
    struct err *e)
{
	struct cursor r = read_begin(a, c->p, most(c), e);

	memset(out, 0, sizeof *out);
	read_recursion(&r, &out->proof);
	out->bytes = c->p;
	out->n = (size_t)(r.p - r.start);
	read_vk(&r, &out->vk);
	if (!r.bad && out->proof.shard.public_values.n != STARK_PUBLIC_VALUES)
		read_fail(&r, "another number of public values");
	if (r.bad)
		return -1;
	c->n -= (size_t)(r.p - r.start);
	c->p = r.p;
	return 0;
}

int
carried_next(struct carried *c, struct carried_proof *out, struct arena *a,
    struct err *e)
{
	if (c->left == 0)
		return c->n == 0 ? 0 : err_set(e, EX_DATAERR,
		    "bytes follow the last carried proof");
	if (read_pair(c, out, a, e) < 0)
		return err_prefix(e, "carried proof %llu",
		    (unsigned long long)c->number);
	c->number++;
	c->left--;
	return 1;
}

int
carried_check(uint64_t n, const uint8_t *p, size_t len, struct err *e)
{
	struct carried_proof one;
	struct carried c;
	struct arena a;
	int got;

	carried_begin(&c, n, p, len);
	do {
		arena_init(&a, carried_ceiling(&c));
		got = carried_next(&c, &one, &a, e);
		arena_free(&a);
	} while (got == 1);
	return got;
}

static bool
is_of(const struct recursion_proof *p, const struct vk *vk)
{
	digest d = vk_digest(vk);

	return memcmp(p->shard.public_values.v + RPV_VK_DIGEST, d.c,
	    sizeof d.c) == 0;
}

/* The proof's own bytes, which the container has after its mode, and the key's. */
static int
make_pair(uint8_t **out, size_t *n, const struct recursion_proof *p,
    const struct vk *vk, struct err *e)
{
	size_t own = recursion_proof_size(p);

	if (p->shard.public_values.n != STARK_PUBLIC_VALUES)
		return err_set(e, EX_DATAERR, "%zu public values, not %d",
		    p->shard.public_values.n, STARK_PUBLIC_VALUES);
	if (!is_of(p, vk))
		return err_set(e, EX_DATAERR, "the proof is of another program "
		    "than the key");
	*n = own + VK_BYTES;
	*out = malloc(*n);
	if (!*out)
		return err_set(e, EX_OSERR, "out of memory");
	recursion_proof_write(*out, p);
	vk_encode(*out + own, vk);
	return 0;
}

int
carried_make(uint8_t **out, size_t *n, const uint8_t *in, size_t len,
    const struct vk *vk, struct err *e)
{
	struct compressed_proof p;
	enum proof_mode mode;
	struct arena a;
	int bad;

	if (proof_mode(&mode, in, len, e) < 0)
		return -1;
	if (mode != PROOF_COMPRESSED)
		return err_set(e, EX_DATAERR, "a %s proof, where a compressed "
		    "one is needed", proof_mode_name(mode));
	arena_init(&a, core_proof_ceiling(len));
	bad = compressed_proof_read(&p, &a, in, len, e) < 0 ? -1 :
	    make_pair(out, n, &p.proof, vk, e);
	arena_free(&a);
	return bad;
}

void
carried_chain(digest *d, const struct recursion_proof *p)
{
	const kb *v = p->shard.public_values.v;
	kb in[8 + 8 + 32];

	must(p->shard.public_values.n == STARK_PUBLIC_VALUES);
	memcpy(in, d->c, sizeof d->c);
	memcpy(in + 8, v + RPV_VK_DIGEST, 8 * sizeof *v);
	memcpy(in + 16, v + RPV_COMMITTED, 32 * sizeof *v);
	*d = hash_kb(in, sizeof in / sizeof *in);
}
