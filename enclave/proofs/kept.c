#include "proofs/kept.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "base/io.h"
#include "proof/container.h"
#include "stark/params.h"
#include "stark/verify.h"

/* What a file may hold. */
struct form { const char *name, *magic; };
static const struct form shards = {"shard", "SP1SHRD\1"},
    nodes = {"node", "SP1NODE\1"};

#define MOST ((size_t)1 << 30)	/* of a file; a shard's proof has a few MB */

/* A file's first bytes; the proof follows. */
struct header {
	char magic[8];
	uint64_t number, len;
	uint8_t program[32];		/* vk_network_hash() */
	uint8_t id[32];
	uint8_t sha256[32];		/* of the proof */
};

/* ---- what was proved ---- */

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

struct hash { SHA256_CTX c; };

static void
add(struct hash *h, const void *p, size_t n)
{
	if (n)
		SHA256_Update(&h->c, p, n);
}

/* Its length first: no two lists of arrays have the same bytes. */
static void
add_array(struct hash *h, const void *p, size_t n, size_t size)
{
	uint64_t count = n;

	add(h, &count, sizeof count);
	add(h, p, n * size);
}

/* Hashed as they lie in memory. */
_Static_assert(sizeof(struct rec_instr) == 96 && sizeof(struct rec_local) ==
    40 && sizeof(struct rec_memory) == 24 && sizeof(struct rec_access) == 40 &&
    sizeof(struct rec_precompile) == 40 && sizeof(struct rec_shard) == 136,
    "records have no padding");

void
kept_identify(struct kept_id *id, const struct shard_events *s, uint32_t code,
    const uint32_t nonce[4])
{
	uint64_t head[4] = {s->kind, code, s->previous_init_addr,
	    s->previous_finalize_addr};
	struct hash h;

	SHA256_Init(&h.c);
	add(&h, head, sizeof head);
	add(&h, nonce, 4 * sizeof *nonce);
	add(&h, s->program->sha256, 32);
	add(&h, &s->info, sizeof s->info);
	for (unsigned b = 0; b < CHIP_INSTR_COUNT; b++)
		add_array(&h, s->instr[b], s->ninstr[b], sizeof *s->instr[b]);
	add_array(&h, s->local, s->nlocal, sizeof *s->local);
	add_array(&h, s->init, s->ninit, sizeof *s->init);
	add_array(&h, s->finalize, s->nfinalize, sizeof *s->finalize);
	add_array(&h, NULL, s->nprecompile, 0);
	for (size_t i = 0; i < s->nprecompile; i++) {
		const struct precompile_event *p = &s->precompile[i];

		add(&h, &p->head, sizeof p->head);
		add_array(&h, p->access, p->access ? p->head.naccess : 0,
		    sizeof *p->access);
		add_array(&h, p->local, p->local ? p->head.nlocal : 0,
		    sizeof *p->local);
	}
	SHA256_Final(id->sha256, &h.c);
	explicit_bzero(&h, sizeof h);
}

void
kept_identify_node(struct kept_id *id, const char *what, const void *v, size_t n)
{
	struct hash h;

	SHA256_Init(&h.c);
	add_array(&h, what, strlen(what), 1);
	add_array(&h, v, n, 1);
	SHA256_Final(id->sha256, &h.c);
}

#pragma GCC diagnostic pop

/* ---- the folder ---- */

static char *
path_of(const struct kept *k, const struct form *f, size_t number,
    struct err *e)
{
	char *path;

	if (asprintf(&path, "%s/%s-%06zu.proof", k->path, f->name, number) < 0) {
		err_set(e, EX_OSERR, "no memory for a name");
		return NULL;
	}
	return path;
}

static bool
is_unfinished(const struct form *f, const char *name)
{
	const char *dot = strstr(name, ".proof.");
	size_t n = strlen(f->name);

	return !strncmp(name, f->name, n) && name[n] == '-' && dot &&
	    strlen(dot) == strlen(".proof.XXXXXX");
}

/* What a killed process was writing: shard-*.proof.XXXXXX, node-*.  The folder is locked,
 * so nobody writes it now. */
static void
remove_unfinished(int fd)
{
	int copy = dup(fd);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *f;

	if (!d) {
		if (copy >= 0)
			close(copy);
		return;
	}
	while ((f = readdir(d)))
		if (is_unfinished(&shards, f->d_name) ||
		    is_unfinished(&nodes, f->d_name))
			unlinkat(fd, f->d_name, 0);
	closedir(d);
}

int
kept_open(struct kept *k, const char *path, const struct vk *vk, struct err *e)
{
	k->path = path;
	k->vk = vk;
	k->fd = -1;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_set(e, EX_CANTCREAT, "cannot make %s:", path);
	k->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (k->fd < 0)
		return err_set(e, EX_CANTCREAT, "cannot open %s:", path);
	if (flock(k->fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK)
			err_set(e, EX_TEMPFAIL, "%s is in use by another "
			    "process", path);
		else
			err_set(e, EX_CANTCREAT, "cannot lock %s:", path);
		kept_close(k);
		return -1;
	}
	remove_unfinished(k->fd);
	return 0;
}

void
kept_close(struct kept *k)
{
	if (k->fd >= 0)
		close(k->fd);
	k->fd = -1;
}

/* ---- a file ---- */

static void
fill_header(const struct kept *k, const struct form *f, struct header *h,
    size_t number, const struct kept_id *id, const uint8_t *proof, size_t len)
{
	memset(h, 0, sizeof *h);
	memcpy(h->magic, f->magic, sizeof h->magic);
	h->number = number;
	h->len = len;
	vk_network_hash(h->program, k->vk);
	memcpy(h->id, id->sha256, sizeof h->id);
	SHA256(proof, len, h->sha256);
}

