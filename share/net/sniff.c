/* The protocol of a connection whose first bytes have not come yet. */
#include "net/conn.h"

#include <string.h>

static const char preface[] = NGHTTP2_CLIENT_MAGIC;

/* HTTP/2 by its preface, whatever ALPN said; all else is for the strict parser. */
static int
sniff_input(struct conn *c, const uint8_t *p, size_t n)
{
	size_t len = sizeof preface - 1;

	if (memcmp(p, preface, n < len ? n : len) != 0) {
		c->proto = &proto_h1;
		return c->proto->input(c, p, n);
	}
	if (n < len)
		return 0;
	if (h2_start(c) < 0)
		return -1;
	c->proto = &proto_h2;	/* conn.c has it take what is there */
	conn_used(c);
	return 0;
}

const struct proto proto_sniff = { .gathers = true, .input = sniff_input };
