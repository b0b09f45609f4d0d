#ifndef RECURSION_VK_TREE_H
#define RECURSION_VK_TREE_H
/*
 * The tree of the keys that are allowed (sp1-proof(7), Recursion keys), and a key's place
 * in it.  The keys' digests are part of the program, 6 MB that stay in its file until they
 * are looked at; the tree over them is made when it is opened.
 */
#include "base/err.h"
#include "poly/merkle.h"
#include "proof/proof.h"

struct vk_tree { struct merkle tree; };

/* Makes the tree, 1 MB without its lowest layers, to be freed by vk_tree_free().  -1:
 * EX_OSERR; EX_SOFTWARE, its root is not recursion_vk_root(). */
CHECKED int vk_tree_open(struct vk_tree *t, struct err *e);
/* Frees the tree, not *t; also one that is all zeros. */
void vk_tree_free(struct vk_tree *t);
/* The place of this key: *index and the RECURSION_VK_HEIGHT siblings on its way to the
 * root.  -1: EX_SOFTWARE, no program with this key is allowed. */
CHECKED int vk_tree_place(const struct vk_tree *t, const struct vk *vk,
    uint64_t *index, any_digest *path, struct err *e);

#endif
