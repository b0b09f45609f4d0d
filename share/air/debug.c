#include <stdlib.h>
#include <string.h>

#include "air/air.h"

/* ---- names ---- */

/* Appends the name of cell j of a table; false: the table has no such cell. */
static bool
cell_name(const struct cell_field *f, unsigned j, char *out,
    size_t size)
{
	for (; f->name; f++) {
		unsigned cells = f->count * f->width, i, len;

		if (j >= cells) {
			j -= cells;
			continue;
		}
		i = j / f->width;
		if (f->array)
			snprintf(out, size, "%s[%u]", f->name, i);
		else
			snprintf(out, size, "%s", f->name);
		len = (unsigned)strlen(out);
		if (!f->sub || len + 1 >= size)
			return true;
		out[len] = '.';
		return cell_name(f->sub, j % f->width, out + len + 1,
		    size - len - 1);
	}
	return false;
}

static void
field_name(const struct cell_field *f, unsigned j, char *out,
    size_t size)
{
	if (size == 0)
		return;
	*out = 0;
	if (!f || !cell_name(f, j, out, size))
		snprintf(out, size, "column %u", j);
}

void
air_column_name(const struct air_chip *c, unsigned j, char *out,
    size_t size)
{
	field_name(c->main_fields, j, out, size);
}

/* ---- one row ---- */

static void
print_cells(const struct cell_field *f, unsigned n, const kb *cell,
    FILE *out)
{
	char name[200];

	for (unsigned i = 0; i < n; i++) {
		field_name(f, i, name, sizeof name);
		fprintf(out, "  %s = %u\n", name, kb_to(cell[i]));
	}
}

int
air_debug_row(const struct air_chip *c, const kb *main, const kb *prep,
    const kb *public_values, FILE *f)
{
	kb *value = calloc(c->nconstraints + 1, sizeof *value);
	unsigned i = 0;

	must(value);
	if (!air_eval_row(c, main, prep, public_values, value).v) {
		free(value);
		return -1;
	}
	while (!value[i].v)
		i++;
	if (f) {
		fprintf(f, "%s: constraint %u of %u is %u, made at %s\n",
		    c->name, i, c->nconstraints, kb_to(value[i]),
		    c->constraint_at[i]);
		print_cells(c->main_fields, c->main_width, main, f);
		print_cells(c->prep_fields, c->prep_width, prep, f);
	}
	free(value);
	return (int)i;
}
