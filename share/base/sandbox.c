#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define N(a) (int)(sizeof(a) / sizeof((a)[0]))
#define ALL(ctx, list) allow_all(ctx, list, N(list))
#define SYS(name) SCMP_SYS(name)
/* Arguments of type int: the upper half of the register means nothing. */
#define INT_IS(arg, value) \
	SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, UINT32_MAX, (uint32_t)(value))
#define BITS_ARE(arg, mask, value) \
	SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, (scmp_datum_t)(mask), \
	    (scmp_datum_t)(value))

/* libseccomp gives -errno; the first failure is kept. */
struct filter {
	scmp_filter_ctx ctx;
	int bad;
};

static void
note(struct filter *f, int r)
{
	if (r < 0 && f->bad == 0)
		f->bad = r;
}

static void
allow_all(struct filter *f, const int *calls, int n)
{
	int i;

	for (i = 0; i < n; i++)
		note(f, seccomp_rule_add(f->ctx, SCMP_ACT_ALLOW, calls[i], 0));
}

#define ALLOW_IF(f, call, ...) do { \
	const struct scmp_arg_cmp cmp[] = { __VA_ARGS__ }; \
	note(f, seccomp_rule_add_array((f)->ctx, SCMP_ACT_ALLOW, SYS(call), \
	    N(cmp), cmp)); \
} while (0)

static void
promise_stdio(struct filter *f)
{
	static const int calls[] = {
		SYS(read), SYS(readv), SYS(pread64), SYS(preadv),
		SYS(write), SYS(writev), SYS(pwrite64), SYS(pwritev),
		SYS(close), SYS(close_range), SYS(fstat), SYS(lseek), SYS(dup),
		SYS(dup2), SYS(dup3), SYS(pipe), SYS(pipe2), SYS(fadvise64),
		SYS(splice), SYS(tee), SYS(eventfd2), SYS(timerfd_create),
		SYS(timerfd_settime), SYS(timerfd_gettime), SYS(signalfd4),
		SYS(poll), SYS(ppoll), SYS(select), SYS(pselect6),
		SYS(epoll_create1), SYS(epoll_ctl), SYS(epoll_wait),
		SYS(epoll_pwait), SYS(epoll_pwait2),
		SYS(munmap), SYS(mremap), SYS(madvise), SYS(brk),
		SYS(mlock), SYS(mlock2), SYS(munlock), SYS(mincore),
		SYS(futex), SYS(set_robust_list), SYS(get_robust_list),
		SYS(rseq), SYS(membarrier), SYS(sched_yield),
		SYS(sched_getaffinity), SYS(set_tid_address), SYS(getcpu),
		SYS(exit), SYS(exit_group), SYS(restart_syscall),
		SYS(rt_sigaction), SYS(rt_sigprocmask), SYS(rt_sigreturn),
		SYS(rt_sigtimedwait), SYS(rt_sigsuspend), SYS(rt_sigpending),
		SYS(sigaltstack), SYS(pause), SYS(alarm), SYS(setitimer),
		SYS(getitimer),
		SYS(clock_gettime), SYS(clock_getres), SYS(clock_nanosleep),
		SYS(nanosleep), SYS(gettimeofday), SYS(time), SYS(times),
		SYS(getrandom), SYS(getpid), SYS(gettid), SYS(getppid),
		SYS(getuid), SYS(geteuid), SYS(getgid), SYS(getegid),
		SYS(getrusage), SYS(getrlimit), SYS(sysinfo), SYS(uname),
		SYS(getpgrp), SYS(umask),
		/* Only ever takes rights away. */
		SYS(seccomp),
	};
	const uint32_t self = (uint32_t)getpid();

	ALL(f, calls);
	/* fstat() of glibc: newfstatat(fd, "", ..., AT_EMPTY_PATH), also
	 * reached with a path; that tells no content. */
	ALLOW_IF(f, newfstatat, BITS_ARE(3, AT_EMPTY_PATH, AT_EMPTY_PATH));
	/* No new executable memory. */
	ALLOW_IF(f, mmap, BITS_ARE(2, PROT_EXEC, 0));
	ALLOW_IF(f, mprotect, BITS_ARE(2, PROT_EXEC, 0));
	ALLOW_IF(f, fcntl, INT_IS(1, F_GETFD));
	ALLOW_IF(f, fcntl, INT_IS(1, F_SETFD));
	ALLOW_IF(f, fcntl, INT_IS(1, F_GETFL));
	ALLOW_IF(f, fcntl, INT_IS(1, F_SETFL));
	ALLOW_IF(f, fcntl, INT_IS(1, F_DUPFD));
	ALLOW_IF(f, fcntl, INT_IS(1, F_DUPFD_CLOEXEC));
	ALLOW_IF(f, fcntl, INT_IS(1, F_GETPIPE_SZ));
	ALLOW_IF(f, fcntl, INT_IS(1, F_SETPIPE_SZ));
	/* isatty(), the terminal's width, what can be read, nonblocking */
	ALLOW_IF(f, ioctl, INT_IS(1, 0x5401 /* TCGETS */));
	ALLOW_IF(f, ioctl, INT_IS(1, 0x5413 /* TIOCGWINSZ */));
	ALLOW_IF(f, ioctl, INT_IS(1, 0x541b /* FIONREAD */));
	ALLOW_IF(f, ioctl, INT_IS(1, 0x5421 /* FIONBIO */));
	/* abort(), raise(); another's limits are not ours to read. */
	ALLOW_IF(f, tgkill, INT_IS(0, self));
	ALLOW_IF(f, kill, INT_IS(0, self));
	ALLOW_IF(f, prlimit64, INT_IS(0, 0), SCMP_CMP(2, SCMP_CMP_EQ, 0));
	ALLOW_IF(f, prctl, INT_IS(0, PR_SET_NO_NEW_PRIVS));
	ALLOW_IF(f, prctl, INT_IS(0, PR_GET_NO_NEW_PRIVS));
	ALLOW_IF(f, prctl, INT_IS(0, PR_SET_SECCOMP));
	ALLOW_IF(f, prctl, INT_IS(0, PR_GET_SECCOMP));
	ALLOW_IF(f, prctl, INT_IS(0, PR_SET_NAME));
	ALLOW_IF(f, prctl, INT_IS(0, PR_SET_PDEATHSIG));
	ALLOW_IF(f, prctl, INT_IS(0, PR_SET_DUMPABLE), SCMP_CMP(1,
	    SCMP_CMP_EQ, 0));
}

