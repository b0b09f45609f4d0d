/*
 * The operators' port: /metrics, as Prometheus reads them (text format 0.0.4), and /health
 * with what there is to see to.  Each takes the same time however many jobs there are.
 */
#include "proxy/proxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/syncs.h"

#define KEYD_SILENT_MS 10000		/* five questions */
#define CERT_SOON_S ((uint64_t)14 * 86400)
#define DISK_LOW ((uint64_t)256 << 20)

/* What is neither counted nor known to p. */
struct seen {
	struct db_jobs jobs;
	struct server_counts net;
	bool database, keyd;
	double keyd_s, worker_s;	/* since they were heard; -1: never */
	uint64_t disk;			/* bytes free where the state is */
	uint64_t memlock;		/* bytes that may be locked; UINT64_MAX: any */
	uint64_t cert_end;		/* unix time; 0: no certificate */
	int calls, most_calls, waiting_workers;
	const struct syncs *waits[2];	/* for the disk */
};

static double
since(int64_t ms)
{
	return ms ? (double)(clock_ms() - ms) / 1000 : -1;
}

static struct seen
look(struct proxy *p)
{
	struct seen s = { .memlock = UINT64_MAX };
	struct rlimit lock;
	struct statvfs fs;
	struct err e;

	s.database = db_jobs_count(p->store, &s.jobs, &e) == 0;
	s.net = server_counts(p->server);
	s.keyd_s = since(atomic_load(&p->keyd_seen));
	s.keyd = s.keyd_s >= 0 && s.keyd_s * 1000 < KEYD_SILENT_MS;
	s.worker_s = since(p->worker_seen);
	if (statvfs(p->state, &fs) == 0)
		s.disk = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (getrlimit(RLIMIT_MEMLOCK, &lock) == 0 &&
	    lock.rlim_cur != RLIM_INFINITY)
		s.memlock = lock.rlim_cur;
	s.cert_end = server_cert_end(p->server, 0);
	s.calls = upstream_waiting(p->up, &s.most_calls);
	s.waiting_workers = jobs_waiters(p);
	s.waits[0] = store_syncs(p->store);
	s.waits[1] = files_syncs(p->files);
	return s;
}

/* ---- /metrics ---- */

#define U(x) ((unsigned long long)(x))

static void
head(FILE *f, const char *name, const char *type, const char *help)
{
	fprintf(f, "# HELP tee_proxy_%s %s\n# TYPE tee_proxy_%s %s\n", name, help,
	    name, type);
}

static void
one(FILE *f, const char *name, const char *type, double v, const char *help)
{
	head(f, name, type, help);
	fprintf(f, "tee_proxy_%s %.17g\n", name, v);
}

/* Two samples, of a label. */
static void
two(FILE *f, const char *name, const char *type, const char *label,
    const char *a, double va, const char *b, double vb, const char *help)
{
	head(f, name, type, help);
	fprintf(f, "tee_proxy_%s{%s=\"%s\"} %.17g\n", name, label, a, va);
	fprintf(f, "tee_proxy_%s{%s=\"%s\"} %.17g\n", name, label, b, vb);
}

static void
write_jobs(FILE *f, const struct proxy *p, const struct seen *s)
{
	uint64_t now = clock_unix(), oldest = s->jobs.oldest;

	two(f, "jobs", "gauge", "state", "waiting", (double)s->jobs.waiting,
	    "at_work", (double)s->jobs.at_work, "Jobs that have not ended.");
	one(f, "oldest_waiting_job_seconds", "gauge", oldest && oldest < now ?
	    (double)(now - oldest) : 0, "Age of the job that waits longest.");
	one(f, "jobs_accepted_total", "counter", (double)p->m.accepted,
	    "Jobs taken on.");
	one(f, "jobs_handed_out_total", "counter", (double)p->m.handed_out,
	    "Leases given to workers.");
	one(f, "leases_lost_total", "counter", (double)p->m.leases_lost,
	    "Leases that ran out on their workers.");
	two(f, "jobs_given_back_total", "counter", "reason", "passing",
	    (double)(p->m.given_back - p->m.faults), "fault",
	    (double)p->m.faults, "Jobs that workers gave back for another try.");
	head(f, "jobs_ended_total", "counter", "Jobs by how and why they ended.");
	for (size_t i = 0; i < p->m.n_ended; i++)
		fprintf(f, "tee_proxy_jobs_ended_total{status=\"%s\",cause=\"%s\"} "
		    "%llu\n", p->m.ended[i].status, p->m.ended[i].cause,
		    U(p->m.ended[i].n));
	head(f, "job_seconds", "summary", "What the last try of a job took.");
	for (size_t i = 0; i < p->m.n_ended; i++)
		fprintf(f, "tee_proxy_job_seconds_sum{status=\"%s\",cause=\"%s\"} "
		    "%.3f\ntee_proxy_job_seconds_count{status=\"%s\",cause=\"%s\"} "
		    "%llu\n", p->m.ended[i].status, p->m.ended[i].cause,
		    p->m.ended[i].seconds, p->m.ended[i].status,
		    p->m.ended[i].cause, U(p->m.ended[i].n));
	head(f, "phase_seconds", "summary", "What the phases of jobs took.");
	for (size_t i = 0; i < p->m.n_phases; i++)
		fprintf(f, "tee_proxy_phase_seconds_sum{phase=\"%s\"} %.3f\n"
		    "tee_proxy_phase_seconds_count{phase=\"%s\"} %llu\n",
		    p->m.phases[i].name, p->m.phases[i].seconds,
		    p->m.phases[i].name, U(p->m.phases[i].n));
}