/* EX_NO where the file will not do, with the reason. */
static int
check_header(const struct kept *k, const struct form *f, const uint8_t *file,
    size_t n, size_t number, const struct kept_id *id, struct err *e)
{
	struct header h, want;

	if (n < sizeof h || memcmp(file, f->magic, sizeof h.magic))
		return err_set(e, EX_NO, "is no %s's proof", f->name);
	memcpy(&h, file, sizeof h);
	fill_header(k, f, &want, number, id, file + sizeof h, n - sizeof h);
	if (h.len != want.len)
		return err_set(e, EX_NO, "is not whole");
	if (memcmp(h.sha256, want.sha256, sizeof h.sha256))
		return err_set(e, EX_NO, "is damaged");
	if (memcmp(h.program, want.program, sizeof h.program))
		return err_set(e, EX_NO, "is of another program");
	if (memcmp(h.id, want.id, sizeof h.id) || h.number != number)
		return err_set(e, EX_NO, "is of another run");
	return 0;
}

/* The proof, as if it had come from anywhere. */
struct wanted {
	const struct kept *k;
	struct arena *a;
	struct shard_proof *shard;		/* one of these two */
	struct recursion_proof *node;
	const struct air_machine *machine;	/* of a shard */
	const kb *public_values;
};

static int
check_shard(const struct wanted *w, const uint8_t *in, size_t len, struct err *e)
{
	struct shard_proof *p = w->shard;

	if (shard_proof_read(p, w->a, in, len, e) < 0)
		return -1;
	if (p->public_values.n != STARK_PUBLIC_VALUES ||
	    memcmp(p->public_values.v, w->public_values, STARK_PUBLIC_VALUES *
	    sizeof *w->public_values))
		return err_set(e, EX_NO, "has other public values");
	return verify_shard(&stark_core, w->machine, w->k->vk, p, e);
}

static int
check_node(const struct wanted *w, const uint8_t *in, size_t len, struct err *e)
{
	digest program = vk_digest(w->k->vk);

	if (recursion_proof_read(w->node, w->a, in, len, e) < 0)
		return -1;
	return verify_recursion_part(w->node, &program, e);
}

static int
check_file(const struct wanted *w, const char *path, size_t number,
    const struct kept_id *id, struct err *why)
{
	const struct form *f = w->shard ? &shards : &nodes;
	uint8_t *file = NULL;
	size_t n, head = sizeof(struct header);
	int bad;

	if (read_file(path, MOST, &file, &n, why) < 0)
		return -1;
	bad = check_header(w->k, f, file, n, number, id, why);
	if (!bad)
		bad = w->shard ? check_shard(w, file + head, n - head, why) :
		    check_node(w, file + head, n - head, why);
	if (bad)
		err_prefix(why, "%s", path);
	free(file);
	return bad;
}

static int
get(const struct wanted *w, size_t number, const struct kept_id *id,
    struct err *why, struct err *e)
{
	char *path = path_of(w->k, w->shard ? &shards : &nodes, number, e);
	bool there;
	int bad = 0;

	*why = (struct err){0};
	if (!path)
		return -1;
	there = access(path, F_OK) == 0 || errno != ENOENT;
	if (there)
		bad = check_file(w, path, number, id, why);
	free(path);
	if (!bad)
		return there;
	if (why->status == EX_OSERR) {
		*e = *why;
		return -1;
	}
	return 0;
}

int
kept_get(const struct kept *k, struct shard_proof *proof, struct arena *a,
    const struct air_machine *m, size_t number, const struct kept_id *id,
    const kb public_values[STARK_PUBLIC_VALUES], struct err *why,
    struct err *e)
{
	const struct wanted w = {.k = k, .a = a, .shard = proof, .machine = m,
	    .public_values = public_values};

	return get(&w, number, id, why, e);
}

int
kept_get_node(const struct kept *k, struct recursion_proof *proof,
    struct arena *a, size_t number, const struct kept_id *id, struct err *why,
    struct err *e)
{
	const struct wanted w = {.k = k, .a = a, .node = proof};

	return get(&w, number, id, why, e);
}

/* Writes file, whose proof of len bytes stands behind the header, and frees it. */
static int
put(const struct kept *k, const struct form *f, uint8_t *file, size_t len,
    size_t number, const struct kept_id *id, struct err *e)
{
	char *path = path_of(k, f, number, e);
	struct header h;
	int bad = -1;

	if (path) {
		fill_header(k, f, &h, number, id, file + sizeof h, len);
		memcpy(file, &h, sizeof h);
		bad = out_file(path, OUT_PRIVATE, -1, file, sizeof h + len, e);
	}
	free(file);
	free(path);
	return bad;
}

static uint8_t *
new_file(size_t len, struct err *e)
{
	uint8_t *file = malloc(sizeof(struct header) + len);

	if (!file)
		err_set(e, EX_OSERR, "no memory for a proof's file");
	return file;
}

int
kept_put(const struct kept *k, const struct shard_proof *proof, size_t number,
    const struct kept_id *id, struct err *e)
{
	size_t len = shard_proof_size(proof);
	uint8_t *file = new_file(len, e);

	if (!file)
		return -1;
	shard_proof_write(file + sizeof(struct header), proof);
	return put(k, &shards, file, len, number, id, e);
}

int
kept_put_node(const struct kept *k, const struct recursion_proof *proof,
    size_t number, const struct kept_id *id, struct err *e)
{
	size_t len = recursion_proof_size(proof);
	uint8_t *file = new_file(len, e);

	if (!file)
		return -1;
	recursion_proof_write(file + sizeof(struct header), proof);
	return put(k, &nodes, file, len, number, id, e);
}
