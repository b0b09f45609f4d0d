/*
 * Runs a fuzz target without a fuzzer: first on every file that is named (or is in
 * a folder that is), then for some seconds on alterations of these.  The
 * alterations follow from the seed alone, so that a failure comes back.
 *
 *	NAME [-t] [-s SECONDS] [-n INPUTS] [-r SEED] [-c CRASH] [FILE or FOLDER ...]
 *
 * The input at work when the target fails is written to CRASH.  -t: each file also
 * without its last byte.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "test/lib/splitmix.h"

#define SIZE_MAX_INPUT ((size_t)4 << 20)
#define GROWTH 4096		/* an alteration adds no more than this */
#define TIME_LIMIT 60		/* seconds of this process for one input, ... */
#define WALL_LIMIT 1800		/* ... however many others there are */

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);
void __sanitizer_set_death_callback(void (*fn)(void));
#pragma weak __sanitizer_set_death_callback

struct input {
	uint8_t *p;
	size_t n;
};

static struct input *corpus;
static size_t ncorpus;
static struct input now;
static const char *crash;
static int twice;
static uint64_t state;

static uint64_t
random64(void)
{
	return splitmix64(&state);
}

static size_t
below(size_t n)
{
	return n == 0 ? 0 : (size_t)(random64() % n);
}

static void
save(void)
{
	int fd;

	if (crash == NULL)
		return;
	fd = open(crash, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, now.p, now.n) != (ssize_t)now.n)
		return;
	close(fd);
	fprintf(stderr, "# input saved as %s (%zu bytes)\n", crash, now.n);
	crash = NULL;
}

static void
caught(int sig)
{
	if (sig == SIGALRM || sig == SIGPROF)
		fprintf(stderr, "# more than %d seconds for one input\n",
		    sig == SIGALRM ? WALL_LIMIT : TIME_LIMIT);
	save();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
limit(int cpu, unsigned wall)	/* 0: none */
{
	struct itimerval t = { .it_value.tv_sec = cpu };

	setitimer(ITIMER_PROF, &t, NULL);
	alarm(wall);
}

static void
run(const uint8_t *p, size_t n)
{
	/* In memory of its exact size, so that a byte too far is seen. */
	now.p = malloc(n);
	now.n = n;
	if (n > 0)
		memcpy(now.p, p, n);
	limit(TIME_LIMIT, WALL_LIMIT);
	LLVMFuzzerTestOneInput(now.p, n);
	limit(0, 0);
	free(now.p);
}

static void
add_input(struct input in)
{
	corpus = realloc(corpus, (ncorpus + 1) * sizeof(*corpus));
	corpus[ncorpus++] = in;
}

static void
add_file(const char *path)
{
	struct input in = { malloc(SIZE_MAX_INPUT), 0 };
	FILE *f = fopen(path, "rb");

	if (f == NULL) {
		perror(path);
		exit(66);
	}
	in.n = fread(in.p, 1, SIZE_MAX_INPUT, f);
	if (!feof(f) && fgetc(f) != EOF) {
		fprintf(stderr, "# %s: too large, left out\n", path);
		free(in.p);
	} else {
		in.p = realloc(in.p, in.n + 1);
		add_input(in);
		if (twice && in.n > 0)	/* the same bytes: they stay as they are */
			add_input((struct input){ in.p, in.n - 1 });
	}
	fclose(f);
}

static void
add(const char *path)
{
	struct dirent **names;
	char child[PATH_MAX];
	struct stat st;
	int n, i;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		add_file(path);
		return;
	}
	n = scandir(path, &names, NULL, alphasort);
	for (i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			snprintf(child, sizeof(child), "%s/%s", path,
			    names[i]->d_name);
			add(child);
		}
		free(names[i]);
	}
	free(names);
}

