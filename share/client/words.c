#include "client/words.h"

void
words_set(struct record *rec, const char *key, const char *name, int number)
{
	if (name)
		record_set_str(rec, key, name);
	else
		record_set_json(rec, key, json_integer(number));
}

const char *
words_of(const struct record *rec, const char *key,
    char room[static WORDS_NUMBER])
{
	json_t *v = json_object_get(rec->o, key);

	if (json_is_string(v))
		return json_string_value(v);
	if (!json_is_integer(v))
		return "not known";
	snprintf(room, WORDS_NUMBER, "%lld", (long long)json_integer_value(v));
	return room;
}
