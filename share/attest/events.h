#ifndef ATTEST_EVENTS_H
#define ATTEST_EVENTS_H
/*
 * dstack's event logs, which say what went into a TD's four run-time registers.  A
 * log is worth something only where it replays to the quote's registers; of the
 * events in register 3, which dstack and the application write, the digest is
 * computed anew from name and payload, in either of the two ways that dstack has
 * (event_log_version).
 */
#include "attest/strict.h"

#define EVENT_LOG_MAX ((size_t)4 << 20)

/* What the log says of the application, before system-ready. */
struct app {
	bool has_os_image;
	uint8_t id[20], compose_hash[32], os_image[32];
	size_t instance_len;
	uint8_t instance[20];
	const char *key_provider;	/* the event's JSON, in hexadecimal; or NULL */
	bool has_gpu;
	uint8_t gpu_evidence[32];	/* that the log says was seen at the start */
};

struct event_log {
	json_t *events;			/* an array */
	uint8_t rtmr[4][48];		/* that it replays to */
	struct app app;
};

/* From an array of events; a JSON object with event_log, an array or the text of one.
 * EX_DATAERR; event_log_free() either way. */
CHECKED int event_log_parse(struct event_log *l, struct bytes text,
    struct err *e);
/* Frees the events; strings of l->app go with them. */
void event_log_free(struct event_log *l);

/* Replays it.  EX_NO: a digest is not that of its event's content, or something else
 * than run-time events went to register 3. */
CHECKED int event_log_replay(struct event_log *l, struct err *e);
/* Fills l->app.  EX_NO: what names the application is missing, stands twice or after
 * system-ready, or has another length. */
CHECKED int event_log_app(struct event_log *l, struct err *e);

#endif
