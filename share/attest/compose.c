#include "attest/compose.h"

#include <yaml.h>

#define KEYS_MAX 1000	/* of a mapping */

int
compose_parse(struct compose *c, struct bytes text, struct err *e)
{
	json_t *o, *v;
	size_t i;

	memset(c, 0, sizeof *c);
	if (text.n > COMPOSE_MAX)
		return err_set(e, EX_DATAERR, "app-compose: more than %zu bytes",
		    COMPOSE_MAX);
	c->root = strict_load(text, "app-compose", e);
	if (c->root == NULL)
		return -1;
	o = json_object_get(c->root, "app_compose");
	if (json_is_string(o)) {
		/* The string stays, since the new root holds it. */
		text = (struct bytes){ (const uint8_t *)json_string_value(o),
		    json_string_length(o) };
		v = strict_load(text, "app-compose", e);
		if (v == NULL)
			return -1;
		c->root = json_pack("{s:o,s:o}", "outer", c->root, "inner", v);
		must(c->root != NULL);
		o = v;
	} else {
		o = c->root;
	}
	c->text = text;
	if (!json_is_object(o))
		return err_set(e, EX_DATAERR, "app-compose: no JSON object");
	v = json_object_get(o, "public_logs");
	c->public_logs = !json_is_false(v);
	c->services = json_string_value(json_object_get(o,
	    "docker_compose_file"));
	c->variables = json_object_get(o, "allowed_envs");
	if (c->variables != NULL && !json_is_array(c->variables))
		return err_set(e, EX_DATAERR, "app-compose: allowed_envs is not an "
		    "array");
	json_array_foreach(c->variables, i, v)
		if (!json_is_string(v))
			return err_set(e, EX_DATAERR, "app-compose: allowed_envs "
			    "is not an array of names");
	return 0;
}

void
compose_free(struct compose *c)
{
	json_decref(c->root);
	c->root = NULL;
}

static const char *
scalar(const yaml_node_t *n)
{
	return n != NULL && n->type == YAML_SCALAR_NODE ?
	    (const char *)n->data.scalar.value : NULL;
}

/* A key's value; NULL: not there. */
static yaml_node_t *
value_of(yaml_document_t *d, const yaml_node_t *map, const char *key)
{
	yaml_node_pair_t *p;
	const char *s;

	for (p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
	    p++) {
		s = scalar(yaml_document_get_node(d, p->key));
		if (s != NULL && strcmp(s, key) == 0)
			return yaml_document_get_node(d, p->value);
	}
	return NULL;
}

/* Refuses what would make another mapping of it than value_of() sees. */
static int
check_mapping(yaml_document_t *d, const yaml_node_t *map, const char *what,
    struct err *e)
{
	yaml_node_pair_t *p, *q, *top;
	const char *a, *b;

	if (map == NULL || map->type != YAML_MAPPING_NODE)
		return err_set(e, EX_NO, "%s is not a mapping", what);
	top = map->data.mapping.pairs.top;
	if (top - map->data.mapping.pairs.start > KEYS_MAX)
		return err_set(e, EX_NO, "%s has more than %d keys", what,
		    KEYS_MAX);
	for (p = map->data.mapping.pairs.start; p < top; p++) {
		a = scalar(yaml_document_get_node(d, p->key));
		if (a == NULL || strcmp(a, "<<") == 0)
			return err_set(e, EX_NO, "%s has a key that is no plain "
			    "name", what);
		for (q = map->data.mapping.pairs.start; q < p; q++) {
			b = scalar(yaml_document_get_node(d, q->key));
			if (strcmp(a, b) == 0)
				return err_set(e, EX_NO, "%s has %.40s twice",
				    what, a);
		}
	}
	return 0;
}

static bool
is_pinned(const char *image)
{
	const char *at = strstr(image, "@sha256:");

	if (image[0] == '@' || at == NULL || strchr(image, '$') != NULL)
		return false;
	at += 8;
	return strlen(at) == 64 && plain_hex_length(at, 64) == 32;
}

typedef int on_service(yaml_document_t *d, const yaml_node_t *service,
    const char *name, void *arg, struct err *e);

static int
check_image(yaml_document_t *d, const yaml_node_t *service, const char *name,
    void *arg, struct err *e)
{
	static const char *const outside[] = { "build", "extends", "env_file" };
	const char *image = scalar(value_of(d, service, "image"));

	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		if (value_of(d, service, outside[i]) != NULL)
			return err_set(e, EX_NO, "service %.40s has %s: it takes "
			    "what is not measured", name, outside[i]);
	if (image == NULL)
		return err_set(e, EX_NO, "service %.40s has no image", name);
	if (!is_pinned(image))
		return err_set(e, EX_NO, "service %.40s: image %.80s is not pinned "
		    "by its digest", name, image);
	return 0;
}

