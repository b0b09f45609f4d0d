#ifndef RECURSION_TABLE_H
#define RECURSION_TABLE_H
/* Inside the traces: a chip's columns, to which rows are appended. */
#include <string.h>

#include "base/err.h"
#include "field/kb.h"

struct table { kb *at; size_t rows, n; unsigned width; };

/* Writes a row, of width cells, into the columns; there must be room. */
static inline void
table_append(struct table *t, const void *row)
{
	const kb *cell = row;

	must(t->n < t->rows);
	for (unsigned i = 0; i < t->width; i++)
		t->at[i * t->rows + t->n] = cell[i];
	t->n++;
}

/* Of every chip that a machine may have; those that it has not have no rows. */
struct tables { struct table base, ext, convert, constant, var, linear, sbox,
	poseidon2, prefix, public_values, select; };

/* The table of a chip, which must be one of these. */
static inline struct table *
table_of(struct tables *t, const char *name)
{
	struct { const char *name; struct table *t; } all[] = {
		{"BaseAlu", &t->base}, {"ExtAlu", &t->ext},
		{"ExtFeltConvert", &t->convert}, {"MemoryConst", &t->constant},
		{"MemoryVar", &t->var}, {"Poseidon2LinearLayer", &t->linear},
		{"Poseidon2SBox", &t->sbox},
		{"Poseidon2WideDeg3", &t->poseidon2},
		{"PrefixSumChecks", &t->prefix},
		{"PublicValues", &t->public_values}, {"Select", &t->select}
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].t;
	must(false);
}

#endif
