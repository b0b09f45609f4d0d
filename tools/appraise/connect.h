#ifndef APPRAISE_CONNECT_H
#define APPRAISE_CONNECT_H
/* --connect: which enclave a tunnel is to, and by what it is judged. */
#include "appraise/options.h"
#include "attested/tunnel.h"

/* The tunnel's options but for `listen`, and *by, which they point to, as to *o, whose URL is set.
 * EX_USAGE: it is not HOST:PORT; EX_OSERR.  What is cut out of it stays until the program ends. */
CHECKED int connect_options(struct tunnel_options *t, struct attested_options *by,
    struct options *o, struct err *e);

#endif
