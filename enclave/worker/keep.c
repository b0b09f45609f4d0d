/*
 * Proofs of finished shards, so that a job whose worker was killed or stopped goes on
 * where it was: each has a folder DEADLINE-REQUEST_ID under --work, where the
 * prover keeps them (proofs/kept.h).
 *
 * They open the trace at places, and a job may fail when some are there, or ask for a
 * proof that hides them: so the host must not see them, and the folder must be in
 * the enclave's memory.
 */
#include "worker/worker.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* A page of a tmpfs may be swapped out; one of a ramfs may not. */
static bool
swap_is_on(void)
{
	FILE *f = fopen("/proc/swaps", "re");
	char line[256];
	int n = 0;

	if (!f)
		return true;
	while (fgets(line, sizeof line, f))
		n++;
	fclose(f);
	return n > 1;		/* the first line is a heading */
}

int
keep_open(const char *path, bool swapped, struct err *e)
{
	struct statfs s;

	if (strlen(path) > KEEP_PATH - 100)
		return err_set(e, EX_CONFIG, "the name %s is too long", path);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_set(e, EX_CANTCREAT, "cannot make %s:", path);
	if (statfs(path, &s) < 0)
		return err_set(e, EX_CANTCREAT, "cannot look at %s:", path);
	if (s.f_type != RAMFS_MAGIC && s.f_type != TMPFS_MAGIC)
		return err_set(e, EX_CONFIG, "%s is not in memory: a tmpfs or "
		    "ramfs must hold it", path);
	if (s.f_type == TMPFS_MAGIC && !swapped && swap_is_on())
		return err_set(e, EX_CONFIG, "%s is a tmpfs, and swap is on: "
		    "what it holds may get to a disk", path);
	if (access(path, W_OK | X_OK) < 0)
		return err_set(e, EX_CANTCREAT, "cannot write to %s:", path);
	return 0;
}

void
keep_folder(const struct worker *w, const struct job *j,
    char out[static KEEP_PATH])
{
	snprintf(out, KEEP_PATH, "%s/%llu-%s", w->keep,
	    (unsigned long long)j->deadline, j->id);
}

/* One that another process holds is another worker's. */
static void
remove_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *f;

	if (!d || flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (d)
			closedir(d);
		else if (fd >= 0)
			close(fd);
		return;
	}
	while ((f = readdir(d)))
		if (strcmp(f->d_name, ".") && strcmp(f->d_name, ".."))
			(void)unlinkat(fd, f->d_name, 0);
	if (rmdir(path) < 0)
		log_text(LEVEL_WARN, "not_removed", strerror(errno), "folder=%s",
		    path);
	closedir(d);
}

void
keep_remove(const struct worker *w, const struct job *j)
{
	char path[KEEP_PATH];

	keep_folder(w, j, path);
	remove_folder(path);
}

/* DEADLINE-REQUEST_ID, and the deadline has passed? */
static bool
is_over(const char *name)
{
	char *end;
	unsigned long long deadline;

	if (!isdigit((unsigned char)*name))
		return false;
	deadline = strtoull(name, &end, 10);
	return *end == '-' && strlen(end + 1) == 64 && deadline < clock_unix();
}

void
keep_sweep(const struct worker *w)
{
	DIR *d = opendir(w->keep);
	struct dirent *f;

	if (!d)
		return;
	while ((f = readdir(d)))
		if (is_over(f->d_name)) {
			char path[KEEP_PATH + 256];

			snprintf(path, sizeof path, "%s/%s", w->keep,
			    f->d_name);
			remove_folder(path);
		}
	closedir(d);
}
