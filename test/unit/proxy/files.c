/* Sealed inputs in files: what has its name is whole, and what an earlier version had in
 * the database is brought out. */
#include "proxy/proxy.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test/lib/tap.h"

#define BIG 1000003	/* pieces, and a part of one */

static struct err e;
static struct loop *loop;
static uint8_t bytes[BIG];
static int how;

static void
on_end(int outcome, const struct err *why, void *arg)
{
	how = outcome;
	loop_stop(loop);
}

/* A body of n bytes, put in pieces of k; what becomes of it. */
static int
come(struct files *f, const char *id, size_t n, size_t k)
{
	struct body *b = body_new(f, id, NULL, NULL, NULL);

	must(b);
	for (size_t at = 0; at < n; at += k)
		if (body_put(b, bytes + at, n - at < k ? n - at : k) != 0)
			return -1;
	body_end(b, on_end, NULL);
	if (loop_run(loop, &e) < 0)
		die_err(&e);
	return how;
}

/* Does the file of that name have the first n bytes? */
static bool
has(struct files *f, const char *id, size_t n)
{
	static uint8_t back[BIG + 1];
	uint64_t size;
	int fd = files_fd(f, id, &size);
	ssize_t k = fd < 0 ? -1 : read(fd, back, sizeof back);

	if (fd >= 0)
		close(fd);
	return k == (ssize_t)n && size == n && memcmp(back, bytes, n) == 0;
}

static int
files_in(const char *dir)
{
	char command[200];
	FILE *p;
	int n = -1;

	snprintf(command, sizeof command, "ls -A %s | wc -l", dir);
	p = popen(command, "r");
	if (!p || fscanf(p, "%d", &n) != 1)
		n = -1;
	if (p)
		pclose(p);
	return n;
}

static void
bodies(struct files *f, const char *dir)
{
	struct body *b;

	is_int(come(f, "artifact_a", BIG, 16384), BODY_KEPT, "it is kept");
	ok(has(f, "artifact_a", BIG), "byte for byte");
	is_int(come(f, "artifact_a", BIG, 999983), BODY_SAME, "again");
	is_int(come(f, "artifact_a", BIG - 1, 5000), BODY_OTHER, "another");
	bytes[BIG - 1] ^= 1;
	is_int(come(f, "artifact_a", BIG, 5000), BODY_OTHER, "in the last bit");
	bytes[BIG - 1] ^= 1;
	ok(has(f, "artifact_a", BIG), "it stays as it was");
	b = body_new(f, "artifact_b", NULL, NULL, NULL);
	must(b);
	is_int(body_put(b, bytes, BIG), 0, "one begins");
	body_drop(b);
	files_remove(f, "artifact_a");
	/* What comes after these two, of the same address, waits for them. */
	is_int(come(f, "artifact_c", 140, 140), BODY_KEPT, "a small one");
	ok(!has(f, "artifact_a", BIG), "the first has gone");
	is_int(files_in(dir), 1, "and nothing of the one that was dropped");
}

/* The disk: it takes nothing while it is shut. */
static pthread_mutex_t disk = PTHREAD_MUTEX_INITIALIZER;

__attribute__((visibility("default"))) ssize_t
write(int fd, const void *p, size_t n)
{
	pthread_mutex_lock(&disk);
	pthread_mutex_unlock(&disk);
	return syscall(SYS_write, fd, p, n);
}

static int n_room;

static void
on_room(void *arg)
{
	if (--n_room == 0)
		loop_stop(loop);
}

/* Bytes that a body takes before it says that enough wait; 0: it takes no more. */
static size_t
fill(struct body *b)
{
	size_t n = 0;
	int r;

	do
		r = body_put(b, bytes, 65536);
	while (++n < 10000 && r == 0);
	return r < 0 ? 0 : n * 65536;
}

/* One of an address of that number. */
static struct body *
body_of(int number, struct files *f)
{
	struct address a = { { 1, 2, 3, (uint8_t)number, (uint8_t)(number >> 8) } };
	struct body *b = body_new(f, "artifact_s", &a, on_room, NULL);

	must(b);
	return b;
}

static int n_ends;

static void
on_one_end(int outcome, const struct err *why, void *arg)
{
	if (--n_ends == 0)
		loop_stop(loop);
}

/* Ends them, and waits: nothing of them is left to be done, nor of what their addresses had
 * before. */
static void
end_all(struct files *f, struct body **b, size_t n)
{
	n_ends = (int)n;
	for (size_t i = 0; i < n; i++)
		body_end(b[i], on_one_end, NULL);
	if (loop_run(loop, &e) < 0)
		die_err(&e);
	files_remove(f, "artifact_s");
}

static int told_large, told_small, small_first;

static void
on_large(int outcome, const struct err *why, void *arg)
{
	if (++told_large == 2)
		small_first = told_small;
	if (told_large + told_small == 16)
		loop_stop(loop);
}

static void
on_small(int outcome, const struct err *why, void *arg)
{
	told_small++;
	if (told_large + told_small == 16)
		loop_stop(loop);
}

/* A slow disk, and one address that has eight large bodies before eight others come, each
 * with a small one. */
static void
in_turn(struct files *f)
{
	struct body *b;

	pthread_mutex_lock(&disk);
	for (int i = 0; i < 8; i++) {
		b = body_of(1, f);
		is_int(fill(b), 1 << 20, "large body %d", i);
		body_end(b, on_large, NULL);
	}
	for (int i = 0; i < 8; i++) {
		b = body_of(100 + i, f);
		is_int(body_put(b, bytes, 140), 0, "small body %d", i);
		body_end(b, on_small, NULL);
	}
	pthread_mutex_unlock(&disk);
	if (loop_run(loop, &e) < 0)
		die_err(&e);
	/* Some may share the large ones' line, by a seed. */
	ok(small_first >= 4, "%d of eight small ones are there before the second large one",
	    small_first);
	files_remove(f, "artifact_s");
}

