#include "base/syncs.h"

#include <errno.h>

#include "base/clock.h"

#define A_MINUTE 6	/* lines in the log */

void
syncs_begin(struct syncs *s)
{
	atomic_store(&s->began, clock_ms());
}

void
syncs_end(struct syncs *s)
{
	int kept = errno;
	int64_t ms = clock_ms() - atomic_load(&s->began);
	uint64_t missed;

	atomic_store(&s->began, 0);
	atomic_fetch_add(&s->ms, (uint64_t)ms);
	atomic_fetch_add(&s->n, 1);
	if (ms >= SYNCS_SLOW_MS && log_may(&s->log, A_MINUTE, &missed))
		log_event(LEVEL_WARN, "slow_disk", "of=%s seconds=%.1f", s->of,
		    (double)ms / 1000);
	errno = kept;
}

double
syncs_now(const struct syncs *s)
{
	int64_t began = atomic_load(&s->began);

	return began ? (double)(clock_ms() - began) / 1000 : 0;
}
