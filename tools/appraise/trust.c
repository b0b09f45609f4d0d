#include "appraise/trust.h"

#include "attest/rim.h"

/* The root in a file, else the one built in. */
static int
take_root(struct chain *root, const char *path, struct bytes text,
    struct bytes built_in, const char *whose, struct err *e)
{
	if (path == NULL)
		return chain_one(root, built_in, e);
	if (chain_one(root, text, e))
		return err_prefix(e, "%s", path);
	complain("trusting the root in %s instead of %s", path, whose);
	return 0;
}

int
trust_intel(struct trust *t, const struct options *o, const struct inputs *in,
    struct err *e)
{
	return take_root(&t->root, o->root, in->root, intel_root(), "Intel's", e);
}

static int
read_policy(struct policy *p, const char *path, struct bytes text, struct err *e)
{
	policy_default(p);
	return path != NULL && policy_parse(p, text, e) ?
	    err_prefix(e, "%s", path) : 0;
}

int
trust_rest(struct trust *t, const struct options *o, const struct inputs *in,
    struct err *e)
{
	return take_root(&t->gpu_root, o->gpu_root, in->gpu_root, nvidia_root(),
	    "NVIDIA's", e) ||
	    take_root(&t->rim_root, o->rim_root, in->rim_root, nvidia_rim_root(),
	    "NVIDIA's", e) ||
	    read_policy(&t->policy, o->policy, in->policy, e) ? -1 : 0;
}

void
trust_free(struct trust *t)
{
	policy_free(&t->policy);
	chain_free(&t->root);
	chain_free(&t->gpu_root);
	chain_free(&t->rim_root);
}
