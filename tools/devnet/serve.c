/* The devnet behind a server: gRPC calls, uploads, downloads. */
#include "devnet/devnet.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A call that has no answer yet: a check may make it wait. */
struct pending {
	struct devnet *d;
	struct request *r;
	struct devnet_check check;
	struct loop_task end;		/* of the check */
};

static void start_check(struct pending *j);

static void
call_network(struct pending *j)
{
	struct request *r = j->r;
	struct devnet_call c = {
		.in = { r->body, r->body_len }, .later = &j->check
	};

	devnet_call(j->d, &c, r->path);
	if (j->check.run && !j->check.done) {
		devnet_call_end(&c);
		start_check(j);
		return;
	}
	if (c.status != GRPC_OK)
		complain("refused path=%.*s status=%d reason=\"%s\"",
		    (int)strcspn(r->path, "?"), r->path, c.status, c.text);
	answer_grpc(r, c.status, c.text, c.out.p, c.out.n);
	devnet_call_end(&c);
	free(j);
}

static void
on_checked(void *arg)
{
	struct pending *j = arg;

	j->d->checks--;
	call_network(j);
}

static void *
check(void *arg)
{
	struct pending *j = arg;

	j->check.run(&j->check);
	j->check.done = true;
	loop_post(j->d->loop, &j->end, on_checked, j);
	return NULL;
}

static void
start_check(struct pending *j)
{
	pthread_t t;

	/* Where there is no thread to be had, the rest has to wait. */
	if (j->d->checks++ < DEVNET_CHECKS &&
	    pthread_create(&t, NULL, check, j) == 0)
		pthread_detach(t);
	else
		check(j);
}

static void
too_long(struct devnet *d, struct request *r)
{
	char text[128];

	snprintf(text, sizeof text, "a devnet keeps artifacts in its database: this "
	    "one takes %zu bytes (--max-artifact)", d->max_artifact);
	answer_text(r, 413, text);
}

static void
on_head(struct request *r, void *arg)
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
	else if (r->content_length != UINT64_MAX &&
	    r->content_length > d->max_artifact)
		too_long(d, r);
	else
		request_memory(r, d->max_artifact);
}

static void
on_request(struct request *r, void *arg)
{
	struct devnet *d = arg;
	struct pending *j;
	uint8_t *data;
	size_t n;
	int status;

	if (r->grpc) {
		j = malloc(sizeof *j);
		if (!j) {
			answer_grpc(r, GRPC_RESOURCE_EXHAUSTED, "out of memory",
			    NULL, 0);
			return;
		}
		*j = (struct pending){ .d = d, .r = r };
		call_network(j);
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

const struct server_ops devnet_ops = {
	.on_head = on_head, .on_request = on_request
};