static void
write_inputs(FILE *f, const struct proxy *p)
{
	const struct metrics *m = &p->m;

	two(f, "uploads_total", "counter", "kind", "plain", (double)m->uploads[0],
	    "sealed", (double)m->uploads[1], "Inputs that came whole.");
	two(f, "upload_bytes_total", "counter", "kind", "plain",
	    (double)m->upload_bytes[0], "sealed", (double)m->upload_bytes[1],
	    "Their bytes.");
	two(f, "input_bytes", "gauge", "kind", "plain", (double)p->plain_bytes,
	    "sealed", (double)p->sealed_bytes, "Inputs here, or coming in.");
	two(f, "input_bytes_limit", "gauge", "kind", "plain",
	    (double)p->l.max_plain, "sealed", (double)p->l.max_sealed,
	    "The most of them.");
	one(f, "one_input_bytes_limit", "gauge", (double)p->l.max_input,
	    "The longest input.");
	one(f, "inputs_handed_out_total", "counter", (double)m->inputs_out,
	    "Inputs that workers had.");
	one(f, "input_bytes_handed_out_total", "counter",
	    (double)m->input_bytes_out, "Their bytes.");
}

static void
write_refusals(FILE *f, const struct proxy *p, const struct seen *s)
{
	head(f, "refusals_total", "counter", "Requests refused, by reason.");
	for (int i = 0; i < REFUSED_COUNT; i++)
		fprintf(f, "tee_proxy_refusals_total{reason=\"%s\"} %llu\n",
		    refusal_name(i), U(p->m.refusals[i]));
	fprintf(f, "tee_proxy_refusals_total{reason=\"connections\"} %llu\n"
	    "tee_proxy_refusals_total{reason=\"requests\"} %llu\n",
	    U(s->net.refused_conns), U(s->net.refused_requests));
}

static void
write_limits(FILE *f, const struct proxy *p, const struct seen *s)
{
	two(f, "connections", "gauge", "of", "addresses", s->net.conns, "workers",
	    s->net.local, "Connections that are open.");
	one(f, "connections_limit", "gauge", s->net.max_conns,
	    "The most of all addresses.");
	one(f, "address_connections_limit", "gauge", (double)p->l.max_connections,
	    "The most of one address.");
	one(f, "address_requests_limit", "gauge", (double)p->l.max_requests,
	    "The most requests of one address.");
	one(f, "requester_jobs_limit", "gauge", (double)p->l.max_jobs,
	    "The most jobs of one requester.");
	one(f, "buffered_bytes", "gauge", (double)s->net.buffered,
	    "Bodies in memory that are not inputs.");
	one(f, "calls_waiting", "gauge", s->calls, "Calls that wait for the network.");
	one(f, "calls_waiting_limit", "gauge", s->most_calls, "The most of them.");
	one(f, "workers_waiting", "gauge", s->waiting_workers,
	    "Workers that wait for a job.");
	one(f, "lease_seconds", "gauge", (double)p->l.lease_s,
	    "A worker silent so long is dead.");
}

static void
write_waits(FILE *f, const struct syncs *const waits[2])
{
	head(f, "disk_wait_seconds", "summary",
	    "Waits for the disk, by what it is to keep.");
	for (int i = 0; i < 2; i++)
		fprintf(f, "tee_proxy_disk_wait_seconds_sum{of=\"%s\"} %.3f\n"
		    "tee_proxy_disk_wait_seconds_count{of=\"%s\"} %llu\n",
		    waits[i]->of, (double)atomic_load(&waits[i]->ms) / 1000,
		    waits[i]->of, U(atomic_load(&waits[i]->n)));
	two(f, "disk_waiting_seconds", "gauge", "of", waits[0]->of,
	    syncs_now(waits[0]), waits[1]->of, syncs_now(waits[1]),
	    "How long one lasts by now.");
}

