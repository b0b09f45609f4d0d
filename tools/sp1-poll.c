/*
 * sp1-poll: waits until a request has its proof or has failed, and says which, with
 * the cause, in the record.
 */
#include <stdio.h>

#include "base/args.h"
#include "base/clock.h"
#include "base/progress.h"
#include "client/causes.h"
#include "client/end.h"
#include "client/status.h"
#include "rpc/cli.h"
#include "wire/record.h"

#define INTERVAL_MS 2000	/* the SDK's */

static const char *timeout_s, *interval;
static struct rpc_cli cli;

static const struct arg_opt opts[] = {
	{ 't', "timeout", "SECONDS", "give up then (default: the deadline)",
	    .value = &timeout_s },
	{ 0, "interval", "MS", "between two questions (default: 2000)",
	    .value = &interval },
	RPC_CLI_URL(cli),
	RPC_CLI_RECORD(cli),
	RPC_CLI_REST(cli),
	{ 0 }
};

static const struct args args = {
	.name = "sp1-poll",
	.synopsis = "[-t SECONDS] [--interval MS] [-u URL] [RECORD]",
	.about = "Waits for the end of a proof request: 0 fulfilled, 1 not, 75 not "
	    "yet.",
	.example = "sp1-poll -t 600 < record | sp1-fetch -o proof.bin",
	.opts = opts, .min = 0, .max = 1,
};

static struct status_wait waiting;
static int worst;	/* exit status: of several, 75 while any is open: another call
			 * may help */

/* A server that is away leaves the record as it is then: it resumes. */
static void
on_record(struct record *rec, void *ctx)
{
	enum status_state state = STATUS_OPEN;
	const char *url, *cause;
	char words[END_WORDS];
	uint8_t id[32];
	struct rpc *r;
	struct err e;
	int status = 0;

	if (record_opt_str(rec, "url", &url, &e) < 0 ||
	    record_hex(rec, "request_id", id, 32, &e) < 0 ||
	    rpc_cli_pin(&cli, rec, &e) < 0)
		die_err(&e);
	r = rpc_cli_open(&cli, url, &e);
	if (!r)
		die_err(&e);
	if (status_wait(r, rec, id, &waiting, &state, &e) < 0)
		status = e.status;
	progress_clear();
	if (status && status != EX_TEMPFAIL)
		die_err(&e);
	if (status)
		complain("%s", e.msg);
	cause = causes_note(r, rec, id, state, cli.verbose);
	if (record_write(rec, stdout, "standard output", &e) < 0)
		die_err(&e);
	rpc_free(r);
	if (!status) {
		status = end_words(words, rec, state, cause);
		if (status)
			complain("%s", words);
	}
	if (status > worst)
		worst = status;
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv);
	struct err e;

	if (timeout_s)
		waiting.until = clock_ms() + 1000 * (int64_t)args_u64(&args,
		    "-t", timeout_s, 0, 1000000000);
	waiting.interval = interval ? (int64_t)args_u64(&args, "--interval",
	    interval, 10, 3600000) : INTERVAL_MS;
	progress_start();
	if (record_each(argv[i], on_record, NULL, &e) < 0)
		die_err(&e);
	return worst;
}