/* Numbers at which code changes its mind. */
static uint64_t
edge(void)
{
	static const uint64_t edges[] = { 0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff,
	    0x8000, 0xffff, 0x7f000000, 0x7f000001, 0x7fffffff, 0x80000000,
	    0xffffffff, INT64_MAX, (uint64_t)1 << 63, UINT64_MAX };
	uint64_t x = edges[below(sizeof(edges) / sizeof(edges[0]))];

	return random64() % 4 == 0 ? x + below(9) - 4 : x;
}

/* One alteration of p[0..n), which has room for GROWTH more; the new length.  keep: of
 * the kinds that leave everything in its place, so that more is met than the parser. */
static size_t
alter(uint8_t *p, size_t n, int keep)
{
	static const unsigned char kept[] = { 0, 1, 2, 6 };
	const struct input *other;
	size_t at = below(n), len = 1 + below(n - at < 16 ? n - at : 16), to;
	size_t width = (size_t)1 << below(4);
	uint64_t x;

	if (n == 0) {
		p[0] = (uint8_t)random64();
		return 1;
	}
	switch (keep ? kept[below(sizeof(kept))] : below(8)) {
	case 0:
		p[at] ^= (uint8_t)(1 << below(8));
		return n;
	case 1:
		p[at] = (uint8_t)random64();
		return n;
	case 2:			/* a number of some width */
		x = edge();
		memcpy(p + at, &x, width < n - at ? width : n - at);
		return n;
	case 3:			/* cut */
		return at;
	case 4:			/* take out */
		len = len < n - at ? len : n - at;
		memmove(p + at, p + at + len, n - at - len);
		return n - len;
	case 5:			/* repeat */
		memmove(p + at + len, p + at, n - at);
		return n + len;
	case 6:			/* copy elsewhere */
		to = below(n);
		len = len < n - to ? len : n - to;
		len = len < n - at ? len : n - at;
		memmove(p + to, p + at, len);
		return n;
	default:		/* a piece of another input */
		other = &corpus[below(ncorpus)];
		if (other->n == 0)
			return n;
		to = below(other->n);
		len = below(other->n - to < 256 ? other->n - to : 256);
		memmove(p + at + len, p + at, n - at);
		memcpy(p + at, other->p + to, len);
		return n + len;
	}
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int
main(int argc, char **argv)
{
	static const struct input empty = { (uint8_t *)"", 0 };
	unsigned long most = ULONG_MAX, done = 0;
	double span = 0, start;
	uint8_t *p;
	size_t n, i, times;
	int c, keep;

	while ((c = getopt(argc, argv, "ts:n:r:c:")) != -1)
		switch (c) {
		case 't':
			twice = 1;
			break;
		case 's':
			span = atof(optarg);
			break;
		case 'n':
			most = strtoul(optarg, NULL, 10);
			break;
		case 'r':
			state = strtoull(optarg, NULL, 0);
			break;
		case 'c':
			crash = optarg;
			break;
		default:
			return 64;
		}
	if (__sanitizer_set_death_callback != NULL)
		__sanitizer_set_death_callback(save);
	signal(SIGABRT, caught);
	signal(SIGALRM, caught);
	signal(SIGPROF, caught);
	while (optind < argc)
		add(argv[optind++]);
	for (i = 0; i < ncorpus; i++)
		run(corpus[i].p, corpus[i].n);
	printf("# %zu inputs replayed\n", ncorpus);
	fflush(stdout);
	if (ncorpus == 0) {
		corpus = malloc(sizeof(*corpus));
		corpus[ncorpus++] = empty;
	}
	p = malloc(SIZE_MAX_INPUT + 32 * GROWTH);
	start = seconds();
	while (done < most && seconds() - start < span) {
		i = below(ncorpus);
		n = corpus[i].n;
		memcpy(p, corpus[i].p, n);
		keep = random64() % 2;
		for (times = 1 + below(keep ? 3 : 8); times > 0; times--)
			n = alter(p, n, keep);
		run(p, n);
		done++;
	}
	free(p);
	printf("# %lu alterations\n", done);
	return 0;
}
