/*
 * The network's list of requests that are assigned to us, held against ours: finds
 * those whose acceptance never reached the database.
 */
#include "proxy/proxy.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"

struct walk {
	struct proxy *p;
	uint32_t page;
};

static void ask(struct walk *w);
static void on_timer(void *arg);

/* The whole list again, in a while. */
static void
later(struct proxy *p)
{
	loop_timer(p->loop, &p->reconcile_timer,
	    (int64_t)p->reconcile_s * 1000, on_timer, p);
}

static void
walk_end(struct walk *w)
{
	later(w->p);
	free(w);
}

int
reconcile_adopt(struct proxy *p, const struct net_request *m, struct err *e)
{
	struct net_proof_requested done = { .has_body = true };
	struct job j = { 0 };
	uint8_t answer[128];
	char hex[65];
	int r;

	if (!net_mode_name(m->mode) ||
	    m->request_id.n != 32 || m->requester.n != 20 ||
	    m->vk_hash.n != 32 || m->tx_hash.n != 32 ||
	    upload_id(p, j.stdin_id, m->stdin_uri) < 0 ||
	    request_inflight(p, j.stdin_id))
		return 0;
	memcpy(j.request_id, m->request_id.p, 32);
	memcpy(j.requester, m->requester.p, 20);
	memcpy(j.vk_hash, m->vk_hash.p, 32);
	j.mode = m->mode;
	j.deadline = m->deadline;
	j.cycle_limit = m->cycle_limit;
	j.gas_limit = m->gas_limit;
	done.tx_hash = m->tx_hash;
	done.body.request_id = m->request_id;
	must(pb_size(&pb_net_proof_requested, &done) <= sizeof answer);
	r = db_job_add(p->store, &j, answer, pb_write(&pb_net_proof_requested,
	    &done, answer), clock_unix(), e);
	if (r == 1) {
		p->m.accepted++;
		hex_encode(hex, j.request_id, 32);
		log_event(LEVEL_INFO, "adopted", "request=0x%s id=%s", hex,
		    j.stdin_id);
	}
	return r;
}

static void
on_list(struct up_call *c)
{
	struct walk *w = c->arg;
	struct proxy *p = w->p;
	struct net_filtered m = { 0 };
	struct arena a;
	struct err e;
	size_t n;

	arena_init(&a, (size_t)64 << 20);
	if (c->status != GRPC_OK || pb_decode(&pb_net_filtered, &m, c->out,
	    c->out_n, &a, NULL, &e) < 0) {
		log_say(LEVEL_WARN, "not_listed", c->status == GRPC_OK ? e.msg :
		    c->text);
		arena_free(&a);
		up_call_free(c);
		walk_end(w);
		return;
	}
	for (size_t i = 0; i < m.requests.n; i++)
		if (reconcile_adopt(p, &((struct net_request *)
		    m.requests.items)[i], &e) < 0)
			log_say(LEVEL_ERROR, "broken", e.msg);
	n = m.requests.n;
	arena_free(&a);
	up_call_free(c);
	if (n == NET_PAGE && w->page < PROXY_PAGES) {
		w->page++;
		ask(w);
		return;
	}
	p->reconciled = true;
	jobs_wake(p);
	walk_end(w);
}

static void
ask(struct walk *w)
{
	struct net_filter m = {
		.fulfillment_status = NET_ASSIGNED,
		.has_fulfillment_status = true,
		.fulfiller = pb_mem(w->p->fulfiller, 20),
		.has_fulfiller = true,
		.minimum_deadline = clock_unix(), .has_minimum_deadline = true,
		.limit = NET_PAGE, .has_limit = true,
		.page = w->page, .has_page = true,
	};
	uint8_t out[128];
	struct up_call *c;

	must(pb_size(&pb_net_filter, &m) <= sizeof out);
	c = up_call_new(w->p, NET_FILTERED, out, pb_write(&pb_net_filter, &m,
	    out), NULL, on_list, w);
	if (!c)
		walk_end(w);
	else
		upstream_send(w->p->up, c);
}

static void
on_timer(void *arg)
{
	struct walk *w = calloc(1, sizeof *w);
	struct proxy *p = arg;

	if (!w) {
		later(p);
		return;
	}
	w->p = p;
	w->page = 1;
	ask(w);
}

void
reconcile_start(struct proxy *p)
{
	loop_timer(p->loop, &p->reconcile_timer, 0, on_timer, p);
}
