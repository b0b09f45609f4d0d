#ifndef AIR_MACHINE_H
#define AIR_MACHINE_H
/* Inside this library: how a machine is put together. */
#include <stdatomic.h>

#include "air/air.h"

/* A chip as its table has it; and how far it has come. */
struct chip_row {
	const char *name;
	void (*record)(struct air *a, const void *main, const void *prep);
	unsigned main_width, prep_width, nconstraints, ninteractions;
	const struct cell_field *main_fields, *prep_fields;
};
#define CHIP_ROW(record, name, main, prep, nconstraints, ninteractions) \
	{name, record, COLS_WIDTH(main), COLS_WIDTH(prep), nconstraints, \
	 ninteractions, main##_fields, prep##_fields}

struct chip_state {
	const struct chip_row *row;
	struct air_chip *chip;
	_Atomic bool lowered;
};

/* Fills chip[] from n rows, which must stay. */
void air_machine_make(struct air_machine *m, const struct chip_row *row,
    unsigned n);

/* Fills cluster[] of the core machine, in stock order (sp1-proof(7), Clusters);
 * chip[] must be there. */
void air_machine_clusters(struct air_machine *m);

/* As air_chip_by_name(), but the chip may not be lowered yet. */
const struct air_chip *air_machine_find(const struct air_machine *m,
    const char *name, size_t len);
/* What was recorded into the chip's constraints and interactions; must() be so many, as
 * stock has. */
void air_machine_lower(struct air_chip *c, struct air *a, bool of_public,
    unsigned nconstraints, unsigned ninteractions);
/* Lowers it if it is not. */
void air_machine_need(const struct air_chip *c);

#endif