static void
write_surroundings(FILE *f, const struct proxy *p, const struct seen *s)
{
	one(f, "start_time_seconds", "gauge", (double)p->started,
	    "When it started, unix time.");
	one(f, "database_up", "gauge", s->database, "Does the database work?");
	one(f, "network_listed", "gauge", p->reconciled,
	    "Has the network listed our requests since the start?");
	one(f, "keyd_up", "gauge", s->keyd, "Does tee-keyd answer?");
	one(f, "keys_changed_total", "counter", (double)p->m.keys_changed,
	    "New keys of tee-keyd.");
	one(f, "disk_free_bytes", "gauge", (double)s->disk,
	    "Free where the state is.");
	write_waits(f, s->waits);
	head(f, "memlock_limit_bytes", "gauge", "What may be locked.");
	if (s->memlock == UINT64_MAX)
		fputs("tee_proxy_memlock_limit_bytes +Inf\n", f);
	else
		fprintf(f, "tee_proxy_memlock_limit_bytes %llu\n", U(s->memlock));
	if (s->cert_end)
		one(f, "certificate_end_seconds", "gauge", (double)s->cert_end,
		    "When the certificate ends, unix time.");
}

static void
write_metrics(FILE *f, const struct proxy *p, const struct seen *s)
{
	write_surroundings(f, p, s);
	write_jobs(f, p, s);
	write_inputs(f, p);
	write_refusals(f, p, s);
	write_limits(f, p, s);
}

/* ---- /health ---- */

static bool
healthy(const struct seen *s)
{
	return s->database && s->keyd && s->disk >= DISK_LOW &&
	    (!s->cert_end || s->cert_end > clock_unix());
}

/* The seconds that the longer of the waits for the disk lasts by now. */
static double
waiting_for_disk(const struct seen *s)
{
	double a = syncs_now(s->waits[0]), b = syncs_now(s->waits[1]);

	return a > b ? a : b;
}

static void
write_health(FILE *f, const struct proxy *p, const struct seen *s)
{
	struct jw j;

	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_bool(&j, "healthy", healthy(s));
	jw_bool(&j, "database", s->database);
	jw_bool(&j, "network", p->reconciled);
	jw_bool(&j, "keyd", s->keyd);
	if (s->keyd_s >= 0)
		jw_double(&j, "keyd_seconds", s->keyd_s);
	jw_u64(&j, "keys_changed", p->m.keys_changed);
	jw_u64(&j, "workers_waiting", (uint64_t)s->waiting_workers);
	if (s->worker_s >= 0)
		jw_double(&j, "worker_seconds", s->worker_s);
	jw_u64(&j, "jobs_waiting", s->jobs.waiting);
	jw_u64(&j, "jobs_at_work", s->jobs.at_work);
	jw_u64(&j, "disk_free", s->disk);
	jw_double(&j, "disk_waiting_seconds", waiting_for_disk(s));
	jw_u64(&j, "plain_bytes", p->plain_bytes);
	jw_u64(&j, "sealed_bytes", p->sealed_bytes);
	if (s->memlock != UINT64_MAX)
		jw_u64(&j, "memlock", s->memlock);
	if (s->cert_end)
		jw_u64(&j, "certificate_end", s->cert_end);
	jw_end(&j);
	ignore(jw_finish(&j, "health", NULL));
}

/* ---- */

/* Answers with what write() writes; not_healthy: the status where something is amiss. */
static void
answer_written(struct request *r, struct proxy *p, int not_healthy, const char *type,
    void (*write)(FILE *f, const struct proxy *p, const struct seen *s))
{
	struct seen s = look(p);
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (f)
		write(f, p, &s);
	if (f && fclose(f) == 0) {
		answer_owned(r, healthy(&s) ? 200 : not_healthy, type, text, n,
		    free);
		return;
	}
	free(text);
	answer_text(r, 503, "out of memory");
}

void
ops_request(struct proxy *p, struct request *r)
{
	if (r->grpc || strcmp(r->method, "GET") != 0)
		answer_text(r, 405, "GET");
	else if (strcmp(r->path, "/metrics") == 0)
		answer_written(r, p, 200, "text/plain; version=0.0.4",
		    write_metrics);
	else if (strcmp(r->path, "/health") == 0)
		answer_written(r, p, 503, "application/json", write_health);
	else
		answer_text(r, 404, "/metrics or /health");
}

void
ops_warn(const struct proxy *p)
{
	uint64_t now = clock_unix(), end = server_cert_end(p->server, 0);
	struct stat st;

	if (end && end <= now)
		log_text(LEVEL_WARN, "certificate", "the certificate has expired",
		    "end=%llu", U(end));
	else if (end && end < now + CERT_SOON_S)
		log_text(LEVEL_WARN, "certificate", "the certificate ends soon",
		    "end=%llu days=%llu", U(end), U((end - now) / 86400));
	if (p->tls.key && stat(p->tls.key, &st) == 0 && st.st_mode & 077)
		log_text(LEVEL_WARN, "key_file", "others can read the "
		    "certificate's key, or write it", "mode=%03o",
		    st.st_mode & 0777u);
}
