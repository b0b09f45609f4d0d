/* The devnet behind a server: gRPC calls, uploads, downloads. */
#include "devnet/devnet.h"

#include <stdlib.h>
#include <string.h>

static void
head(struct request *r, void *arg)
{
	struct devnet *d = arg;
	int status;

	if (r->grpc) {
		/* Proofs come as gRPC messages, and are long. */
		if (strcmp(r->path, NET_FULFILL) == 0)
			request_memory(r, DEVNET_CALL);
		return;
	}
	if (strcmp(r->method, "PUT") != 0)
		return;
	status = devnet_may_put(d, r->path);
	if (status != 200)
		answer(r, status, NULL, NULL, 0);
	else
		request_memory(r, d->max_artifact);
}

static void
call(struct request *r, void *arg)
{
	struct devnet *d = arg;
	struct devnet_call c = { .in = { r->body, r->body_len } };
	uint8_t *data;
	size_t n;
	int status;

	if (r->grpc) {
		devnet_call(d, &c, r->path);
		if (c.status != GRPC_OK)
			complain("refused path=%s status=%d reason=\"%s\"",
			    r->path, c.status, c.text);
		answer_grpc(r, c.status, c.text, c.out.p, c.out.n);
		devnet_call_end(&c);
	} else if (strcmp(r->method, "PUT") == 0) {
		answer(r, devnet_put(d, r->path, r->body, r->body_len), NULL,
		    NULL, 0);
	} else if (strcmp(r->method, "GET") != 0) {
		answer_text(r, 405, "GET or PUT\n");
	} else if (strcmp(r->path, "/health") == 0) {
		answer_text(r, 200, "ok\n");
	} else {
		status = devnet_get(d, r->path, &data, &n);
		if (status == 200)
			answer_owned(r, 200, NULL, data, n, free);
		else
			answer(r, status, NULL, NULL, 0);
	}
}

const struct server_ops devnet_ops = { .head = head, .call = call };
