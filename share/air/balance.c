/*
 * Do all messages cancel?  A table from message to what is left of it, for looking
 * into a trace that does not verify; the proof itself only shows a sum that is
 * not 0.
 */
#include <stdlib.h>
#include <string.h>

#include "air/air.h"
#include "air/record.h"

struct place { const struct air_chip *chip; size_t row; const char *at; };
struct message {
	uint64_t hash;
	uint32_t first;		/* in value[]: kind, then the values */
	uint32_t n;
	kb left;		/* sent - received */
	struct place sent, received;	/* last; chip NULL: never */
};

struct air_balance {
	uint32_t n, cap;
	struct message *message;
	uint32_t nvalues, values_cap;
	uint32_t *value;
	uint32_t mask, *table;	/* open addressing, index + 1 */
};

struct air_balance *
air_balance_new(void)
{
	struct air_balance *b = calloc(1, sizeof *b);

	must(b);
	return b;
}

void
air_balance_free(struct air_balance *b)
{
	if (!b)
		return;
	free(b->message);
	free(b->value);
	free(b->table);
	free(b);
}

static uint64_t
hash_values(const uint32_t *v, uint32_t n)
{
	uint64_t h = n;

	for (uint32_t i = 0; i < n; i++) {
		h = (h ^ v[i]) * 0x9e3779b97f4a7c15u;
		h ^= h >> 31;
	}
	return h;
}

static void
rehash(struct air_balance *b)
{
	b->mask = b->mask ? 2 * b->mask + 1 : 4095;
	free(b->table);
	b->table = calloc((size_t)b->mask + 1, sizeof *b->table);
	must(b->table);
	for (uint32_t i = 0; i < b->n; i++) {
		uint32_t h = (uint32_t)b->message[i].hash & b->mask;

		while (b->table[h])
			h = (h + 1) & b->mask;
		b->table[h] = i + 1;
	}
}

static struct message *
find(struct air_balance *b, const uint32_t *v,
    uint32_t n)
{
	uint64_t hash = hash_values(v, n);
	uint32_t h;

	if (2 * b->n >= b->mask)
		rehash(b);
	for (h = (uint32_t)hash & b->mask; b->table[h]; h = (h + 1) & b->mask) {
		struct message *m = &b->message[b->table[h] - 1];

		if (m->hash == hash && m->n == n &&
		    memcmp(b->value + m->first, v, n * sizeof *v) == 0)
			return m;
	}
	b->message = air_grow(b->message, b->n, &b->cap, sizeof *b->message);
	b->message[b->n] = (struct message){
		.hash = hash, .first = b->nvalues, .n = n
	};
	for (uint32_t i = 0; i < n; i++) {
		b->value = air_grow(b->value, b->nvalues, &b->values_cap,
		    sizeof *b->value);
		b->value[b->nvalues++] = v[i];
	}
	b->table[h] = ++b->n;
	return &b->message[b->n - 1];
}

static void
add(struct air_balance *b, const struct air_chip *c,
    const kb *main, const kb *prep, size_t row)
{
	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		const struct air_interaction *x = &c->interaction[i];
		kb mult = air_affine_row(&x->mult, c->main_width, main, prep);
		uint32_t v[128] = {x->kind};
		struct message *m;

		if (!mult.v)
			continue;
		must(x->nvalues < 128);
		for (unsigned j = 0; j < x->nvalues; j++)
			v[j + 1] = kb_to(air_affine_row(&x->value[j],
			    c->main_width, main, prep));
		m = find(b, v, x->nvalues + 1);
		m->left = x->send ? kb_add(m->left, mult) :
		    kb_sub(m->left, mult);
		*(x->send ? &m->sent : &m->received) =
		    (struct place){c, row, x->at};
	}
}

void
air_balance_add(struct air_balance *b, const struct air_chip *c,
    const kb *main, const kb *prep, size_t row)
{
	add(b, c, main, prep, row);
}

void
air_balance_public(struct air_balance *b, const struct air_machine *m,
    const kb *public_values)
{
	/* A chip without columns: its terms name public values. */
	add(b, &m->public_values, NULL, public_values, 0);
}

static const char *
kind_name(uint32_t kind)
{
	static const char *const name[] = {
		[AIR_MEMORY] = "Memory", [AIR_PROGRAM] = "Program",
		[AIR_BYTE] = "Byte", [AIR_STATE] = "State",
		[AIR_SYSCALL] = "Syscall", [AIR_GLOBAL] = "Global",
		[AIR_SHA_EXTEND] = "ShaExtend",
		[AIR_SHA_COMPRESS] = "ShaCompress", [AIR_KECCAK] = "Keccak",
		[AIR_GLOBAL_ACCUMULATION] = "GlobalAccumulation",
		[AIR_MEMORY_GLOBAL_INIT] = "MemoryGlobalInitControl",
		[AIR_MEMORY_GLOBAL_FINALIZE] = "MemoryGlobalFinalizeControl",
		[AIR_PAGE_PROT_GLOBAL_INIT] = "PageProtGlobalInitControl",
		[AIR_PAGE_PROT_GLOBAL_FINALIZE] =
		    "PageProtGlobalFinalizeControl",
	};

	return kind < sizeof name / sizeof *name && name[kind] ? name[kind] :
	    "unknown kind";
}

static void
print_place(const char *what, const struct place *p,
    const struct air_origin *origin, FILE *f)
{
	if (!p->chip) {
		fprintf(f, ", never %s", what);
		return;
	}
	fprintf(f, ", last %s by %s row %zu", what, p->chip->name, p->row);
	if (origin)
		origin->print(origin->ctx, p->chip, p->row, f);
	fprintf(f, " at %s", p->at);
}

static void
print(const struct air_balance *b, const struct message *m,
    const struct air_origin *origin, FILE *f)
{
	const uint32_t *v = b->value + m->first;
	uint32_t left = kb_to(m->left);

	fprintf(f, "%s (", kind_name(v[0]));
	for (uint32_t i = 1; i < m->n; i++)
		fprintf(f, "%s%u", i > 1 ? ", " : "", v[i]);
	if (left <= KB_P / 2)
		fprintf(f, "): %u too many sent", left);
	else
		fprintf(f, "): %u too many received", KB_P - left);
	print_place("sent", &m->sent, origin, f);
	print_place("received", &m->received, origin, f);
	fputc('\n', f);
}

size_t
air_balance_report(struct air_balance *b, const struct air_origin *origin, FILE *f,
    unsigned show)
{
	size_t bad = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		if (!b->message[i].left.v)
			continue;
		if (bad++ < show && f)
			print(b, &b->message[i], origin, f);
	}
	return bad;
}