/* What one address may have waiting. */
static void
share(struct files *f)
{
	struct body *b[18], *other;

	pthread_mutex_lock(&disk);
	for (int i = 0; i < 16; i++) {
		b[i] = body_of(7, f);
		is_int(fill(b[i]), 1 << 20, "a megabyte of one address's body %d", i);
	}
	b[16] = body_of(7, f);
	is_int(fill(b[16]), 65536, "the next is told at once,");
	other = body_of(8, f);
	for (int i = 9; i < 20 && fill(other) == 65536; i++) {
		body_drop(other);	/* of the same line, by the seed */
		other = body_of(i, f);
	}
	ok(body_put(other, bytes, 65536) == 1 && n_room == 0,
	    "another address's has its megabyte");
	n_room = 18;
	pthread_mutex_unlock(&disk);
	if (loop_run(loop, &e) < 0)
		die_err(&e);
	is_int(n_room, 0, "all may go on in the end");
	b[17] = other;
	end_all(f, b, 18);
}

/* A disk that does not take them: each body has a little that waits, all have some, and
 * their peers hear of it before anything is refused. */
static void
slow(struct files *f)
{
	struct body *b[300];
	size_t n = 0, first, sum = 0, more = 0;
	struct many m = { 0 };

	pthread_mutex_lock(&disk);
	for (; n < 300 && sum < 64 << 20; n++) {
		b[n] = body_of((int)n, f);
		first = fill(b[n]);
		sum += first;
		note(&m, first == 1 << 20, "%zu of body %zu", first, n);
	}
	all_held(&m, "a megabyte of each body may wait,");
	is_int(n, 64, "64 in all,");
	b[n] = body_of((int)n, f);
	is_int(fill(b[n++]), 65536, "then each is told at once");
	while (body_put(b[0], bytes, 65536) == 1)
		more += 65536;
	is_int(sum + more, 256 << 20, "what comes all the same is taken up to 256");
	body_drop(b[0]);
	n_room = (int)n - 1;
	pthread_mutex_unlock(&disk);
	if (loop_run(loop, &e) < 0)
		die_err(&e);
	is_int(n_room, 0, "when the disk has caught up all may go on");
	is_int(body_put(b[1], bytes, 65536), 0, "and do");
	b[0] = body_of(0, f);
	end_all(f, b, n);
	is_int(come(f, "artifact_c", 140, 140), BODY_SAME, "others go on");
}

static int
is_c(const char *name, void *arg)
{
	return strcmp(name, "artifact_c") == 0;
}

/* What a crash leaves. */
static void
tidied(struct files *f, const char *dir)
{
	char path[100];
	int fd;

	snprintf(path, sizeof path, "%s/part.7", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	close(fd);
	is_int(files_put(f, "artifact_d", bytes, 7, &e), 0, "one at once");
	is_int(files_in(dir), 3, "three files");
	is_int(files_tidy(f, is_c, NULL, &e), 0, "are looked through");
	ok(files_in(dir) == 1 && has(f, "artifact_c", 140),
	    "and what is wanted stays");
}

static const char inside[] =
    "UPDATE upload SET state = 2, size = 5, sealed = x'0102030405'";

/* A database that has the bytes inside. */
static void
moved(const char *dir)
{
	static const uint8_t owner[20], peer[16];
	struct proxy p = { .loop = loop };
	struct db_found found;
	char path[100], folder[120], id[ID_ARTIFACT], none[ID_ARTIFACT];

	for (int i = 0; i < 5; i++)
		bytes[i] = (uint8_t)(i + 1);
	id_artifact(id);
	snprintf(path, sizeof path, "%s/db", dir);
	snprintf(folder, sizeof folder, "%s/db.sealed", dir);
	p.store = db_open(path, &e);
	if (!p.store || db_upload_add(p.store, id, owner, peer, "t", 1, &e) < 0 ||
	    store_run(p.store, &e, inside, "") < 0)
		die_err(&e);
	is_int(upload_start(&p, folder, &e), 0, "an older database");
	ok(has(p.files, id, 5), "its bytes are in a file");
	is_int((int)p.sealed_bytes, 5, "and count");
	is_int(db_upload_inside(p.store, none, &found, &e), 0, "no more inside");
	is_int(upload_start(&p, folder, &e), 0, "started again");
	ok(has(p.files, id, 5), "it stays");
	upload_drop(&p, id);
	is_int(come(p.files, "artifact_z", 1, 1), BODY_KEPT, "after a while");
	ok(!has(p.files, id, 5) && p.sealed_bytes == 0, "dropped, file and all");
	store_close(p.store);
}

int
main(void)
{
	char dir[] = "/tmp/files.XXXXXX", folder[64], command[100];
	struct files *f;

	if (!mkdtemp(dir))
		return 1;
	snprintf(folder, sizeof folder, "%s/sealed", dir);
	for (size_t i = 0; i < BIG; i++)
		bytes[i] = (uint8_t)(i * 131 >> 3);
	loop = loop_new(&e);
	f = loop ? files_open(loop, folder, &e) : NULL;
	if (!f)
		die_err(&e);
	bodies(f, folder);
	in_turn(f);
	share(f);
	slow(f);
	tidied(f, folder);
	moved(dir);
	snprintf(command, sizeof command, "rm -r %s", dir);
	return system(command) ? 1 : done_testing();
}
