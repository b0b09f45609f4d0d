/* Calls that are the network's: the bytes there, the bytes back. */
#include "proxy/proxy.h"

static void
on_reply(struct up_call *c)
{
	up_call_answer(c, c->arg);
	up_call_free(c);
}

void
forward(struct proxy *p, struct request *r, const char *path)
{
	struct up_call *c = up_call_new(p, path, r->body, r->body_len, r,
	    on_reply, r);

	if (c)
		c->only_for = r;
	if (!c)
		answer_grpc(r, GRPC_UNAVAILABLE, "out of memory", NULL, 0);
	else
		upstream_send(p->up, c);
}
