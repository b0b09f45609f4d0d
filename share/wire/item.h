#ifndef WIRE_ITEM_H
#define WIRE_ITEM_H
/*
 * Items of a guest's input as people write and see them: KIND:TEXT, each the bytes that
 * one read of the guest's takes.  Those are bincode of Rust's types, with integers of
 * fixed width: little-endian, and the u64 length before a Vec<u8> or a String.
 */
#include "base/err.h"
#include "base/json.h"
#include "wire/stdin.h"

/* The item that a text stands for, item->p in memory to be freed with free():
 *
 *	u8 u16 u32 u64 u128 i32 i64	N, decimal or after 0x
 *	bool				true or false
 *	vec string			hexadecimal, UTF-8: after their length
 *	hex text			the same as they are, text of any bytes
 *
 * -1: EX_USAGE with what is wrong in it, which shows at most 40 bytes of a text (of u8 to
 * u64 more); EX_OSERR, no memory. */
CHECKED int item_parse(struct stdin_item *item, const char *text, struct err *e);

/* An item in an array of JSON: its length, its bytes, the number that 1, 2, 4 or 8 of them
 * are, and the text where all are printable ASCII, tabs or ends of lines. */
void item_show(struct jw *j, const struct stdin_item *item);

#endif
