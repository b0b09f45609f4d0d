#ifndef AIR_RECORD_H
#define AIR_RECORD_H
/*
 * What a recorder holds, for the lowering.  Nodes are in the order of their making,
 * so operands come before their users; leaves and constants are made once.
 */
#include <stddef.h>

#include "air/expr.h"

struct air_chip;

enum air_node_op {
	NODE_MAIN, NODE_PREP, NODE_PUBLIC, NODE_CONST,
	NODE_ADD, NODE_SUB, NODE_MUL, NODE_NEG
};
/* Leaves: a is the column or public value, or the constant's representation; a
 * constant's b is 1 where it is one of the base field (x_base()). */
struct air_node { uint8_t op; uint32_t a, b; };

/* Constraints and messages: how many of both, and how many nodes, there were before. */
struct air_turn { uint32_t event, nnodes; };
struct air_root { uint32_t node; struct air_turn turn; const char *at; };
struct air_message {
	enum air_kind kind;
	bool send;
	uint32_t mult;
	unsigned first, n;	/* in air->value */
	struct air_turn turn;
	const char *at;
};

struct air {
	uint32_t nnodes, nodes_cap;
	struct air_node *node;
	unsigned nroots, roots_cap;
	struct air_root *root;
	unsigned nmessages, messages_cap;
	struct air_message *message;
	unsigned nvalues, values_cap;
	uint32_t *value;
	unsigned main_width, prep_width;
};

/* An empty recorder, to be freed by air_record_free().  Nodes 0 .. main + prep - 1 are
 * the columns. */
void air_record_init(struct air *a, unsigned main_width, unsigned prep_width);
/* Frees the recorder's arrays, not *a, and clears it. */
void air_record_free(struct air *a);
/* What the chip's function records, into one that is not initialized. */
void air_record_chip(struct air *a, const struct air_chip *c);
/* The same of the machine's public values. */
struct air_machine;
/* The machine's public values; no columns, and nothing if it has no constraints. */
void air_record_public_values(struct air *a, const struct air_machine *m);
/* Makes room for one more element of an array that doubles. */
void *air_grow(void *array, uint32_t n, uint32_t *cap, size_t size);

#endif
