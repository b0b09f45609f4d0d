/*
 * What the network tells everybody of a guest's failure (sp1-network(7), error_trace): its
 * cause, which the network has anyway.  A run here is private: its exit code, its cycles,
 * and what it printed follow from the input, and are for the client alone.
 */
#include "worker/worker.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "wire/error_trace.h"
#include "wire/network.h"

static int
write_trace(FILE *f, const struct job *j, const struct outcome *o)
{
	bool panic = o->execution == NET_CAUSE_NONZERO_EXIT;
	char id[67];
	struct jw w;

	snprintf(id, sizeof id, "0x%s", j->id);
	jw_start(&w, f);
	jw_object(&w, NULL);
	jw_u64(&w, "version", 1);
	jw_str(&w, "source", panic ? "program" : "executor");
	jw_str(&w, "kind", panic ? "program_panic" : "executor_error");
	jw_str(&w, "message", net_cause_name(o->execution));
	jw_str(&w, "phase", "execution");
	jw_str(&w, "request_id", id);
	jw_end(&w);
	return jw_finish(&w, "error_trace", NULL);
}

char *
trace_write(const struct job *j, const struct outcome *o)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	json_t *read;
	int bad;

	if (!f)
		return NULL;
	bad = write_trace(f, j, o);
	fclose(f);
	/* Nothing is sent that a reader would cut or refuse. */
	read = bad ? NULL : error_trace_read(text, n, NULL);
	if (!read) {
		free(text);
		return NULL;
	}
	json_decref(read);
	return text;
}
