#ifndef AIR_MACHINE_H
#define AIR_MACHINE_H
/* Inside this library: how a machine is put together. */
#include "air/air.h"

/* Fills cluster[] with the clusters whose chips the machine has, in stock order
 * (prover.md 3.4); chip[] must be there. */
void air_machine_clusters(struct air_machine *m);

/* As air_chip_by_name(), but the chip may not be lowered yet. */
const struct air_chip *air_machine_find(const struct air_machine *m,
    const char *name, size_t len);
/* Lowers it if it is not. */
void air_machine_need(const struct air_chip *c);

#endif
