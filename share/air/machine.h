#ifndef AIR_MACHINE_H
#define AIR_MACHINE_H
/* Inside this library: how a machine is put together. */
#include "air/air.h"

/* Fills cluster[] with the clusters whose chips the machine has, in stock order
 * (prover.md 3.4); chip[] must be there. */
void air_machine_clusters(struct air_machine *m);

#endif
