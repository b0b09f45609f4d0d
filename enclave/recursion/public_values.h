#ifndef RECURSION_PUBLIC_VALUES_H
#define RECURSION_PUBLIC_VALUES_H
/*
 * What programs say of a run, and do with it (proof/proof.h has the offsets).
 */
#include "recursion/verify.h"

/* Of all values before the digest. */
struct digest_var pv_digest(struct circuit *c, const felt *pv);
/* Of the values that a SNARK shows (sp1-proof(7), Recursion proofs). */
struct digest_var pv_root_digest(struct circuit *c, const felt *pv);
/* That the values have the digest that they say. */
void pv_assert_digest(struct circuit *c, const felt *pv);
/* Where is_complete is 1: that the values are those of a whole run.  is_complete is
 * a bit. */
void pv_assert_complete(struct circuit *c, const felt *pv, felt is_complete);

/* The digest of a key (sp1-proof(7), Key hash). */
struct digest_var vk_digest_var(struct circuit *c, const struct vk_var *vk);

/* The places of n keys in the tree of those that are allowed. */
struct vk_tree_var {
	felt *index;		/* of each key, bit-reversed: low bit first */
	struct digest_var *path, *leaf, root;
};
/* Reads what witness_compress() writes of n places: index and path of each, leaves, root.
 * Arrays are the circuit's. */
void input_vk_tree(struct circuit *c, struct vk_tree_var *v, unsigned n);
/* That key[i], i < n, is the leaf at its place under the root. */
void verify_vk_tree(struct circuit *c, const struct vk_tree_var *v,
    const struct digest_var *key, unsigned n);

#endif
