/*
 * The limits that may change while the proxy runs: --limits names a file of lines
 * NAME=VALUE, with the options' names, which is read at the start and at each SIGHUP.
 * Lines that are empty, or begin with '#', say nothing.
 */
#include "proxy/proxy.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/args.h"

#define MUCH ((uint64_t)1 << 46)
#define LONGEST 4300000000	/* SEALED_MAX, sealed */

static const struct {
	const char *name;
	size_t at;		/* in struct limits */
	uint64_t least, most;
} known[] = {
#define L(name, member, least, most) \
	{ name, offsetof(struct limits, member), least, most }
	L("max-input", max_input, 1, LONGEST),
	L("max-plain", max_plain, 1, MUCH),
	L("max-sealed", max_sealed, 1, MUCH),
	L("max-connections", max_connections, 1, 1000000),
	L("max-requests", max_requests, 1, 1000000),
	L("max-total", max_total, 1, 1000000),
	L("max-jobs", max_jobs, 1, UINT32_MAX),
	L("max-running", max_running, 0, UINT32_MAX),
	L("max-deaths", max_deaths, 1, 1000000),
	L("lease", lease_s, 1, 3600),
#undef L
};

static int
set(struct limits *l, const char *name, const char *value, struct err *e)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		uint64_t v;

		if (strcmp(known[i].name, name) != 0)
			continue;
		if (parse_u64(value, &v) < 0 || v < known[i].least ||
		    v > known[i].most)
			return err_set(e, EX_USAGE, "%s takes a number from %llu to "
			    "%llu, not %s", name,
			    (unsigned long long)known[i].least,
			    (unsigned long long)known[i].most, value);
		memcpy((char *)l + known[i].at, &v, sizeof v);
		return 0;
	}
	return err_set(e, EX_USAGE, "no limit has the name %s", name);
}

int
limits_set(struct proxy *p, const char *name, const char *value, struct err *e)
{
	return set(&p->l, name, value, e);
}

static int
read_line(struct limits *l, char *line, struct err *e)
{
	char *equals;

	line[strcspn(line, "\r\n")] = 0;
	if (!*line || *line == '#')
		return 0;
	equals = strchr(line, '=');
	if (!equals)
		return err_set(e, EX_CONFIG, "%s is not NAME=VALUE", line);
	*equals = 0;
	return set(l, line, equals + 1, e);
}

int
limits_read(struct proxy *p, struct err *e)
{
	struct limits fresh = p->l;
	char line[256];
	FILE *f;
	int r = 0;

	if (!p->limits_file)
		return 0;
	f = fopen(p->limits_file, "re");
	if (!f)
		return err_set(e, EX_NOINPUT, "cannot open %s:", p->limits_file);
	while (r == 0 && fgets(line, sizeof line, f))
		r = read_line(&fresh, line, e);
	fclose(f);
	if (r < 0) {
		e->status = EX_CONFIG;
		return err_prefix(e, "%s", p->limits_file);
	}
	p->l = fresh;
	return 0;
}
