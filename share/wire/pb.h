#ifndef WIRE_PB_H
#define WIRE_PB_H
/*
 * Protocol buffers by tables: one table of fields describes a C struct, and
 * drives writer and reader.
 *
 *	struct program {
 *		struct pb_bytes vk_hash, vk, program_uri, name;
 *		bool has_name;
 *		uint64_t created_at;
 *	};
 *	static const struct pb_field program_fields[] = {
 *		PB_ONE(program, 1, BYTES, vk_hash),
 *		PB_ONE(program, 3, STRING, program_uri),
 *		PB_OPT(program, 4, STRING, name),
 *		PB_ONE(program, 6, U64, created_at),
 *	};
 *	const struct pb_message pb_program =
 *		PB_MESSAGE(program, program_fields);
 *
 * Fields stand in ascending order of their numbers.  The writer gives what
 * prost gives, since signatures are made over the encoding: ascending
 * numbers, defaults left out unless the field is PB_OPT and its has_ flag set.
 *
 * What is signed must be kept as it came: declare the body of a signed request
 * as BYTES (the wire form is the same), check the signature over these bytes,
 * then decode them.
 *
 * The reader never copies: strings and bytes point into the input, which must
 * outlive the struct.  It is as strict as prost (wire types, UTF-8, varints) and
 * refuses two things that prost takes and nothing sends: groups, and a single
 * message field that comes twice.  A scalar that comes twice: the last counts.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct pb_bytes {		/* STRING (no NUL at the end) or BYTES */
	const uint8_t *p;
	size_t n;
};

struct pb_list {		/* of struct pb_bytes or of messages */
	void *items;
	size_t n;
};

enum pb_kind {
	PB_U64,			/* uint64_t; int64 also fits, as its bits */
	PB_U32,			/* uint32_t */
	PB_ENUM,		/* int32_t */
	PB_BOOL,		/* bool */
	PB_FLOAT,		/* float */
	PB_BYTES,		/* struct pb_bytes */
	PB_STRING,		/* struct pb_bytes, UTF-8 */
	PB_SUB,			/* the struct of another message */
};

enum pb_rule { PB_RULE_ONE, PB_RULE_OPT, PB_RULE_MANY };

struct pb_message;
struct pb_field {
	uint32_t number;
	uint8_t kind, rule;
	uint16_t at;		/* of the value, or of the struct pb_list */
	uint16_t has;		/* of the bool, for PB_RULE_OPT */
	const struct pb_message *sub;
	const char *name;
};

struct pb_message {
	const char *name;
	size_t size;		/* of the struct */
	const struct pb_field *fields;
	size_t n;
};

/* A field that is written unless it has its default. */
#define PB_ONE(type, number, kind, member) \
	{ number, PB_##kind, PB_RULE_ONE, offsetof(struct type, member), 0, \
	  NULL, #member }
/* proto3 `optional`: the struct has a bool has_MEMBER too. */
#define PB_OPT(type, number, kind, member) \
	{ number, PB_##kind, PB_RULE_OPT, offsetof(struct type, member), \
	  offsetof(struct type, has_##member), NULL, #member }
/* repeated bytes or string, in a struct pb_list. */
#define PB_MANY(type, number, kind, member) \
	{ number, PB_##kind, PB_RULE_MANY, offsetof(struct type, member), 0, \
	  NULL, #member }
/* A message, embedded in the struct, with its bool has_MEMBER. */
#define PB_MSG(type, number, member, msg) \
	{ number, PB_SUB, PB_RULE_OPT, offsetof(struct type, member), \
	  offsetof(struct type, has_##member), msg, #member }
/* repeated messages, in a struct pb_list. */
#define PB_MSGS(type, number, member, msg) \
	{ number, PB_SUB, PB_RULE_MANY, offsetof(struct type, member), 0, \
	  msg, #member }
#define PB_MESSAGE(type, table) \
	{ #type, sizeof(struct type), table, sizeof(table) / sizeof((table)[0]) }
/* A message without fields; its struct may be anything. */
#define PB_EMPTY(type) { #type, sizeof(struct type), NULL, 0 }

/* Messages deeper than this are refused when read; no table of ours is. */
#define PB_DEPTH 8

/* Bytes of *v, encoded. */
size_t pb_size(const struct pb_message *m, const void *v);
/* Writes pb_size() bytes; returns their number. */
size_t pb_write(const struct pb_message *m, const void *v, uint8_t *out);
/* The same into an arena; -1 when its memory is out. */
CHECKED int pb_encode(const struct pb_message *m, const void *v,
    struct arena *a, struct pb_bytes *out, struct err *e);

/* What a message had that its table does not know. */
struct pb_unknown {
	size_t n;		/* fields skipped, in submessages too */
	uint32_t first;		/* number of the first of them */
};

/* Fills *v, which is zeroed first.  Lists come from the arena (its ceiling
 * bounds what a hostile message can make of it).  unknown may be NULL. */
CHECKED int pb_decode(const struct pb_message *m, void *v, const uint8_t *p,
    size_t n, struct arena *a, struct pb_unknown *unknown, struct err *e);

/* A view of a C string; NULL gives the empty one. */
struct pb_bytes pb_str(const char *s);
/* A view of n bytes. */
struct pb_bytes pb_mem(const void *p, size_t n);
/* Are they those of s? */
bool pb_is(struct pb_bytes b, const char *s);
/* A C string in the arena; NULL when b holds a NUL, or memory is out. */
char *pb_cstr(struct arena *a, struct pb_bytes b);

#endif