/* clone3 hides its flags behind a pointer; told that it is not there, glibc
 * takes clone. */
static void
no_clone3(struct filter *f)
{
	note(f, seccomp_rule_add(f->ctx, SCMP_ACT_ERRNO(ENOSYS), SYS(clone3),
	    0));
}

static void
promise_thread(struct filter *f)
{
	ALLOW_IF(f, clone, BITS_ARE(0, CLONE_THREAD, CLONE_THREAD));
	no_clone3(f);
}

static void
promise_rpath(struct filter *f)
{
	static const int calls[] = {
		SYS(stat), SYS(lstat), SYS(newfstatat), SYS(statx),
		SYS(access), SYS(faccessat), SYS(faccessat2), SYS(readlink),
		SYS(readlinkat), SYS(getdents64), SYS(getcwd), SYS(statfs),
		SYS(fstatfs), SYS(chdir), SYS(fchdir),
	};
	const int write = O_ACCMODE | O_CREAT | O_TRUNC;

	ALL(f, calls);
	ALLOW_IF(f, open, BITS_ARE(1, write, O_RDONLY));
	ALLOW_IF(f, openat, BITS_ARE(2, write, O_RDONLY));
}

static void
promise_wpath(struct filter *f)
{
	static const int calls[] = {
		SYS(fsync), SYS(fdatasync), SYS(ftruncate), SYS(fallocate),
		SYS(flock), SYS(sync_file_range),
	};
	const int make = O_CREAT | (O_TMPFILE & ~O_DIRECTORY);

	ALL(f, calls);
	ALLOW_IF(f, open, BITS_ARE(1, make, 0));
	ALLOW_IF(f, openat, BITS_ARE(2, make, 0));
	ALLOW_IF(f, fcntl, INT_IS(1, F_GETLK));
	ALLOW_IF(f, fcntl, INT_IS(1, F_SETLK));
	ALLOW_IF(f, fcntl, INT_IS(1, F_SETLKW));
	ALLOW_IF(f, fcntl, INT_IS(1, F_OFD_SETLK));
}

static void
promise_cpath(struct filter *f)
{
	static const int calls[] = {
		SYS(open), SYS(openat), SYS(creat), SYS(rename),
		SYS(renameat), SYS(renameat2), SYS(link), SYS(linkat),
		SYS(unlink), SYS(unlinkat), SYS(mkdir), SYS(mkdirat),
		SYS(rmdir), SYS(symlink), SYS(symlinkat), SYS(fchmod),
		SYS(fchmodat), SYS(chmod), SYS(utimensat),
	};

	ALL(f, calls);
}

