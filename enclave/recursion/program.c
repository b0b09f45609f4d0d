#include "recursion/program.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static void *
grow(void *v, size_t n, size_t *cap, size_t size)
{
	if (n <= *cap)
		return v;
	while (*cap < n)
		*cap = *cap ? 2 * *cap : 1024;
	v = realloc(v, *cap * size);
	must(v);
	return v;
}

void
program_init(struct program *p)
{
	memset(p, 0, sizeof *p);
	p->nslots = 1 << 12;
	p->slot = calloc(p->nslots, sizeof *p->slot);
	must(p->slot);
}

void
program_free(struct program *p)
{
	free(p->instr);
	free(p->operand);
	free(p->constant);
	free(p->slot);
	free(p->reads);
	free(p->assertion);
	memset(p, 0, sizeof *p);
}

uint32_t
program_addr(struct program *p)
{
	size_t cap = p->addrs_cap;

	p->reads = grow(p->reads, (size_t)p->naddrs + 1, &cap,
	    sizeof *p->reads);
	p->addrs_cap = (uint32_t)cap;
	must(p->naddrs < KB_P);
	p->reads[p->naddrs] = 0;
	return p->naddrs++;
}

uint32_t
program_read(struct program *p, uint32_t addr)
{
	must(addr < p->naddrs);
	p->reads[addr]++;
	return addr;
}

static size_t
hash(const struct program *p, bool ext, const ef *v)
{
	uint64_t h = ext;

	for (int i = 0; i < 4; i++)
		h = (h ^ v->c[i].v) * 0x9e3779b97f4a7c15u;
	return (size_t)(h >> 32) & (p->nslots - 1);
}

static uint32_t *
find(const struct program *p, bool ext, const ef *v)
{
	size_t i = hash(p, ext, v);

	while (p->slot[i] != 0) {
		const struct constant *c = &p->constant[p->slot[i] - 1];

		if (c->ext == ext && ef_eq(c->value, *v))
			break;
		i = (i + 1) & (p->nslots - 1);
	}
	return &p->slot[i];
}

static void
rehash(struct program *p)
{
	free(p->slot);
	p->nslots *= 2;
	p->slot = calloc(p->nslots, sizeof *p->slot);
	must(p->slot);
	for (size_t i = 0; i < p->nconstants; i++)
		*find(p, p->constant[i].ext, &p->constant[i].value) =
		    (uint32_t)i + 1;
}

uint32_t
program_constant(struct program *p, bool ext, ef value)
{
	uint32_t *slot = find(p, ext, &value);

	if (*slot == 0) {
		p->constant = grow(p->constant, p->nconstants + 1,
		    &p->constants_cap, sizeof *p->constant);
		p->constant[p->nconstants++] = (struct constant){
			ext, value, program_addr(p)
		};
		*slot = (uint32_t)p->nconstants;
		if (2 * p->nconstants > p->nslots) {
			rehash(p);
			slot = find(p, ext, &value);
		}
	}
	return program_read(p, p->constant[*slot - 1].addr);
}

void
program_emit(struct program *p, enum opcode op, const uint32_t *operand,
    unsigned n)
{
	p->instr = grow(p->instr, p->ninstrs + 1, &p->instrs_cap,
	    sizeof *p->instr);
	p->operand = grow(p->operand, p->noperands + n, &p->operands_cap,
	    sizeof *p->operand);
	must(p->noperands <= UINT32_MAX);
	p->instr[p->ninstrs++] = (struct instr){op, n, (uint32_t)p->noperands};
	memcpy(p->operand + p->noperands, operand, n * sizeof *operand);
	p->noperands += n;
}

void
program_assertion(struct program *p, const char *at)
{
	must(p->ninstrs > 0 && p->ninstrs <= UINT32_MAX);
	p->assertion = grow(p->assertion, p->nassertions + 1,
	    &p->assertions_cap, sizeof *p->assertion);
	p->assertion[p->nassertions++] = (struct assertion){
		(uint32_t)(p->ninstrs - 1), at
	};
}

const char *
program_asserted_at(const struct program *p, size_t i)
{
	size_t low = 0, high = p->nassertions;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->assertion[mid].instr < i)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->nassertions && p->assertion[low].instr == i ?
	    p->assertion[low].at : NULL;
}

unsigned
instr_outputs(const struct instr *i)
{
	switch (i->op) {
	case OP_POSEIDON2:
		return 16;
	case OP_LINEAR_EXTERNAL:
	case OP_LINEAR_INTERNAL:
	case OP_SPLIT:
	case OP_HINT_FELTS:
		return 4;
	case OP_SELECT:
		return 2;
	case OP_PREFIX_SUMS:
		return (i->n - 2) / 2;
	case OP_HINT_BITS:
		return i->n - 1;
	case OP_HINT_CURVE:
		return 14;
	case OP_COMMIT:
		return 0;
	default:
		return 1;
	}
}

size_t
program_length(const struct program *p)
{
	return p->nconstants + p->ninstrs;
}