/* What a volume mounts: "SOURCE:TARGET...", or a mapping with a source. */
static const char *
source_of(yaml_document_t *d, const yaml_node_t *v)
{
	if (v != NULL && v->type == YAML_MAPPING_NODE)
		return scalar(value_of(d, v, "source"));
	return scalar(v);
}

/* Whether a mounted path is the socket, or a folder that has it. */
static bool
reaches(const char *source, const char *socket)
{
	static const char *const folders[] = { "/", "/var", "/var/run", "/run" };
	size_t n = strcspn(source, ":");

	if (strstr(source, socket) != NULL)
		return true;
	while (n > 1 && source[n - 1] == '/')
		n--;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (strlen(folders[i]) == n && memcmp(folders[i], source, n) == 0)
			return true;
	return false;
}

static int
check_privileges(yaml_document_t *d, const yaml_node_t *service,
    const char *name, void *arg, struct err *e)
{
	const char *s = scalar(value_of(d, service, "privileged"));
	yaml_node_t *volumes = value_of(d, service, "volumes");
	char *who = arg;
	yaml_node_item_t *i;
	size_t n = strlen(who);

	if (s != NULL && strcmp(s, "false") != 0)
		return err_set(e, EX_NO, "service %.40s is privileged", name);
	if (volumes == NULL)
		return 0;
	if (volumes->type != YAML_SEQUENCE_NODE)
		return err_set(e, EX_NO, "service %.40s: volumes is no list", name);
	for (i = volumes->data.sequence.items.start;
	    i < volumes->data.sequence.items.top; i++) {
		s = source_of(d, yaml_document_get_node(d, *i));
		if (s == NULL)
			continue;
		if (reaches(s, "docker.sock"))
			return err_set(e, EX_NO, "service %.40s can reach docker's "
			    "socket by %.60s", name, s);
		if (strstr(s, "dstack.sock") != NULL ||
		    strstr(s, "tappd.sock") != NULL)
			snprintf(who + n, 128 - n, "%s%.40s", n > 0 ? " " : "",
			    name);
	}
	return 0;
}

static int
each_service(yaml_document_t *d, on_service *on, void *arg, struct err *e)
{
	yaml_node_t *top = yaml_document_get_root_node(d), *services, *s;
	yaml_node_pair_t *p;
	const char *name;

	if (check_mapping(d, top, "docker_compose_file", e))
		return -1;
	if (value_of(d, top, "include") != NULL)
		return err_set(e, EX_NO, "docker_compose_file includes another");
	services = value_of(d, top, "services");
	if (check_mapping(d, services, "services", e))
		return -1;
	for (p = services->data.mapping.pairs.start;
	    p < services->data.mapping.pairs.top; p++) {
		name = scalar(yaml_document_get_node(d, p->key));
		s = yaml_document_get_node(d, p->value);
		if (check_mapping(d, s, name, e) || on(d, s, name, arg, e))
			return -1;
	}
	return 0;
}

static int
walk(const struct compose *c, on_service *on, void *arg, struct err *e)
{
	yaml_parser_t parser;
	yaml_document_t d, more;
	int r;

	if (c->services == NULL)
		return err_set(e, EX_NO, "app-compose has no docker_compose_file");
	if (!yaml_parser_initialize(&parser))
		return err_set(e, EX_OSERR, "out of memory");
	yaml_parser_set_input_string(&parser, (const uint8_t *)c->services,
	    strlen(c->services));
	if (!yaml_parser_load(&parser, &d)) {
		r = err_set(e, EX_NO, "docker_compose_file: %s (line %zu)",
		    parser.problem ? parser.problem : "no YAML",
		    parser.problem_mark.line + 1);
		yaml_parser_delete(&parser);
		return r;
	}
	r = each_service(&d, on, arg, e);
	if (r == 0 && yaml_parser_load(&parser, &more)) {
		if (yaml_document_get_root_node(&more) != NULL)
			r = err_set(e, EX_NO, "docker_compose_file: a second "
			    "document");
		yaml_document_delete(&more);
	} else if (r == 0) {
		r = err_set(e, EX_NO, "docker_compose_file: something follows");
	}
	yaml_document_delete(&d);
	yaml_parser_delete(&parser);
	return r;
}

int
compose_images(const struct compose *c, struct err *e)
{
	return walk(c, check_image, NULL, e);
}

int
compose_privileges(const struct compose *c, char who[static 128], struct err *e)
{
	who[0] = '\0';
	return walk(c, check_privileges, who, e);
}