static void
promise_proc(struct filter *f)
{
	static const int calls[] = {
		SYS(fork), SYS(vfork), SYS(clone), SYS(wait4), SYS(waitid),
		SYS(kill), SYS(tgkill), SYS(setpgid), SYS(getpgid),
		SYS(setsid), SYS(setrlimit), SYS(prlimit64),
		SYS(pidfd_open), SYS(pidfd_send_signal),
	};

	ALL(f, calls);
	no_clone3(f);
}

static void
promise_exec(struct filter *f)
{
	/* What a dynamic linker does before main; and files of memory, to hand to
	 * what is run. */
	static const int calls[] = {
		SYS(execve), SYS(execveat), SYS(arch_prctl), SYS(mmap),
		SYS(mprotect), SYS(prctl), SYS(memfd_create),
	};

	ALL(f, calls);
	ALLOW_IF(f, fcntl, INT_IS(1, F_ADD_SEALS));
}

static void
promise_sockets(struct filter *f, const int *families, int n)
{
	static const int calls[] = {
		SYS(connect), SYS(bind), SYS(listen), SYS(accept),
		SYS(accept4), SYS(getsockname), SYS(getpeername),
		SYS(setsockopt), SYS(getsockopt), SYS(sendto), SYS(recvfrom),
		SYS(sendmsg), SYS(recvmsg), SYS(sendmmsg), SYS(recvmmsg),
		SYS(shutdown), SYS(sendfile),
	};
	int i;

	ALL(f, calls);
	for (i = 0; i < n; i++)
		ALLOW_IF(f, socket, INT_IS(0, families[i]));
}

static void
promise_inet(struct filter *f)
{
	/* The resolver asks netlink for this machine's addresses. */
	static const int families[] = { AF_INET, AF_INET6, AF_NETLINK };

	promise_sockets(f, families, N(families));
}

static void
promise_unix(struct filter *f)
{
	static const int families[] = { AF_UNIX };

	promise_sockets(f, families, N(families));
	ALLOW_IF(f, socketpair, INT_IS(0, AF_UNIX));
}

static const struct {
	const char *name;
	void (*add)(struct filter *f);
} promises[] = {
	{ "stdio", promise_stdio }, { "thread", promise_thread },
	{ "rpath", promise_rpath }, { "wpath", promise_wpath },
	{ "cpath", promise_cpath }, { "proc", promise_proc },
	{ "exec", promise_exec }, { "inet", promise_inet },
	{ "unix", promise_unix },
};

bool
sandbox_real(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return false;
#else
	return true;
#endif
}

/* The table's index of the word; -1: none. */
static int
lookup(const char *word, size_t n)
{
	int i;

	for (i = 0; i < N(promises); i++)
		if (strlen(promises[i].name) == n &&
		    memcmp(promises[i].name, word, n) == 0)
			return i;
	return -1;
}

/* An emulator of user programs has none: asked for one without a program, a kernel that
 * has them looks for that program, others say EINVAL or ENOSYS. */
static bool
have_filters(void)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) < 0 &&
	    errno == EFAULT;
}

int
sandbox(const char *list, struct err *e)
{
	struct filter f = { 0 };
	size_t n;
	int i, r;

	/* glibc opens /proc/sys/vm/overcommit_memory when a thread's heap may
	 * shrink; so none does. */
	mallopt(M_TRIM_THRESHOLD, -1);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(e, EX_OSERR, "cannot give up privileges:");
	if (!have_filters())
		return err_set(e, EX_OSERR, "cannot make a sandbox: the kernel, "
		    "or what emulates it, has no seccomp filters:");
	f.ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (f.ctx == NULL)
		return err_set(e, EX_OSERR, "cannot make a sandbox");
	for (; *list != '\0'; list += n + (list[n] == ' ')) {
		n = strcspn(list, " ");
		if (n == 0)
			continue;
		i = lookup(list, n);
		must(i >= 0);
		promises[i].add(&f);
	}
	note(&f, seccomp_attr_set(f.ctx, SCMP_FLTATR_CTL_TSYNC, 1));
	if (f.bad == 0 && sandbox_real())
		note(&f, seccomp_load(f.ctx));
	seccomp_release(f.ctx);
	r = f.bad;
	if (r < 0) {
		errno = -r;
		return err_set(e, EX_OSERR, "cannot make a sandbox:");
	}
	return 0;
}
