/* Refusals: counted by their reasons, and told with the address, at a bounded rate, so
 * that no client fills the log. */
#include "proxy/proxy.h"

#define A_MINUTE 60	/* lines */

const char *
refusal_name(enum refusal why)
{
	static const char *const names[] = {
#define R(name) #name,
		REFUSALS(R)
#undef R
	};

	return names[why];
}

void
refused(struct proxy *p, const struct request *r, enum refusal why)
{
	uint64_t missed;

	p->m.refusals[why]++;
	if (!log_may(&p->m.refusal_log, A_MINUTE, &missed))
		return;
	if (missed)
		log_event(LEVEL_WARN, "refusals_not_logged", "n=%llu",
		    (unsigned long long)missed);
	log_event(LEVEL_WARN, "refused", "peer=%s reason=%s", r->peer,
	    refusal_name(why));
}

void
job_broken(struct request *r, const struct err *e)
{
	log_say(LEVEL_ERROR, "broken", e->msg);
	answer(r, 500, NULL, NULL, 0);
}
