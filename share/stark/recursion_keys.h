#ifndef STARK_RECURSION_KEYS_H
#define STARK_RECURSION_KEYS_H
/*
 * Which recursion programs are believed: those whose keys are leaves of one tree
 * (sp1-proof(7), Recursion keys), and the one that ends the chain.  Circuit
 * v6.1.0; the stock verifiers ship the same numbers.
 */
#include "proof/proof.h"

#define RECURSION_VK_COUNT 185862	/* leaves in use */
#define RECURSION_VK_HEIGHT 18		/* of the tree */

/* The root of the tree of the believed keys (sp1-proof(7), Recursion keys). */
digest recursion_vk_root(void);
/* The wrap program's key, its commitment a BN254 scalar. */
struct vk recursion_wrap_vk(void);

#endif
