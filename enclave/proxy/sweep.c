/* What is forgotten, and when. */
#include "proxy/proxy.h"

#include "base/clock.h"
#include "base/log.h"

#define EVERY_MS 5000

/* Inputs that nobody asked a proof for. */
static void
drop_unused(struct proxy *p, int state)
{
	char id[ID_ARTIFACT];
	struct err e;

	while (db_upload_unused(p->store, state, clock_unix() - PROXY_UNUSED_S,
	    id, &e) == 1) {
		if (request_inflight(p, id))
			return;		/* next time */
		upload_drop(p, id);
	}
}

static void
on_sweep(void *arg)
{
	struct proxy *p = arg;
	uint64_t now = clock_unix();
	struct err e;

	drop_unused(p, UPLOAD_PLAIN);
	drop_unused(p, UPLOAD_SEALED);
	/* An upload that was begun in time may still come to its end. */
	if (db_forget(p->store, now - 2 * PROXY_TOKEN_S, now - PROXY_KEEP_S,
	    &e) < 0)
		log_say(LEVEL_ERROR, "broken", e.msg);
	jobs_wake(p);		/* leases that ran out */
	sweep_start(p);
}

void
sweep_start(struct proxy *p)
{
	loop_timer(p->loop, &p->sweep_timer, EVERY_MS, on_sweep, p);
}
