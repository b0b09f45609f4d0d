/* The database wrapper, names and tokens. */
#include "store/id.h"

#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "test/lib/tap.h"

static const char *const first[] = {
	"CREATE TABLE t (k TEXT PRIMARY KEY, v INTEGER, b BLOB)", NULL
};
static const char *const second[] = {
	"CREATE TABLE t (k TEXT PRIMARY KEY, v INTEGER, b BLOB)",
	"ALTER TABLE t ADD COLUMN more TEXT", NULL
};

static const char insert[] = "INSERT INTO t (k, v, b) VALUES (?, ?, ?)";

static void
rows(const char *path)
{
	struct store *s;
	struct stat st;
	struct err e;
	struct store_query *q;
	uint8_t out[3];
	size_t n;

	ok((s = store_open(path, first, &e)), "a database is made");
	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
	    "for its owner alone");
	is_int(store_run(s, &e, insert, "tib", "a", UINT64_MAX, "xyz",
	    (size_t)3), 1, "a row goes in");
	is_int(store_run(s, &e, insert, "ti0", "b", (uint64_t)7), 1,
	    "a null too");
	ok(store_run(s, &e, insert, "ti0", "a", (uint64_t)7) < 0,
	    "a second of the same key does not: %s", e.msg);
	is_int(e.status, EX_IOERR, "which is an error");
	q = store_query(s, "SELECT v, b FROM t WHERE k = ?", "t", "a");
	is_int(store_next(q, &e), 1, "it is found");
	ok(store_u64(q, 0) == UINT64_MAX, "with all its bits");
	store_bytes(q, 1, out, 3);
	ok(memcmp(out, "xyz", 3) == 0, "and bytes");
	is_int(store_next(q, &e), 0, "once");
	q = store_query(s, "SELECT v, b FROM t WHERE k = ?", "t", "b");
	is_int(store_next(q, &e), 1, "the other");
	ok(store_null(q, 1) && store_blob(q, 1, &n) == NULL && n == 0,
	    "has a null");
	store_done(q);
	ok(store_begin(s, &e) == 0, "a transaction");
	is_int(store_run(s, &e, insert, "ti0", "c", (uint64_t)1), 1, "adds");
	store_rollback(s);
	q = store_query(s, "SELECT count(*) FROM t", "");
	is_int(store_next(q, &e), 1, "count");
	is_int(store_u64(q, 0), 2, "and takes back");
	store_done(q);
	store_close(s);
}

static void
versions(const char *path)
{
	struct store *s;
	struct err e;
	struct store_query *q;

	ok((s = store_open(path, second, &e)), "a newer program opens it");
	q = store_query(s, "SELECT more FROM t WHERE k = ?", "t", "a");
	is_int(store_next(q, &e), 1, "and finds what was there");
	is_str(store_text(q, 0), "", "and the new column");
	store_done(q);
	ok(!store_open(path, second, &e), "nobody else may: %s",
	    e.msg);
	is_int(e.status, EX_TEMPFAIL, "for now");
	store_close(s);
	ok(!store_open(path, first, &e), "an older one may not: %s",
	    e.msg);
	is_int(e.status, EX_CONFIG, "at all");
	ok(!store_open("test/unit/store/store.c", first, &e),
	    "a text is no database: %s", e.msg);
	is_int(e.status, EX_CONFIG, "either");
}

static void
names(void)
{
	char a[ID_ARTIFACT], b[ID_ARTIFACT], t[ID_TOKEN], u[ID_TOKEN];

	id_artifact(a);
	id_artifact(b);
	ok(id_is_artifact(a) && id_is_artifact(b) && strcmp(a, b) != 0,
	    "names of artifacts: %s", a);
	ok(memcmp(a, b, 9 + 8) == 0, "begin with the time");
	ok(id_is_artifact("artifact_01h455vb4pex5vsknk084sn02q"),
	    "a published TypeID");
	ok(!id_is_artifact("artifact_01h455vb4pex5vsknk084sn02l"), "no l");
	ok(!id_is_artifact("artifact_01h455vb4pex5vsknk084sn02"), "no less");
	ok(!id_is_artifact("artifact/01h455vb4pex5vsknk084sn02q"), "no path");
	id_token(t);
	id_token(u);
	is_int(strlen(t), 64, "a token");
	ok(id_token_equal(t, t) && !id_token_equal(t, u) &&
	    !id_token_equal(t, "") && !id_token_equal("", ""),
	    "is equal to itself alone");
}

int
main(void)
{
	char dir[] = "/tmp/store.XXXXXX", path[64];

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof path, "%s/db", dir);
	rows(path);
	versions(path);
	names();
	unlink(path);
	rmdir(dir);
	return done_testing();
}
